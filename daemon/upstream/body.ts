import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { Failure } from "../fail.js";
import { breakdownOf } from "./breakdown.js";
import type { Upstream } from "./upstream.js";

/** Bytes that wait for a slow reader, besides those in the system's hands. */
const BUFFERED_BYTES = 64 * 1024;

/**
 * The bytes of an upstream's answer at the reader's pace. Ends when the upstream has ended cleanly, fails with a Failure
 * where it broke off or was silent for too long. Time that the reader takes does not count.
 */
export function bodyOf(source: IncomingMessage, { name, idleMs }: Upstream): Readable {
  const silent = setTimeout(() => {
    if (source.isPaused()) silent.refresh();
    else body.destroy(new Failure({ code: "upstream-timeout", detail: `The upstream ${name} has gone silent.` }));
  }, idleMs);
  const body = new Readable({
    highWaterMark: BUFFERED_BYTES,
    read() {
      if (source.isPaused()) silent.refresh();
      source.resume();
    },
    destroy(error, done) {
      clearTimeout(silent);
      source.destroy();
      done(error);
    },
  });
  source.on("data", (chunk: Buffer) => {
    silent.refresh();
    if (!body.push(chunk)) source.pause();
  });
  source.on("end", () => {
    clearTimeout(silent);
    body.push(null);
  });
  source.on("error", (error) => body.destroy(breakdownOf(name, error)));
  source.on("close", () => {
    if (!source.complete) body.destroy(breakdownOf(name, undefined));
  });
  return body;
}
