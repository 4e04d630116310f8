import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { Failure } from "../fail.js";
import { breakdownOf } from "./breakdown.js";
import type { Framing } from "./framing.js";
import type { Upstream } from "./upstream.js";

/** Bytes that wait for a slow reader, besides those in the system's hands. */
const BUFFERED_BYTES = 64 * 1024;

/**
 * The content of an upstream's answer at the reader's pace. Ends when the upstream has ended cleanly, fails with a
 * Failure where it broke off or was silent for too long. Time that the reader takes does not count.
 * @param socket paused where the content begins, and the body's own from now on.
 */
export function bodyOf(socket: Socket, framing: Framing, { name, idleMs }: Upstream): Readable {
  const silent = setTimeout(() => {
    if (socket.isPaused()) silent.refresh();
    else body.destroy(new Failure({ code: "upstream-timeout", detail: `The upstream ${name} has gone silent.` }));
  }, idleMs);
  let hasRoom = true;
  let isOver = false;

  const body = new Readable({
    highWaterMark: BUFFERED_BYTES,
    read() {
      if (isOver || !socket.isPaused()) return;
      silent.refresh();
      socket.resume();
    },
    destroy(error, done) {
      clearTimeout(silent);
      socket.destroy();
      done(error);
    },
  });

  function put(content: Buffer): void {
    hasRoom = body.push(content);
  }

  function finish(): void {
    isOver = true;
    clearTimeout(silent);
    body.push(null);
    socket.destroy();
  }

  function take(chunk: Buffer): void {
    if (isOver || body.destroyed) return;
    silent.refresh();
    try {
      framing.take(chunk, put);
    } catch (error) {
      body.destroy(breakdownOf(name, error));
      return;
    }
    if (framing.isComplete()) finish();
    else if (!hasRoom) socket.pause();
  }

  socket.on("data", take);
  socket.on("end", () => {
    if (framing.isOpenEnded) finish();
  });
  socket.on("error", (error) => body.destroy(breakdownOf(name, error)));
  socket.on("close", () => {
    if (!isOver) body.destroy(breakdownOf(name, undefined));
  });
  if (framing.isComplete()) finish();
  return body;
}
