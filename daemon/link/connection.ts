import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Bye } from "../../shared/contract/link.js";
import { LIMITS } from "../../shared/protocol.js";
import type { Clock } from "./clock.js";
import { asciiJson, encodeBatch, signalOf } from "./frames.js";

/** The close code that goes with each reason. */
const CODES: { readonly [reason in Bye]: number } = {
  leaving: 1000,
  malformed: 1002,
  "wrong-protocol": 1002,
  "session-lost": 1008,
  "taken-over": 1008,
  revoked: 1008,
  "shutting-down": 1001,
};
/** How long the other side may take to close too. */
const CLOSE_MS = 500;

/** One WebSocket under a link. */
export interface Connection {
  /** Bytes of whole WebSocket frames. */
  write(bytes: Uint8Array): void;
  /** A header without a number: welcome, ack, beat. */
  tell(json: string): void;
  /** Whether little enough waits for the reader. */
  hasRoom(): boolean;
  /** Says why, and closes. */
  bye(reason: Bye, detail?: string): void;
  /** Cuts it off without a word. */
  drop(): void;
  /** Beats, and drops it where the other side is silent or does not read. */
  tick(): void;
}

export interface ConnectionEvents {
  onMessage(message: Buffer): void;
  /** There is room again. */
  onRoom(): void;
  /** What came was no message. The socket is being closed. */
  onBroken(error: Error): void;
  onGone(): void;
}

/** @param socket that carries the WebSocket; its frames to Studio are written on it here, and not by `ws`. */
export function connectionOver(
  webSocket: WebSocket,
  socket: Duplex,
  clock: Clock,
  events: ConnectionEvents,
): Connection {
  let heardMs = clock.now();
  let beatMs = clock.now();
  let fullSinceMs: number | undefined;
  let isCorked = false;
  let timer: NodeJS.Timeout | undefined;

  const isOpen = () => webSocket.readyState === webSocket.OPEN;

  /** What is written in one turn of the loop goes to the system at once. */
  function write(bytes: Uint8Array): void {
    if (!isOpen()) return;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      queueMicrotask(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    socket.write(bytes);
  }

  function tell(json: string): void {
    write(encodeBatch([signalOf(json, "\n")]).bytes);
  }

  webSocket.on("message", (message: Buffer, isBinary) => {
    heardMs = clock.now();
    if (isBinary) events.onBroken(new Error("a message from Studio is text"));
    else events.onMessage(message);
  });
  webSocket.on("error", events.onBroken);
  webSocket.on("close", () => {
    clearTimeout(timer);
    events.onGone();
  });
  socket.on("drain", () => {
    fullSinceMs = undefined;
    events.onRoom();
  });

  return {
    write,
    tell,
    hasRoom: () => isOpen() && socket.writableLength < LIMITS.linkPauseBytes,
    bye(reason, detail) {
      tell(`{"t":"bye","reason":"${reason}"${detail === undefined ? "" : `,"detail":${asciiJson(detail)}`}}`);
      webSocket.close(CODES[reason]);
      timer ??= setTimeout(() => webSocket.terminate(), CLOSE_MS);
    },
    drop() {
      webSocket.terminate();
    },
    tick() {
      const now = clock.now();
      if (socket.writableLength < LIMITS.linkPauseBytes) fullSinceMs = undefined;
      else fullSinceMs ??= now;
      const isStalled = fullSinceMs !== undefined && now - fullSinceMs > LIMITS.linkStallSeconds * 1000;
      if (isStalled || now - heardMs > LIMITS.linkSilenceSeconds * 1000) {
        webSocket.terminate();
      } else if (now - beatMs >= LIMITS.linkBeatSeconds * 1000) {
        beatMs = now;
        tell('{"t":"beat"}');
      }
    },
  };
}
