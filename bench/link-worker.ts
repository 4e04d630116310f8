// A thread of bench/link.ts: the daemon's servers with a link, and streams of small events.
import { Readable } from "node:stream";
import { parentPort } from "node:worker_threads";
import type { Opener } from "../daemon/link/session.ts";
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

const { startLinkHost } = await import("../test/support/link-host.ts");
const host = await startLinkHost({
  openers: new Map([
    ["messages", events(true)],
    ["lines", events(false)],
  ]),
});
parentPort?.postMessage({ port: host.port, token: host.token });
parentPort?.once("message", () => void host.close());
