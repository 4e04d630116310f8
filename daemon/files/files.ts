import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { createSpare, type EncodedJson } from "../json-bytes.js";
import { apply, undo } from "./apply.js";
import { isDenied } from "./denied.js";
import { refuse } from "./errno.js";
import type { Ground } from "./ground.js";
import { find, history } from "./history.js";
import { type HistoryOptions, keepHistory } from "./keep-history.js";
import { lookAt } from "./leaf.js";
import { entryOf, list } from "./list.js";
import { createNewNames } from "./new-names.js";
import { createPace, type Pace } from "./pace.js";
import { readHash, readRange, readWhole } from "./read.js";
import { readMany } from "./read-many.js";
import { recover } from "./recover.js";
import { rootId } from "./root-id.js";
import { createSandbox, type Root, type Visit } from "./sandbox.js";
import { isUnseen, type Sight, sight, survey } from "./survey.js";
import type { Spot, Walk } from "./walk.js";
import { type Writing, write } from "./write.js";

export type { Root } from "./sandbox.js";

export interface Options {
  /** Absolute folders that are never served, also where they lie inside a root. */
  readonly denied: readonly string[];
  /** How folders are walked; the system's best if absent. */
  readonly walk?: Walk;
  /** Where what was done is kept; without it nothing is, and there is no apply. */
  readonly history?: HistoryOptions;
}

/** Who does something. */
interface Doer {
  readonly signal: AbortSignal;
  /** The name of the token. */
  readonly by: string;
}

/** The signal of what nobody breaks off. */
const NEVER = new AbortController().signal;

type Range = NonNullable<Input<"files/read">["range"]>;

/** Files below the roots. No handle outlives a call, so that there is nothing to close. Every call fails with the problems of the contract, and throws the signal's reason once it is aborted. */
export interface Files {
  readonly folders: readonly Root[];
  roots(): Output<"files/roots">;
  list(input: Input<"files/list">, signal: AbortSignal): Promise<Output<"files/list">>;
  stat(input: Input<"files/stat">, signal: AbortSignal): Promise<Output<"files/stat">>;
  read(input: Input<"files/read">, signal: AbortSignal): Promise<{ bytes: Uint8Array; hash?: string }>;
  /** The output of the contract, as JSON. */
  readMany(input: Input<"files/read-many">, signal: AbortSignal): Promise<EncodedJson>;
  write(root: string, writing: Writing): Promise<Output<"files/write">>;
  apply(input: Input<"files/apply">, doer: Doer): Promise<Output<"files/apply">>;
  undo(input: Input<"files/undo">, doer: Doer): Promise<Output<"files/undo">>;
  history(input: Input<"files/history">): Output<"files/history">;
  /** Ends what an earlier daemon left unfinished. To be called once, before anything is written. @param onTrouble told of what stays unfinished. */
  recover(onTrouble: (error: unknown) => void): Promise<void>;
  /** For the watch: what stands at a path, or undefined; never fails for what somebody has put there. */
  sight(root: string, path: string, signal: AbortSignal): Promise<Sight | undefined>;
  /** For the watch: all that stands below a path, without hashes. */
  survey(root: string, path: string, signal: AbortSignal): AsyncIterable<readonly [string, Sight]>;
  /** For the watch: whether a path's names alone keep it from everybody. */
  isDenied(path: string): boolean;
}

/** Throws where the folder of a root is not there. */
export function createFiles(roots: readonly Root[], options: Options): Files {
  const sandbox = createSandbox(roots, options.denied, options.walk);
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

  const kept = options.history && keepHistory(sandbox.roots, options.history);
  const keptOf = () => kept ?? fail("internal", "There is no history.");

  async function onGround<T>(root: string, signal: AbortSignal, work: (ground: Ground) => Promise<T>): Promise<T> {
    return await within(root, signal, (here, pace) =>
      within(root, signal, (there) => work({ here, there, pace, ...keptOf().notesOf(root) })),
    );
  }

  return {
    folders: sandbox.roots,
    roots: () => ({ roots: sandbox.roots.map(({ name, folder, access }) => ({ name, access, id: rootId(folder) })) }),
    list: (input, signal) => within(input.root, signal, (visit, pace) => list(visit, input, pace)),
    stat: (input, signal) => within(input.root, signal, (visit, pace) => stat(visit, input.path, pace)),
    read: (input, signal) => within(input.root, signal, (visit, pace) => read(visit, input.path, input.range, pace)),
    readMany: (input, signal) => within(input.root, signal, (visit, pace) => readMany(visit, input.paths, pace, spare)),
    write: (root, writing) =>
      within(root, writing.signal, (visit, pace) => write(visit, writing, pace, newNames, kept?.notesOf(root))),
    apply: ({ root, edits }, { signal, by }) => onGround(root, signal, (ground) => apply(ground, edits, by)),
    async undo(input, { signal, by }) {
      const found = find(keptOf().journals, input.undo);
      return await onGround(found.root, signal, (ground) => undo(ground, found, by));
    },
    history: (input) => history(keptOf().journals, input),
    async recover(onTrouble) {
      const { isDead } = keptOf();
      for (const { name } of sandbox.roots.filter(({ access }) => access === "write")) {
        try {
          await onGround(name, NEVER, (ground) => recover(ground, isDead, onTrouble));
        } catch (error) {
          onTrouble(error);
        }
      }
    },
    async sight(root, path, signal) {
      try {
        return await within(root, signal, (visit, pace) => sight(visit, path, pace));
      } catch (error) {
        if (isUnseen(error)) return undefined;
        throw error;
      }
    },
    async *survey(root, path, signal) {
      let visit: Visit | undefined;
      try {
        visit = sandbox.enter(root);
        yield* survey(visit, path, createPace(signal));
      } catch (error) {
        if (!isUnseen(error)) throw error;
      } finally {
        visit?.close();
      }
    },
    isDenied: (path) => path.split("/").some(isDenied),
  };
}

async function stat(visit: Visit, path: string, pace: Pace): Promise<Output<"files/stat">> {
  const spot = visit.spot(path);
  const stats = lookAt(spot ?? { folder: visit.folder([]), name: "." }) ?? refuse("not-found", path);
  if (stats.isSymbolicLink()) refuse("outside-root", path);
  // A folder is entered, so that one that is denied whatever its name is says so.
  if (stats.isDirectory()) visit.folder(visit.names(path));
  const entry = entryOf(path, stats);
  return {
    entry: spot !== undefined && entry.kind === "file" ? { ...entry, hash: await readHash(spot, pace) } : entry,
  };
}

async function read(visit: Visit, path: string, range: Range | undefined, pace: Pace) {
  const spot: Spot = visit.spot(path) ?? fail("not-regular", "The root is a folder.", { at: path });
  if (range === undefined) return await readWhole(spot, LIMITS.fileBytes, pace);
  return { bytes: await readRange(spot, range.offset, range.bytes, pace) };
}
