import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { createSpare, type EncodedJson } from "../json-bytes.js";
import type { OpenStream } from "../stream.js";
import { isDenied } from "./denied.js";
import { refuse } from "./errno.js";
import { frames, openFrames } from "./frames.js";
import { createHashCache, type Hashes } from "./hash-cache.js";
import { createIgnore, DEFAULT_IGNORED, type Ignore } from "./ignore.js";
import { lookAt } from "./leaf.js";
import { entryOf, list } from "./list.js";
import { createNewNames } from "./new-names.js";
import { createPace, type Pace } from "./pace.js";
import { hashOfFile, readRange, readWhole } from "./read.js";
import { readMany } from "./read-many.js";
import { rootId } from "./root-id.js";
import { createSandbox, type Root, type Visit } from "./sandbox.js";
import { isUnseen, type Sight, sight, survey } from "./survey.js";
import type { Spot, Walk } from "./walk.js";
import { type Writing, write } from "./write.js";

export type { Root } from "./sandbox.js";

export interface Options {
  /** Absolute folders that are never served, also where they lie inside a root. */
  readonly denied: readonly string[];
  /** What else is ignored, in the language of .gitignore; `!dist/` shows what is ignored by default. */
  readonly ignore?: readonly string[];
  /** What is remembered of files' hashes; nothing of an earlier daemon's if absent. */
  readonly hashes?: Hashes;
  /** How folders are walked; the system's best if absent. */
  readonly walk?: Walk;
}

/** Files below the roots. No handle outlives a call, so that there is nothing to close. Every call fails with the problems of the contract, and throws the signal's reason once it is aborted. */
export interface Files {
  readonly folders: readonly Root[];
  /** What list, watch and search pass over. */
  readonly ignore: Ignore;
  roots(): Output<"files/roots">;
  list(input: Input<"files/list">, signal: AbortSignal): Promise<Output<"files/list">>;
  /** The frames of the contract. Fails before it answers where there is nothing to list. */
  stream(input: Input<"files/stream">, signal: AbortSignal): Promise<OpenStream>;
  stat(input: Input<"files/stat">, signal: AbortSignal): Promise<Output<"files/stat">>;
  read(input: Input<"files/read">, signal: AbortSignal): Promise<{ bytes: Uint8Array; hash?: string }>;
  /** The output of the contract, as JSON. */
  readMany(input: Input<"files/read-many">, signal: AbortSignal): Promise<EncodedJson>;
  write(root: string, writing: Writing): Promise<Output<"files/write">>;
  /** For the watch: what stands at a path, or undefined; never fails for what somebody has put there. */
  sight(root: string, path: string, signal: AbortSignal): Promise<Sight | undefined>;
  /** For the watch: all that stands below a path, without hashes. */
  survey(root: string, path: string, signal: AbortSignal): AsyncIterable<readonly [string, Sight]>;
  /** For the watch: whether a folder's names alone keep it from being watched. */
  isDenied(path: string): boolean;
}

/** Throws where the folder of a root is not there. */
export function createFiles(roots: readonly Root[], options: Options): Files {
  const sandbox = createSandbox(roots, options.denied, options.walk);
  const ignore = createIgnore([...DEFAULT_IGNORED, ...(options.ignore ?? [])]);
  const hashes = options.hashes ?? createHashCache();
  const spare = createSpare();
  const newNames = createNewNames();

  async function within<T>(
    root: string,
    signal: AbortSignal,
    work: (visit: Visit, pace: Pace) => Promise<T>,
  ): Promise<T> {
    const visit = sandbox.enter(root);
    try {
      return await work(visit, createPace(signal));
    } finally {
      visit.close();
    }
  }

  return {
    folders: sandbox.roots,
    ignore,
    roots: () => ({ roots: sandbox.roots.map(({ name, folder, access }) => ({ name, access, id: rootId(folder) })) }),
    list: (input, signal) => within(input.root, signal, (visit, pace) => list(visit, input, { ignore, hashes }, pace)),
    async stream(input, signal) {
      const visit = sandbox.enter(input.root);
      return await openFrames(frames(visit, input, { ignore, hashes }, createPace(signal)));
    },
    stat: (input, signal) => within(input.root, signal, (visit, pace) => stat(visit, input.path, hashes, pace)),
    read: (input, signal) => within(input.root, signal, (visit, pace) => read(visit, input, hashes, pace)),
    readMany: (input, signal) =>
      within(input.root, signal, (visit, pace) => readMany(visit, input.paths, hashes, pace, spare)),
    write: (root, writing) => within(root, writing.signal, (visit, pace) => write(visit, writing, pace, newNames)),
    async sight(root, path, signal) {
      try {
        return await within(root, signal, (visit, pace) => sight(visit, path, ignore, pace));
      } catch (error) {
        if (isUnseen(error)) return undefined;
        throw error;
      }
    },
    async *survey(root, path, signal) {
      let visit: Visit | undefined;
      try {
        visit = sandbox.enter(root);
        yield* survey(visit, path, ignore, createPace(signal));
      } catch (error) {
        if (!isUnseen(error)) throw error;
      } finally {
        visit?.close();
      }
    },
    isDenied: (path) => path.split("/").some(isDenied) || ignore.hides(path, "folder"),
  };
}

async function stat(visit: Visit, path: string, hashes: Hashes, pace: Pace): Promise<Output<"files/stat">> {
  const spot = visit.spot(path);
  const stats = lookAt(spot ?? { folder: visit.folder([]), name: "." }) ?? refuse("not-found", path);
  if (stats.isSymbolicLink()) refuse("outside-root", path);
  // A folder is entered, so that one that is denied whatever its name is says so.
  if (stats.isDirectory()) visit.folder(visit.names(path));
  const entry = entryOf(path, stats);
  return {
    entry:
      spot !== undefined && entry.kind === "file"
        ? { ...entry, hash: await hashOfFile(spot, stats, hashes, pace) }
        : entry,
  };
}

async function read(visit: Visit, { path, range }: Input<"files/read">, hashes: Hashes, pace: Pace) {
  const spot: Spot = visit.spot(path) ?? fail("not-regular", "The root is a folder.", { at: path });
  if (range === undefined) return await readWhole(spot, LIMITS.fileBytes, pace, hashes);
  return { bytes: await readRange(spot, range.offset, range.bytes, pace) };
}
