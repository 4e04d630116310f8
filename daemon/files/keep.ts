import type { Content, State } from "./change.js";
import type { Seen } from "./expect.js";
import type { Draft, Journal } from "./journal.js";
import type { Spot } from "./walk.js";

const MODE_BITS = 0o777;

/** Keeps what a single write replaces, so that it can be undone. */
export interface Keeper {
  /** Notes what stands there now and shall be replaced; again, if that has changed since. */
  keep(seen: Seen, after: Content): Promise<void>;
  /** It has been replaced. */
  placed(): void;
  /** The write is safe on disk. Answers the id to undo it by. */
  finish(): string;
  /** Drops a note of what was not done. */
  close(): void;
}

/** A file that is too large to be read is replaced all the same, and cannot be put back. */
function stateOf({ stats, hash, bytes }: Seen): State {
  if (stats === undefined || hash === "absent") return "nothing";
  const mode = stats.mode & MODE_BITS;
  return bytes === undefined || hash === undefined ? { bytes: stats.size, mode } : { hash, bytes: bytes.length, mode };
}

export function createKeeper(spot: Spot, journal: Journal, by: string, made: readonly (readonly string[])[]): Keeper {
  const folders = made.map((names) => ({
    path: names.join("/"),
    before: "nothing" as const,
    after: "folder" as const,
  }));
  let draft: Draft | undefined;
  let isPlaced = false;
  return {
    async keep(seen, after) {
      draft?.drop();
      draft = undefined;
      const changes = [...folders, { path: spot.path, before: stateOf(seen), after }];
      draft = journal.begin({ kind: "write", by, timeMs: Date.now(), changes });
      const adding = seen.bytes && draft.add(seen.bytes);
      // Nothing is waited for in between, so that those who write at once write behind one another.
      if (adding !== undefined) await adding;
      draft.sealSoon();
    },
    placed() {
      isPlaced = true;
    },
    finish() {
      if (draft === undefined) throw new Error("a write was finished that was not kept");
      draft.finish();
      return draft.id;
    },
    close() {
      if (!isPlaced) draft?.drop();
    },
  };
}
