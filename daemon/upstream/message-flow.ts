import { Readable } from "node:stream";
import type { WebSocket } from "ws";
import type { Failure } from "../fail.js";
import type { OpenStream, StreamSocket } from "../stream.js";
import { BROKEN_OFF, NO_CODE, outletOf } from "./outlet.js";

/**
 * An open WebSocket as a stream: while nobody reads, nothing more is taken from it.
 * @param brokenOff what its body fails with where it ends without a close.
 * @param partingSeconds how long its close waits behind what was sent, while nothing of it goes out.
 */
export function messageFlow(
  ws: WebSocket,
  brokenOff: Failure,
  partingSeconds: number,
): Pick<OpenStream, "body"> & { socket: StreamSocket } {
  const body = new Readable({
    objectMode: true,
    highWaterMark: 1,
    read: () => ws.resume(),
    destroy(error, done) {
      ws.terminate();
      done(error);
    },
  });
  ws.on("message", (data: Buffer, isBinary: boolean) => {
    if (!body.push(isBinary ? data : data.toString())) ws.pause();
  });
  const closed = new Promise<{ code?: number; reason?: string }>((resolve) => {
    ws.once("close", (code: number, reason: Buffer) => {
      if (code === BROKEN_OFF) body.destroy(brokenOff);
      else body.push(null);
      const text = reason.toString();
      resolve({
        ...(code !== NO_CODE && code !== BROKEN_OFF && { code }),
        ...(text !== "" && { reason: text }),
      });
    });
  });
  return { body, socket: { ...outletOf(ws, partingSeconds), closed } };
}
