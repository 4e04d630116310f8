import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { failOnDisk } from "./errno.js";
import { createDigest, hashOf } from "./hash.js";
import type { Hashes } from "./hash-cache.js";
import { type Opened, openRegular, readAt } from "./leaf.js";
import type { Pace } from "./pace.js";
import type { Spot } from "./walk.js";

/** Read at once, between two looks at the clock. */
const PIECE_BYTES = 1024 * 1024;

interface Whole {
  /** What the system said of the file when it was opened. */
  readonly stats: Stats;
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
async function bytesOf(spot: Spot, opened: Opened, limit: number, pace: Pace): Promise<Buffer> {
  if (opened.stats.size > limit) tooLarge(spot, limit);
  // One byte more than is there, so that the end is seen without a second buffer.
  let buffer = Buffer.allocUnsafe(opened.stats.size + 1);
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
export async function readWhole(spot: Spot, limit: number, pace: Pace, hashes?: Hashes): Promise<Whole> {
  const openedMs = Date.now();
  const opened = openRegular(spot);
  try {
    const bytes = await bytesOf(spot, opened, limit, pace);
    const known = hashes?.get(opened.stats);
    // The known hash is of the file as it was opened, and the bytes were read later.
    if (known !== undefined && opened.isUntouched()) return { stats: opened.stats, bytes, hash: known };
    const hash = bytes.length > PIECE_BYTES ? await hashInPieces(bytes, pace) : hashOf(bytes);
    hashes?.put(opened.stats, hash, openedMs);
    return { stats: opened.stats, bytes, hash };
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

/** A whole file at once, into memory that is given; undefined where that is not larger than the file. */
export function readSmall(spot: Spot, into: Buffer, hashes: Hashes): Whole | undefined {
  const openedMs = Date.now();
  const opened = openRegular(spot);
  try {
    const { stats } = opened;
    for (let used = 0; ; ) {
      const got = readPiece(spot, opened, into, used, used);
      used += got;
      if (used === into.length) return undefined;
      // Nothing more, or all that the system spoke of, and not the byte after it that was asked for too.
      if (got > 0 && used !== stats.size) continue;
      const bytes = into.subarray(0, used);
      // Also where the hash is known: to see that nobody changed the file meanwhile costs more.
      const hash = hashOf(bytes);
      hashes.put(stats, hash, openedMs);
      return { stats, bytes, hash };
    }
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
export async function readHash(spot: Spot, pace: Pace, hashes?: Hashes): Promise<string> {
  const openedMs = Date.now();
  const opened = openRegular(spot);
  try {
    const hash = await hashOfOpened(spot, opened, pace);
    hashes?.put(opened.stats, hash, openedMs);
    return hash;
  } finally {
    opened.close();
  }
}

async function hashOfOpened(spot: Spot, opened: Opened, pace: Pace): Promise<string> {
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
}

/** The hash of a file, which is read only where it is not known. @param stats of the file as it stands now. */
export async function hashOfFile(spot: Spot, stats: Stats, hashes: Hashes, pace: Pace): Promise<string> {
  return hashes.get(stats) ?? (await readHash(spot, pace, hashes));
}

/** A text file's bytes and hash. Only UTF-8 is text; a byte order mark and line ends stay as they are. @param scratch memory for small files, written over by the next. */
export async function readText(spot: Spot, limit: number, pace: Pace, hashes: Hashes, scratch: Buffer): Promise<Whole> {
  const whole = readSmall(spot, scratch, hashes) ?? (await readWhole(spot, limit, pace, hashes));
  if (!isUtf8(whole.bytes)) fail("not-text", "The file is not UTF-8 text.", { at: spot.path });
  return whole;
}
