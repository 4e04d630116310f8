// A thread of bench/link.ts: the daemon's servers with a link, streams of small events, and streams that say nothing.
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort } from "node:worker_threads";
import type { Opener } from "../daemon/http/bind.ts";
import "./sources.ts";

/** An upstream that is as fast as it is read. Messages of a socket, or lines of a body. */
function events(objectMode: boolean): Opener {
  return async (input) => {
    const { count, bytes } = input as { count: number; bytes: number };
    const event = objectMode ? "e".repeat(bytes) : Buffer.from(`${"e".repeat(bytes - 1)}\n`);
    let left = count;
    const body = new Readable({
      objectMode,
      read() {
        left -= 1;
        this.push(left < 0 ? null : event);
      },
    });
    return { status: 200, headers: [], body };
  };
}

const idle: Opener = async () => ({ status: 200, headers: [], body: new Readable({ read: () => undefined }) });

const { startLinkHost } = await import("../test/support/link-host.ts");
const host = await startLinkHost({
  openers: new Map([
    ["messages", events(true)],
    ["lines", events(false)],
    ["idle", idle],
  ]),
});
const tokens = Array.from({ length: 9 }, () => host.addToken(["all"]).text);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

parentPort?.on("message", (asked: "memory" | "end") => {
  if (asked === "end") {
    void host.close().then(() => parentPort?.close());
    return;
  }
  collect();
  const { heapUsed, external } = process.memoryUsage();
  parentPort?.postMessage(heapUsed + external);
});
parentPort?.postMessage({ port: host.port, tokens });
