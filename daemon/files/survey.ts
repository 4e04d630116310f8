import type { Stats } from "node:fs";
import { Failure } from "../fail.js";
import type { Ignore } from "./ignore.js";
import { lookAt } from "./leaf.js";
import type { Pace } from "./pace.js";
import { readHash } from "./read.js";
import type { Visit } from "./sandbox.js";
import { tour } from "./tour.js";
import { identityOf, stampOf } from "./walk.js";

/** What a look at a path finds, for whoever compares it with an earlier look. The watch has words of its own for the same, since no feature imports another. */
export interface Sight {
  readonly kind: "file" | "folder";
  /** Of a file: changes with its content, as far as the system notes it. Of a folder: which one it is. */
  readonly stamp: string;
  /** Of a file that can be read. */
  readonly hash?: string;
}

function sightOf(stats: Stats): Sight | undefined {
  if (stats.isDirectory()) return { kind: "folder", stamp: folderStamp(stats) };
  if (!stats.isFile()) return undefined;
  return { kind: "file", stamp: stampOf(stats) };
}

/** What stands at a path, with the hash of a file; undefined for what is neither file nor folder, and what is ignored. */
export async function sight(visit: Visit, path: string, ignore: Ignore, pace: Pace): Promise<Sight | undefined> {
  const spot = visit.spot(path);
  const stats = lookAt(spot ?? { folder: visit.folder([]), name: "." });
  const seen = stats && sightOf(stats);
  if (seen !== undefined && ignore.hides(path, seen.kind)) return undefined;
  if (spot === undefined || seen?.kind !== "file") return seen;
  return { ...seen, ...(await hashed(() => readHash(spot, pace))) };
}

/** With the time of birth: a folder that was removed and made again may get its old number. */
function folderStamp(stats: Stats): string {
  return `${identityOf(stats)}:${stats.birthtimeMs}`;
}

/** Whether an error only says that there is nothing to be seen. */
export function isUnseen(error: unknown): boolean {
  return error instanceof Failure && UNSEEN.includes(error.problem.code);
}

const UNSEEN = ["not-found", "not-a-folder", "not-regular", "outside-root", "denied-path", "invalid-path"];

/** A file that stands but cannot be read has no hash. */
async function hashed(read: () => Promise<string>): Promise<{ hash?: string }> {
  try {
    return { hash: await read() };
  } catch (error) {
    if (error instanceof Failure && ["no-permission", "too-large"].includes(error.problem.code)) return {};
    throw error;
  }
}

/** Everything below a folder that is not ignored, without hashes. */
export async function* survey(
  visit: Visit,
  path: string,
  ignore: Ignore,
  pace: Pace,
): AsyncGenerator<readonly [string, Sight]> {
  const from = visit.names(path);
  for (const found of tour(visit, { from, depth: Number.POSITIVE_INFINITY, after: [], hides: ignore.hides })) {
    const stats = found?.stats();
    const seen = stats && sightOf(stats);
    if (found !== undefined && seen !== undefined) yield [found.path, seen];
    if (pace.isDue()) await pace.rest();
  }
}
