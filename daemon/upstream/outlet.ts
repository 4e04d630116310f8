import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import type { StreamSocket } from "../stream.js";

/** Closed without a code, and broken off without a close. They are never sent. */
export const NO_CODE = 1005;
export const BROKEN_OFF = 1006;

const ROOM = Promise.resolve();

function isSendable(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, NO_CODE, BROKEN_OFF].includes(code)) || (code >= 3000 && code <= 4999)
  );
}

/**
 * The sending half of an open WebSocket, at its reader's pace: no more waits than LIMITS.socketBufferBytes, in no more
 * than LIMITS.socketMessages.
 * @param partingSeconds how long a close waits behind what was sent, while nothing of it goes out.
 */
export function outletOf(ws: WebSocket, partingSeconds: number): Pick<StreamSocket, "send" | "close"> {
  let waiting = 0;
  let room: PromiseWithResolvers<void> | undefined;
  let onSent: (() => void) | undefined;

  function giveRoom(): void {
    room?.resolve();
    room = undefined;
  }

  function isFull(): boolean {
    return waiting >= LIMITS.socketMessages || ws.bufferedAmount >= LIMITS.socketBufferBytes;
  }

  function sent(): void {
    waiting -= 1;
    if (!isFull()) giveRoom();
    if (waiting === 0) onSent?.();
  }

  function closeBehind(close: () => void): void {
    let last = waiting;
    const watch = setInterval(() => {
      if (waiting === last) ws.terminate();
      last = waiting;
    }, partingSeconds * 1000);
    ws.once("close", () => clearInterval(watch));
    onSent = () => {
      clearInterval(watch);
      close();
    };
  }

  ws.once("close", giveRoom);
  return {
    send(message) {
      if (ws.readyState !== ws.OPEN) return ROOM;
      waiting += 1;
      ws.send(message, sent);
      if (!isFull()) return ROOM;
      room ??= Promise.withResolvers<void>();
      return room.promise;
    },
    close(code, reason) {
      const close = () => (code === undefined || !isSendable(code) ? ws.close() : ws.close(code, reason));
      if (waiting === 0) close();
      else closeBehind(close);
    },
  };
}

/** Acts once a WebSocket has taken nothing for LIMITS.socketStallSeconds though something waits; one that is merely quiet stays. */
export function onStall(ws: WebSocket, socket: Socket, act: () => void): void {
  socket.setTimeout(LIMITS.socketStallSeconds * 1000, () => {
    if (ws.bufferedAmount > 0) act();
  });
}
