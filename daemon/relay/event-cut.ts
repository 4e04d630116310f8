import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Turns an upstream's bytes into whole events, wherever the bytes are cut. */
export interface EventSource {
  /** The events that are whole now, as bytes; none where nothing is. Fails with `too-large` where one has no end. */
  take(chunk: Buffer): Buffer;
  /** What is left when the upstream has ended. */
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

/**
 * Cuts an event stream behind its blank lines and nowhere else, byte for byte as it came, so that something of our own
 * can stand between two events. Lines end in CR, LF or CRLF. A byte order mark at the start is dropped, because what is
 * sent before it would take its place. An event without its blank line at the end is dropped, as every reader does.
 */
export function cutEvents(): EventSource {
  let held = NOTHING;
  let heldBytes = 0;
  let isStart = true;
  let isLineStart = true;
  let isAfterCr = false;
  /** Whether that CR ended an event, so that its LF still belongs to it. */
  let isCutByCr = false;

  function hold(bytes: Buffer): void {
    const needed = heldBytes + bytes.length;
    if (needed > LIMITS.eventBytes)
      fail("too-large", `The upstream sent an event longer than ${LIMITS.eventBytes} bytes.`);
    if (needed > held.length) {
      const grown = Buffer.allocUnsafe(Math.min(LIMITS.eventBytes, Math.max(needed, held.length * 2, 1024)));
      held.copy(grown, 0, 0, heldBytes);
      held = grown;
    }
    bytes.copy(held, heldBytes);
    heldBytes = needed;
  }

  /** Where the last whole event of a chunk ends. */
  function lastCut(chunk: Buffer): number {
    let cut = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      const isSecondHalf = isAfterCr && byte === LF;
      isAfterCr = byte === CR;
      if (isSecondHalf) {
        if (isCutByCr) cut = at + 1;
        continue;
      }
      if (byte === LF || byte === CR) {
        if (isLineStart) cut = at + 1;
        isCutByCr = isLineStart && byte === CR;
        isLineStart = true;
      } else isLineStart = false;
    }
    return cut;
  }

  /** The bytes behind a byte order mark, or none while it may still become one. */
  function withoutMark(chunk: Buffer): Buffer {
    const bytes = heldBytes === 0 ? chunk : Buffer.concat([held.subarray(0, heldBytes), chunk]);
    heldBytes = 0;
    if (bytes.length < BOM.length && BOM.subarray(0, bytes.length).equals(bytes)) {
      hold(bytes);
      return NOTHING;
    }
    isStart = false;
    return bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
  }

  return {
    take(chunk) {
      const bytes = isStart ? withoutMark(chunk) : chunk;
      const cut = lastCut(bytes);
      const whole = bytes.subarray(0, cut);
      const out = cut > 0 && heldBytes > 0 ? Buffer.concat([held.subarray(0, heldBytes), whole]) : whole;
      if (cut > 0) heldBytes = 0;
      if (cut < bytes.length) hold(bytes.subarray(cut));
      return out;
    },
    end: () => NOTHING,
  };
}
