import type { Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";

export type Answer = Output<"watch/changes">;
export type Change = Answer["changes"][number];

/** What changed, in order, as far back as the limit goes. */
export interface History {
  add(change: Change): void;
  /** Forgets all: every cursor of before answers `overflow`. */
  lose(): void;
  cursor(): string;
  /** What changed after a cursor, one change per path: how the path differs from what it was then. */
  since(cursor: string): Answer;
}

/** @param epoch tells this history's cursors from those of any other. */
export function createHistory(epoch: string, limit: number = LIMITS.changes): History {
  let kept: Change[] = [];
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
    since(text) {
      const number = numberOf(text);
      const changes = number === undefined ? undefined : merge(kept.slice(number - forgotten));
      if (changes === undefined || changes.length > limit) return { cursor: cursor(), changes: [], overflow: true };
      return { cursor: cursor(), changes };
    },
  };
}

/** One change per path, in the order of the last: added and removed again is nothing, removed and added again is changed. */
function merge(changes: readonly Change[]): Change[] {
  const byPath = new Map<string, { readonly first: Change; readonly last: Change }>();
  for (const change of changes) {
    const first = byPath.get(change.path)?.first ?? change;
    byPath.delete(change.path);
    byPath.set(change.path, { first, last: change });
  }
  return [...byPath.values()].flatMap(({ first, last }) => {
    if (last.kind === "removed") return first.kind === "added" ? [] : [last];
    return [{ ...last, kind: first.kind === "added" ? ("added" as const) : first === last ? last.kind : "changed" }];
  });
}
