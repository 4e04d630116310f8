import { isUtf8 } from "node:buffer";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { failOnDisk } from "./errno.js";
import { createDigest, hashOf } from "./hash.js";
import { type Opened, openRegular, readAt } from "./leaf.js";
import type { Pace } from "./pace.js";
import type { Spot } from "./walk.js";

/** Read at once, between two looks at the clock. */
const PIECE_BYTES = 1024 * 1024;

/** Gives a buffer of so many bytes, with whatever was in it before. */
type Allocate = (bytes: number) => Buffer;

interface Whole {
  readonly bytes: Buffer;
  /** SHA-256 of exactly these bytes, in hex. */
  readonly hash: string;
}

function tooLarge(spot: Spot, limit: number): never {
  return fail("too-large", `The file has more than ${limit} bytes.`, { at: spot.path });
}

function readPiece(spot: Spot, opened: Opened, into: Uint8Array, from: number, position: number): number {
  try {
    return readAt(opened, into, from, Math.min(PIECE_BYTES, into.length - from), position);
  } catch (error) {
    return failOnDisk(error, spot.path);
  }
}

/** A file's bytes, at most `limit`. Files grow while they are read: what the system said of the size is a first guess. */
async function bytesOf(
  spot: Spot,
  opened: Opened,
  limit: number,
  pace: Pace,
  allocate: Allocate = Buffer.allocUnsafe,
): Promise<Buffer> {
  if (opened.stats.size > limit) tooLarge(spot, limit);
  // One byte more than is there, so that the end is seen without a second buffer.
  let buffer = allocate(opened.stats.size + 1);
  let used = 0;
  for (;;) {
    const count = readPiece(spot, opened, buffer, used, used);
    used += count;
    if (used > limit) tooLarge(spot, limit);
    // Nothing more, or all that the system spoke of, and not the byte after it that was asked for too.
    if (count === 0 || (used === opened.stats.size && used < buffer.length)) return buffer.subarray(0, used);
    if (used === buffer.length) {
      const more = Buffer.allocUnsafe(Math.min(used * 2, limit + 1));
      buffer.copy(more, 0, 0, used);
      buffer = more;
    }
    if (pace.isDue()) await pace.rest();
  }
}

/** A whole file of at most `limit` bytes, with the hash of what is handed back. */
export async function readWhole(spot: Spot, limit: number, pace: Pace, allocate?: Allocate): Promise<Whole> {
  const opened = openRegular(spot);
  try {
    const bytes = await bytesOf(spot, opened, limit, pace, allocate);
    return { bytes, hash: bytes.length > PIECE_BYTES ? await hashInPieces(bytes, pace) : hashOf(bytes) };
  } finally {
    opened.close();
  }
}

async function hashInPieces(bytes: Buffer, pace: Pace): Promise<string> {
  const digest = createDigest();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    digest.add(bytes.subarray(at, at + PIECE_BYTES));
    if (pace.isDue()) await pace.rest();
  }
  return digest.hex();
}

/** A whole file at once, undefined where it has more bytes than `limit`. */
export function readSmall(spot: Spot, limit: number): Buffer | undefined {
  const opened = openRegular(spot);
  try {
    const buffer = Buffer.allocUnsafe(limit + 1);
    let used = 0;
    for (let got = -1; got !== 0 && used < buffer.length; used += got)
      got = readPiece(spot, opened, buffer, used, used);
    return used > limit ? undefined : buffer.subarray(0, used);
  } finally {
    opened.close();
  }
}

/** Bytes of a file from an offset, as many as asked for or as there are. */
export async function readRange(spot: Spot, offset: number, count: number, pace: Pace): Promise<Buffer> {
  const opened = openRegular(spot);
  try {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(count, opened.stats.size - offset)));
    let used = 0;
    while (used < buffer.length) {
      const got = readPiece(spot, opened, buffer, used, offset + used);
      if (got === 0) break;
      used += got;
      if (pace.isDue()) await pace.rest();
    }
    return buffer.subarray(0, used);
  } finally {
    opened.close();
  }
}

/** The hash of a file of at most `fileBytes`, holding no more of it than one piece. */
export async function readHash(spot: Spot, pace: Pace): Promise<string> {
  const opened = openRegular(spot);
  try {
    if (opened.stats.size > LIMITS.fileBytes) tooLarge(spot, LIMITS.fileBytes);
    if (opened.stats.size < PIECE_BYTES) return hashOf(await bytesOf(spot, opened, LIMITS.fileBytes, pace));
    const digest = createDigest();
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = 0; ; ) {
      const count = readPiece(spot, opened, buffer, 0, position);
      if (count === 0) return digest.hex();
      position += count;
      if (position > LIMITS.fileBytes) tooLarge(spot, LIMITS.fileBytes);
      digest.add(buffer.subarray(0, count));
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    opened.close();
  }
}

/** A text file's bytes and hash. Only UTF-8 is text; a byte order mark and line ends stay as they are. */
export async function readText(spot: Spot, limit: number, pace: Pace, allocate: Allocate): Promise<Whole> {
  const whole = await readWhole(spot, limit, pace, allocate);
  if (!isUtf8(whole.bytes)) fail("not-text", "The file is not UTF-8 text.", { at: spot.path });
  return whole;
}
