import type { Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { mergeChanges, type Noted, type View } from "./merge.js";

export type Answer = Output<"watch/changes">;

/** What changed, in order, as far back as the limit goes. */
export interface History {
  add(change: Noted): void;
  /** Forgets all: every cursor of before answers `overflow`. */
  lose(): void;
  cursor(): string;
  /** What changed after a cursor, one change per path: how the path differs from what it was then. */
  since(cursor: string, view: View): Answer;
}

/** @param epoch tells this history's cursors from those of any other. */
export function createHistory(epoch: string, limit: number = LIMITS.changes): History {
  let kept: Noted[] = [];
  /** The number of the change before the first that is kept. */
  let forgotten = 0;

  const last = () => forgotten + kept.length;
  const cursor = () => `${epoch}-${last()}`;

  function numberOf(text: string): number | undefined {
    const [, given, digits] = /^([0-9a-f]+)-([0-9]{1,15})$/u.exec(text) ?? [];
    const number = Number(digits);
    return given === epoch && number >= forgotten && number <= last() ? number : undefined;
  }

  return {
    add(change) {
      kept.push(change);
      // Twice the limit before the older half goes, so that forgetting costs nothing per change.
      if (kept.length < limit * 2) return;
      forgotten += kept.length - limit;
      kept = kept.slice(-limit);
    },
    lose() {
      forgotten = last() + 1;
      kept = [];
    },
    cursor,
    since(text, view) {
      const number = numberOf(text);
      const changes = number === undefined ? undefined : mergeChanges(kept.slice(number - forgotten), view);
      if (changes === undefined || changes.length > limit) return { cursor: cursor(), changes: [], overflow: true };
      return { cursor: cursor(), changes };
    },
  };
}
