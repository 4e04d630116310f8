import { source } from "@rbxts/vide";
import type { Files, Operation } from "../bridge/files.js";
import { explain, problemOf } from "../wire/problem.js";

/** Operations that one call answers with; more are asked for on request. */
const OPERATIONS_A_PAGE = 100;

/** What was done to the files, the newest first. */
export interface Past {
  readonly operations: () => readonly Operation[];
  /** Whether there are older ones. */
  readonly hasMore: () => boolean;
  /** What went wrong, or what was done last. */
  readonly note: () => string;
  readonly isBusy: () => boolean;
  /** Moves when files have changed, by whomever. */
  readonly changes: () => number;
  hear(): void;
  /** Lists the newest again, once what is under way is done. */
  refresh(): Promise<void>;
  more(): Promise<void>;
  undo(operation: Operation): Promise<void>;
}

export function createPast(files: Files): Past {
  const operations = source<readonly Operation[]>([]);
  const after = source<string | undefined>(undefined);
  const note = source("");
  const isBusy = source(false);
  const changes = source(0);
  let isStale = false;

  async function ask(known: readonly Operation[], from: string | undefined): Promise<void> {
    const page = await files.history({ after: from, limit: OPERATIONS_A_PAGE });
    operations([...known, ...page.operations]);
    after(page.after);
  }

  /** One thing at a time; its failure is the note. */
  async function act(work: () => Promise<void>): Promise<void> {
    if (isBusy()) return;
    isBusy(true);
    try {
      await work();
    } catch (thrown) {
      const problem = problemOf(thrown);
      const where = problem.at === undefined ? "" : `${problem.at}: `;
      note(`${where}${explain(problem)}`);
    }
    isBusy(false);
    if (!isStale) return;
    isStale = false;
    await refresh();
  }

  async function refresh(): Promise<void> {
    isStale = isBusy();
    await act(() => ask([], undefined));
  }

  return {
    operations,
    hasMore: () => after() !== undefined,
    note,
    isBusy,
    changes,
    hear() {
      changes(changes() + 1);
    },
    refresh() {
      return refresh();
    },
    more() {
      return act(() => ask(operations(), after()));
    },
    undo(operation) {
      note("");
      return act(async () => {
        const { results } = await files.undo(operation.undo);
        note(`Undone: ${results.size()} ${results.size() === 1 ? "path" : "paths"} put back.`);
        await ask([], undefined);
      });
    },
  };
}
