import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { Content, State } from "./change.js";
import type { Standing } from "./expect.js";
import type { Draft, Journal } from "./journal.js";
import type { Pace } from "./pace.js";
import { readWhole } from "./read.js";
import type { Spot } from "./walk.js";

const MODE_BITS = 0o777;

/** Keeps what a single write replaces, so that it can be undone. */
export interface Keeper {
  /** Notes what stands there now and shall be replaced; again, if that has changed since. */
  keep(standing: Standing, after: Content): Promise<void>;
  /** It has been replaced. */
  placed(): void;
  /** The write is safe on disk. Answers the id to undo it by. */
  finish(): string;
  /** Drops a note of what was not done. */
  close(): Promise<void>;
}

export function createKeeper(
  spot: Spot,
  journal: Journal,
  by: string,
  made: readonly (readonly string[])[],
  pace: Pace,
): Keeper {
  let draft: Draft | undefined;
  let isPlaced = false;

  /** A file that is too large to be read is replaced all the same, and cannot be put back. */
  async function add(to: Draft, { stats }: Standing): Promise<State> {
    if (stats === undefined) return "nothing";
    const mode = stats.mode & MODE_BITS;
    try {
      const { bytes, hash } = await readWhole(spot, LIMITS.fileBytes, pace);
      await to.add(bytes);
      return { hash, bytes: bytes.length, mode };
    } catch (error) {
      // What has gone meanwhile is looked at again before anything is replaced.
      if (!(error instanceof Failure) || !["too-large", "not-found"].includes(error.problem.code)) throw error;
      return { bytes: stats.size, mode };
    }
  }

  return {
    async keep(standing, after) {
      await draft?.drop();
      draft = await journal.begin();
      const before = await add(draft, standing);
      const folders = made.map((names) => ({
        path: names.join("/"),
        before: "nothing" as const,
        after: "folder" as const,
      }));
      const changes = [...folders, { path: spot.path, before, after }];
      await draft.seal({ kind: "write", by, timeMs: Date.now(), changes });
    },
    placed() {
      isPlaced = true;
    },
    finish() {
      if (draft === undefined) throw new Error("a write was finished that was not kept");
      draft.finish();
      return draft.entry.id;
    },
    async close() {
      if (!isPlaced) await draft?.drop();
    },
  };
}
