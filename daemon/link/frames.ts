import { isUtf8 } from "node:buffer";
import { type Headers, STUDIO_HEADERS, type StudioHeader } from "../../shared/contract/link.js";
import { decodeFrame, type Frame, type FrameRuntime, type Misframed } from "../../shared/frame.js";
import { LIMITS } from "../../shared/protocol.js";
import { runtime } from "../http/runtime.js";

const NEWLINE = 0x0a;
/** How Node answers what shared/frame.ts asks. */
export const frameRuntime: FrameRuntime<Buffer> = {
  ...runtime,
  divide(message) {
    const end = message.subarray(0, LIMITS.linkHeadBytes + 1).indexOf(NEWLINE);
    if (end < 0) return undefined;
    const head = message.subarray(0, end);
    // Not looked at by the socket: a payload that is no text has to be refused by itself.
    return isUtf8(head) ? { head: head.toString(), payload: message.subarray(end + 1) } : undefined;
  },
  parse(json) {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  },
};

const HEADERS: Headers<StudioHeader> = STUDIO_HEADERS;

/** A message from Studio. */
export function studioFrame(message: Buffer): Frame<StudioHeader, Buffer> | Misframed {
  return decodeFrame(frameRuntime, HEADERS, message);
}

/** JSON in ASCII, so that its characters are its bytes. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A message for Studio whose header line ends with the last piece of `head`; strings of it are ASCII. */
export interface Outgoing {
  readonly head: readonly (string | Uint8Array)[];
  readonly payload: Uint8Array;
}

const NOTHING = Buffer.alloc(0);

/** One without payload. */
export function signalOf(...head: readonly (string | Uint8Array)[]): Outgoing {
  return { head, payload: NOTHING };
}

/** Length of a WebSocket frame's own header, unmasked: what the daemon sends is. */
function prefixLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

const FINAL_BINARY = 0x82;

function writePrefix(into: Buffer, at: number, length: number): number {
  into[at] = FINAL_BINARY;
  if (length < 126) {
    into[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    into[at + 1] = 126;
    into.writeUInt16BE(length, at + 2);
    return at + 4;
  }
  into[at + 1] = 127;
  into.writeUInt32BE(0, at + 2);
  into.writeUInt32BE(length, at + 6);
  return at + 10;
}

function lengthOf({ head, payload }: Outgoing): number {
  let length = payload.length;
  for (const piece of head) length += piece.length;
  return length;
}

/** How many bytes a message takes on the socket. */
export function socketBytes(message: Outgoing): number {
  const length = lengthOf(message);
  return prefixLength(length) + length;
}

function write(into: Buffer, at: number, piece: string | Uint8Array): number {
  if (typeof piece === "string") return at + into.write(piece, at, "latin1");
  into.set(piece, at);
  return at + piece.length;
}

/**
 * Messages as the bytes of WebSocket frames, one after another in one Buffer, and where each begins and ends in it.
 * By hand and not by `ws`: a busy stream is many small messages, and what is kept for a resume is the same bytes. So a
 * batch is one allocation and one write, and a replay none.
 */
export function encodeBatch(messages: readonly Outgoing[]): { readonly bytes: Buffer; readonly each: Buffer[] } {
  let total = 0;
  for (const message of messages) total += socketBytes(message);
  const bytes = Buffer.allocUnsafe(total);
  const each: Buffer[] = [];
  let at = 0;
  for (const message of messages) {
    const start = at;
    at = writePrefix(bytes, at, lengthOf(message));
    for (const piece of message.head) at = write(bytes, at, piece);
    at = write(bytes, at, message.payload);
    each.push(bytes.subarray(start, at));
  }
  return { bytes, each };
}
