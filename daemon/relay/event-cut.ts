import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Turns an upstream's bytes into whole events, wherever the bytes are cut. */
export interface EventTransform {
  /** The events that are whole now, as bytes, in pieces that follow one another. Fails with `too-large` where one has no end. */
  take(chunk: Buffer): readonly Buffer[];
  /** What is left when the upstream has ended. */
  end(): readonly Buffer[];
}

const NOTHING = Buffer.alloc(0);

/**
 * Cuts an event stream behind its blank lines and nowhere else, byte for byte as it came, so that something of our own
 * can stand between two events. Lines end in CR, LF or CRLF. A byte order mark at the start is dropped, because what is
 * sent before it would take its place. An event without its blank line at the end is dropped, as every reader does.
 */
export function cutEvents(): EventTransform {
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

  /** What is held, and is not any more. */
  function release(): Buffer[] {
    if (heldBytes === 0) return [];
    const released = held.subarray(0, heldBytes);
    held = NOTHING;
    heldBytes = 0;
    return [released];
  }

  /** Whether a line begins at `at`. */
  function isStartOfLine(chunk: Buffer, at: number): boolean {
    return at === 0 ? isLineStart : chunk[at - 1] === LF || chunk[at - 1] === CR;
  }

  /** Whether the LF or CR at `at` ends a blank line. */
  function endsBlank(chunk: Buffer, at: number): boolean {
    if (chunk[at] === CR) return isStartOfLine(chunk, at);
    // The second half of CRLF: its first half has decided.
    if (at === 0 && isAfterCr) return isCutByCr;
    return isStartOfLine(chunk, at > 0 && chunk[at - 1] === CR ? at - 1 : at);
  }

  /** Where the last whole event of a chunk ends: looked for from its end, where it mostly is. */
  function lastCut(chunk: Buffer): number {
    let cut = chunk.length;
    while (cut > 0) {
      const byte = chunk[cut - 1];
      if ((byte === LF || byte === CR) && endsBlank(chunk, cut - 1)) break;
      cut -= 1;
    }
    const last = chunk.at(-1);
    if (last === undefined) return 0;
    isAfterCr = last === CR;
    isCutByCr = isAfterCr && cut === chunk.length;
    isLineStart = isAfterCr || last === LF;
    return cut;
  }

  /** The bytes behind a byte order mark, or none while it may still become one. */
  function withoutMark(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([...release(), chunk]);
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
      // Two pieces are cheaper than a copy of both.
      const pieces = cut === 0 ? [] : [...release(), bytes.subarray(0, cut)];
      if (cut < bytes.length) hold(bytes.subarray(cut));
      return pieces;
    },
    end: () => [],
  };
}
