import { readdir, readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Item } from "../rbxmx.ts";
import { createScreen } from "../screen/screen.ts";
import type { Switches } from "../switches.ts";
import { encoded } from "./encodings.ts";
import { framesEvery } from "./frames.ts";
import { startHttp } from "./http.ts";
import { encode, joiner, type Message } from "./messages.ts";
import { startPage } from "./page.ts";
import { pumpQueue } from "./pump-queue.ts";
import { installTree } from "./scripts.ts";
import { startStreams } from "./streams.ts";
import { textSizeOf } from "./text-size.ts";
import { startVm } from "./vm.ts";
import type { WasmModule } from "./wasm.ts";

export interface WorkerData {
  switches: Switches;
  settings: object;
  theme: string;
  placeName: string;
  placeId: number;
  wasm: WasmModule;
  /** Milliseconds since the epoch at which the VM began its present resumption; 0 while it rests. */
  busy: SharedArrayBuffer;
}

const FRAME_MILLISECONDS = 1_000 / 60;
const FRAME = encode({ head: { kind: "frame" } });
const LUAU = new URL("../luau/", import.meta.url);

const { switches, settings, theme, placeName, placeId, wasm, busy } = workerData as WorkerData;
const main = parentPort;
if (main === null) throw new Error("the Studio stand-in's worker runs in a worker thread");

const join = joiner();
const since = new BigInt64Array(busy);
const vm = await startVm(
  wasm,
  await readFile(new URL("boot.luau", LUAU), "utf8"),
  (slice, last) => {
    const message = join(slice, last);
    return message === undefined ? undefined : fromLuau(message);
  },
  { seconds: switches.scriptTimeoutSeconds, busy: since },
  switches.timeScale,
);
const queue = pumpQueue(vm, since, (reason) => main.postMessage({ head: { kind: "ended", reason } }));
const toLuau = (message: Message): void => void queue.pump(encode(message));
const http = startHttp(switches, toLuau);
const streams = startStreams(switches, http, (message) => queue.pump(encode(message)));
const screen = createScreen((text) => main.postMessage({ head: { kind: "output", level: "warn", text } }));
const page = startPage(
  screen,
  (message) => queue.pump(encode(message)),
  (message) => main.postMessage({ head: { kind: "page", ...message } }),
);

for (const file of await readdir(LUAU)) {
  const name = file.replace(/\.luau$/, "");
  const complaint = await vm.install(
    `stand-in/${name}`,
    await readFile(new URL(file, LUAU), "utf8"),
    `stand-in/${name}`,
  );
  if (complaint !== undefined) throw new Error(complaint);
}

/** Answers at once what Luau waits for; everything else is done later. */
function fromLuau({ head, body = new Uint8Array() }: Message): Uint8Array | undefined {
  switch (head.kind) {
    case "http":
      return http.request(head, body);
    case "stream":
      return streams.hear(head, body);
    case "screen":
      return screen.feed(body);
    case "text-size":
      return textSizeOf(head, body);
    case "focus":
      page.focus(head);
      return undefined;
    case "news":
      page.news(head["news"] as object);
      return undefined;
    case "encode":
      return encoded(String(head["work"]), body);
    case "compile":
      void queue.between(async () => {
        const name = String(head["chunk"]);
        const complaint = await installTree.source(vm, name, Buffer.from(body).toString(), String(head["name"]));
        toLuau({ head: { kind: "compiled", chunk: name, complaint } });
      });
      return undefined;
    default:
      main?.postMessage({ head, body });
      return undefined;
  }
}

let serial = 0;

async function command(message: {
  kind: string;
  source?: string;
  items?: Item[];
  name?: string;
  [field: string]: unknown;
}) {
  const { source, ...head } = message;
  if (message.items !== undefined) await installTree.items(vm, message.items, String(message.name));
  if (source !== undefined) {
    const chunk = `command ${++serial}`;
    const complaint = await installTree.command(vm, chunk, source);
    if (complaint !== undefined) {
      main?.postMessage({ head: { kind: "answer", id: message["id"], ok: false, error: complaint } });
      return;
    }
    head["chunk"] = chunk;
  }
  toLuau({ head });
}

toLuau({
  head: {
    kind: "start",
    switches,
    settings,
    theme,
    placeName,
    placeId,
    now: performance.timeOrigin + performance.now(),
  },
});
const stopFrames = framesEvery(FRAME_MILLISECONDS, async () => {
  streams.deliver();
  await queue.pump(FRAME);
  page.frame();
});
main.on("message", (message: { kind: string; [field: string]: unknown }) => {
  if (message.kind === "httpStats")
    main.postMessage({ head: { ...http.stats(), ...streams.stats(), kind: "httpStats", id: message["id"] } });
  else if (message.kind === "page") page.hear(message as unknown as Parameters<typeof page.hear>[0]);
  else if (message.kind === "close") {
    stopFrames();
    streams.close();
    http.close();
    main.close();
  } else void queue.between(() => command(message));
});
main.postMessage({ head: { kind: "ready" } });
