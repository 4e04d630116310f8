import type { Stats } from "node:fs";
import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import type { Hashes } from "./hash-cache.js";
import type { Pace } from "./pace.js";
import { type Means, passing } from "./passing.js";
import { isPortable, parsePath } from "./path.js";
import { hashOfFile } from "./read.js";
import type { Visit } from "./sandbox.js";
import { sweep } from "./sweep.js";
import { type Found, tour } from "./tour.js";

export type Entry = Output<"files/stat">["entry"];

/** What stands at a path, as the wire says it. */
export function entryOf(path: string, stats: Stats): Entry {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "other";
  const modifiedMs = Math.max(0, Math.floor(stats.mtimeMs));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const entry = { path, kind, bytes: kind === "file" ? stats.size : 0, modifiedMs } as const;
  return isPortable(name) ? entry : { ...entry, warning: "name" };
}

/** The entry with what its path leads to, where that is told. */
export function withAim(entry: Entry, to: string | undefined): Entry {
  return to === undefined ? entry : { ...entry, to };
}

/** The names of `after` below the folder that is listed. */
function restOf(after: string | undefined, from: readonly string[], depth: number): readonly string[] {
  if (after === undefined) return [];
  const names = parsePath(after);
  const rest = names.slice(from.length);
  if (from.some((name, index) => name !== names[index]) || rest.length === 0 || rest.length > depth) {
    fail("invalid-input", "after: is not a path that this listing answers", { at: "after" });
  }
  return rest;
}

/** Lists a folder. With write access, unfinished writes of a daemon that died are cleared away on the way. */
export async function list(
  visit: Visit,
  input: Input<"files/list">,
  means: Means,
  pace: Pace,
): Promise<Output<"files/list">> {
  const from = parsePath(input.path);
  const { depth = 1, limit = LIMITS.listEntries } = input;
  const after = restOf(input.after, from, depth);
  const entries: Entry[] = [];
  let skipped = 0;
  /** What was skipped before the last entry; what comes after it is the next page's to count. */
  let counted = 0;
  const hides = passing(visit, from, means, input.ignore);
  const route = { from, depth, after, hides, ...(visit.root.access === "write" && { onDenied: sweep }) };
  for (const found of tour(visit, route)) {
    const last = entries.at(-1);
    const stats = found?.stats();
    if (found === undefined) skipped += 1;
    else if (stats === undefined) continue;
    else if (last !== undefined && entries.length === limit) return { entries, after: last.path, ...told(counted) };
    else {
      const entry = entryOf(found.path, stats);
      counted = skipped;
      if (entry.kind === "link") entries.push(withAim(entry, visit.leadsTo(found.names)));
      else
        entries.push(
          input.hashes === true && entry.kind === "file"
            ? await hashed(entry, found, stats, means.hashes, pace)
            : entry,
        );
    }
    if (pace.isDue()) await pace.rest();
  }
  return { entries, ...told(skipped) };
}

function told(skipped: number): { skipped?: number } {
  return skipped === 0 ? {} : { skipped };
}

/** The entry with its hash; without one where the file cannot be read, which whoever reads it is told. */
export async function hashed(entry: Entry, found: Found, stats: Stats, hashes: Hashes, pace: Pace): Promise<Entry> {
  try {
    return { ...entry, hash: await hashOfFile(found.spot(), stats, hashes, pace) };
  } catch (error) {
    if (error instanceof Failure) return entry;
    throw error;
  }
}
