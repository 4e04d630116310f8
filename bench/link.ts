import { once } from "node:events";
import { Worker } from "node:worker_threads";
import "./sources.ts";
import { printTable } from "./table.ts";

const { createLinkClient } = await import("../test/support/link-client.ts");

const EVENT_BYTES = 40;
const EVENTS = 300_000;
const LINKS = 64;
const STREAMS = 6;

interface Host {
  readonly port: number;
  readonly tokens: readonly string[];
}

interface Row {
  readonly op: "messages" | "lines";
  readonly streams: number;
}

/** Events a second, from `open` to the last `closed`. */
async function rate({ port, tokens }: Host, { op, streams }: Row): Promise<number> {
  const link = createLinkClient({ port, token: tokens[0] ?? "" });
  await link.connect();
  let bytes = 0;
  const onMessage = (message: Buffer) => {
    bytes += message.length;
  };
  const input = { count: EVENTS / streams, bytes: EVENT_BYTES };
  const startMs = performance.now();
  const opened = Array.from({ length: streams }, () => link.open(op, input, { onMessage }));
  for (const { over } of opened) await over;
  const seconds = (performance.now() - startMs) / 1000;
  link.close();
  if (bytes !== EVENTS * EVENT_BYTES) throw new Error(`${bytes} bytes of ${EVENTS * EVENT_BYTES} came`);
  return EVENTS / seconds;
}

/** Opens links with idle streams; resolves once all are open. */
async function hold({ port, tokens }: Host, links: number): Promise<() => void> {
  const held = Array.from({ length: links }, (_, index) =>
    createLinkClient({ port, token: tokens[index % tokens.length] ?? "" }),
  );
  for (const link of held) {
    await link.connect();
    for (let stream = 0; stream < STREAMS; stream += 1) await link.open("idle", {}).opened;
    link.ack();
  }
  return () => {
    for (const link of held) {
      link.raw('{"t":"bye","reason":"leaving"}\n');
      link.close();
    }
  };
}

/** Small events over the link into a Node client, each a message of its own or lines of one body; and what links cost that are idle. */
export async function benchLink(): Promise<void> {
  const worker = new Worker(new URL("./link-worker.ts", import.meta.url));
  const [host] = (await once(worker, "message")) as [Host];
  const memory = async () => {
    worker.postMessage("memory");
    return ((await once(worker, "message")) as [number])[0];
  };
  (await hold(host, 1))(); // What is made once is made.
  await memory();
  const before = await memory();
  const letOne = await hold(host, 1);
  const one = await memory();
  const letRest = await hold(host, LINKS - 1);
  const all = await memory();
  letOne();
  letRest();

  const rows: Row[] = [
    { op: "messages", streams: 1 },
    { op: "messages", streams: 6 },
    { op: "messages", streams: 50 },
    { op: "lines", streams: 1 },
    { op: "lines", streams: 6 },
  ];
  await rate(host, { op: "messages", streams: 6 }); // Both sides warm.
  const table = [["", "streams", "events/s", "target"]];
  for (const row of rows) {
    const perSecond = await rate(host, row);
    table.push([row.op, `${row.streams}`, Math.round(perSecond).toLocaleString("en"), "≥ 50,000"]);
  }
  worker.postMessage("end");
  printTable(`The link: events of ${EVENT_BYTES} bytes into a Node client`, table);
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  printTable(`The link: what idle links of ${STREAMS} streams hold in the daemon (heap and buffers)`, [
    ["links", "more than none", "a link"],
    ["1", kib(one - before), kib(one - before)],
    [`${LINKS}`, kib(all - before), kib((all - one) / (LINKS - 1))],
  ]);
}
