import type { Stats } from "node:fs";

/** Hashes of files that were read before, so that a file is not read again as long as nothing has touched it. */
export interface Hashes {
  /** The hash of the file that the system describes so; undefined where it is not known, or in doubt. */
  get(stats: Stats): string | undefined;
  /** @param stats as of the opening. @param openedMs just before it, as Date.now(). */
  put(stats: Stats, hash: string, openedMs: number): void;
}

export interface HashCache extends Hashes {
  /** What it holds, for `createHashCache` to begin with; undefined where nothing was added since the last time. */
  save(): Buffer | undefined;
}

/** The oldest entry makes room. 19 MB when full. */
const ENTRIES = 262_144;
/** Each a double; behind them stands the hash. The first two are the key. */
const FIELDS = ["dev", "ino", "size", "mtimeMs", "ctimeMs"] as const;
const HASH_AT = FIELDS.length * 8;
const ENTRY_BYTES = HASH_AT + 32;
const FIRST_ENTRIES = 1024;
/** Of a full cache. */
export const MOST_BYTES = ENTRIES * ENTRY_BYTES;

/**
 * A file changed this shortly before it was opened is in doubt: another change in the same tick of the file system's
 * clock would leave all its times as they were. The coarsest clock in use ticks every two seconds.
 */
const DOUBT_MS = 2000;

/**
 * The danger: a change that leaves size and mtime as they were, on purpose or by accident. The rule: a hash holds for
 * one inode with one size, mtime and ctime; no program sets ctime, and each change sets it. Not protected: a program
 * that writes through a memory map, of which the system notes the first write only, and a clock that was set back.
 * Entries are bytes in one buffer: a tenth of the memory of objects, and the file of it is read without parsing.
 * @param saved entries of an earlier cache.
 */
export function createHashCache(saved: Buffer = Buffer.alloc(0)): HashCache {
  let bytes = saved;
  let count = Math.min(ENTRIES, Math.floor(saved.length / ENTRY_BYTES));
  /** The next entry to be written over once the cache is full. */
  let oldest = 0;
  let isSaved = true;
  /** Where the entry of a file is. Built when first asked, since the daemon must start fast. */
  let places: Map<number, number> | undefined;

  function index(): Map<number, number> {
    if (places !== undefined) return places;
    places = new Map();
    for (let entry = 0; entry < count; entry += 1) places.set(keyAt(bytes, entry * ENTRY_BYTES), entry);
    return places;
  }

  function room(): number {
    if (count < ENTRIES) {
      count += 1;
      if (count * ENTRY_BYTES > bytes.length) {
        const larger = Buffer.alloc(Math.min(ENTRIES, Math.max(FIRST_ENTRIES, count * 2)) * ENTRY_BYTES);
        bytes.copy(larger);
        bytes = larger;
      }
      return count - 1;
    }
    const entry = oldest;
    oldest = (oldest + 1) % ENTRIES;
    index().delete(keyAt(bytes, entry * ENTRY_BYTES));
    return entry;
  }

  function get(stats: Stats): string | undefined {
    const entry = index().get(keyOf(stats.dev, stats.ino));
    if (entry === undefined) return undefined;
    const at = entry * ENTRY_BYTES;
    return isOf(bytes, at, stats) ? bytes.toString("hex", at + HASH_AT, at + ENTRY_BYTES) : undefined;
  }

  return {
    get,
    put(stats, hash, openedMs) {
      const isRecent = Math.max(stats.mtimeMs, stats.ctimeMs) > openedMs - DOUBT_MS;
      // Windows has inode numbers that a double does not hold: two files might share one.
      if (isRecent || !Number.isSafeInteger(stats.ino) || !Number.isSafeInteger(stats.dev)) return;
      if (get(stats) === hash) return;
      const key = keyOf(stats.dev, stats.ino);
      const entry = index().get(key) ?? room();
      index().set(key, entry);
      const at = entry * ENTRY_BYTES;
      let end = at;
      for (const field of FIELDS) end = bytes.writeDoubleLE(stats[field], end);
      bytes.write(hash, at + HASH_AT, "hex");
      isSaved = false;
    },
    save() {
      if (isSaved) return undefined;
      isSaved = true;
      return Buffer.from(bytes.subarray(0, count * ENTRY_BYTES));
    },
  };
}

function isOf(bytes: Buffer, at: number, stats: Stats): boolean {
  let position = at;
  for (const field of FIELDS) {
    if (bytes.readDoubleLE(position) !== stats[field]) return false;
    position += 8;
  }
  return true;
}

/** Two files of two devices may share one: then one of them is read again. */
function keyOf(dev: number, ino: number): number {
  return dev * 4_294_967_291 + ino;
}

function keyAt(bytes: Buffer, at: number): number {
  return keyOf(bytes.readDoubleLE(at), bytes.readDoubleLE(at + 8));
}
