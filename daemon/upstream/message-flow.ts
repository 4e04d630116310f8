import { Readable } from "node:stream";
import type { WebSocket } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream, StreamSocket } from "../stream.js";
import { breakdownOf } from "./breakdown.js";

/** Closed without a code, and broken off without a close. They are never sent. */
const NO_CODE = 1005;
const BROKEN_OFF = 1006;

function isSendable(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, NO_CODE, BROKEN_OFF].includes(code)) || (code >= 3000 && code <= 4999)
  );
}

/** Sends, and resolves once less than LIMITS.socketBufferBytes waits. */
function send(ws: WebSocket, message: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    ws.send(message, (error) => {
      if (error) reject(new Failure({ code: "upstream-failed", detail: "The socket has closed." }));
      else resolve();
    });
    if (ws.bufferedAmount < LIMITS.socketBufferBytes) resolve();
  });
}

function closeWith(ws: WebSocket, code: number | undefined, reason: string | undefined): void {
  if (code === undefined || !isSendable(code)) ws.close();
  else ws.close(code, reason);
}

/** An upstream's open WebSocket as a stream: while nobody reads, nothing more is taken from it. */
export function messageFlow(ws: WebSocket, name: string): Pick<OpenStream, "body"> & { socket: StreamSocket } {
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
      if (code === BROKEN_OFF) body.destroy(breakdownOf(name, undefined));
      else body.push(null);
      const text = reason.toString();
      resolve({
        ...(code !== NO_CODE && code !== BROKEN_OFF && { code }),
        ...(text !== "" && { reason: text }),
      });
    });
  });
  return {
    body,
    socket: { send: (message) => send(ws, message), close: (code, reason) => closeWith(ws, code, reason), closed },
  };
}
