import { Worker } from "node:worker_threads";
import "./sources.ts";
import { printTable } from "./table.ts";

const EVENT_BYTES = 40;
const EVENTS = 300_000;

interface Row {
  readonly op: "messages" | "lines";
  readonly streams: number;
}

/** Events a second, from `open` to the last `closed`. */
const { createLinkClient } = await import("../test/support/link-client.ts");

/** @@ */
async function rate(port: number, token: string, { op, streams }: Row): Promise<number> {
  const link = createLinkClient({ port, token });
  await link.connect();
  let bytes = 0;
  const startMs = performance.now();
  const opened = Array.from({ length: streams }, () =>
    link.open(
      op,
      { count: EVENTS / streams, bytes: EVENT_BYTES },
      {
        onMessage(message) {
          bytes += message.length;
        },
      },
    ),
  );
  for (const { over } of opened) await over;
  const seconds = (performance.now() - startMs) / 1000;
  link.close();
  if (bytes !== EVENTS * EVENT_BYTES) throw new Error(`${bytes} bytes of ${EVENTS * EVENT_BYTES} came`);
  return EVENTS / seconds;
}

/** Small events over the link into a Node client: each a message of its own, or lines of one body. */
export async function benchLink(): Promise<void> {
  const worker = new Worker(new URL("./link-worker.ts", import.meta.url));
  const { port, token } = await new Promise<{ port: number; token: string }>((resolve) =>
    worker.once("message", resolve),
  );
  const rows: Row[] = [
    { op: "messages", streams: 1 },
    { op: "messages", streams: 6 },
    { op: "messages", streams: 50 },
    { op: "lines", streams: 1 },
    { op: "lines", streams: 6 },
  ];
  await rate(port, token, { op: "messages", streams: 6 }); // Both sides warm.
  const table = [["", "streams", "events/s", "target"]];
  for (const row of rows) {
    const perSecond = await rate(port, token, row);
    table.push([row.op, `${row.streams}`, Math.round(perSecond).toLocaleString("en"), "≥ 50,000"]);
  }
  worker.postMessage("end");
  printTable(`The link: events of ${EVENT_BYTES} bytes into a Node client`, table);
}
