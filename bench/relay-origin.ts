// A server that streams: paced events with the time of their sending, as many small events as are taken, or plain bytes.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const BLOCK = Buffer.alloc(64 * 1024, "x");
/** 40 bytes, the blank line included. */
const EVENT = Buffer.from(`data: ${"x".repeat(32)}\n\n`);
const EVENTS = Buffer.concat(Array.from({ length: Math.floor(BLOCK.length / EVENT.length) }, () => EVENT));

/** Writes one block after another until `bytes` are written, at the reader's pace. */
function pour(response: ServerResponse, block: Buffer, bytes: number): void {
  let left = bytes;
  const go = () => {
    while (left > 0) {
      const piece = block.subarray(0, Math.min(left, block.length));
      left -= piece.length;
      if (!response.write(piece)) {
        response.once("drain", go);
        return;
      }
    }
    response.end();
  };
  go();
}

/** Events at a steady rate; the data is the monotonic clock of this machine in nanoseconds. */
function pace(response: ServerResponse, perSecond: number, seconds: number): void {
  const end = performance.now() + seconds * 1000;
  const timer = setInterval(() => {
    response.write(`data: ${process.hrtime.bigint()}\n\n`);
    if (performance.now() < end) return;
    clearInterval(timer);
    response.end();
  }, 1000 / perSecond);
  response.once("close", () => clearInterval(timer));
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://origin");
  const number = (name: string) => Number(url.searchParams.get(name));
  const isEvents = url.pathname !== "/bytes";
  response.writeHead(200, { "content-type": isEvents ? "text/event-stream" : "application/octet-stream" });
  response.flushHeaders();
  if (url.pathname === "/paced") pace(response, number("rate"), number("seconds"));
  else if (url.pathname === "/events") pour(response, EVENTS, number("bytes"));
  else if (url.pathname === "/bytes") pour(response, BLOCK, number("bytes"));
  // Anything else stays open and silent.
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
