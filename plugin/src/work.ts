import { source } from "@rbxts/vide";
import { type AnyProblem, localProblem, problemOf } from "./wire/problem.js";

/** What takes long, as far as it has come. */
interface WorkView {
  /** For a person: "Opening files". */
  readonly title: string;
  readonly done: number;
  readonly total: number;
}

/** Long work, one thing after the other, that shows how far it is and can be cancelled. */
export interface Work {
  readonly view: () => WorkView | undefined;
  /**
   * Does `each` for every item in turn. What fails does not keep the others from being done; it rejects at the end with
   * the first failure. A cancel leaves out what has not begun. Rejects at once where other work is under way.
   */
  run<T>(title: string, items: readonly T[], each: (item: T) => Promise<void>): Promise<void>;
  cancel(): void;
}

export function createWork(): Work {
  const view = source<WorkView | undefined>(undefined);
  let cancelled = false;

  return {
    view,
    async run(title, items, each) {
      if (view() !== undefined) throw localProblem("busy");
      let failure: AnyProblem | undefined;
      let failures = 0;
      let done = 0;
      cancelled = false;
      view({ title, done, total: items.size() });
      for (const item of items) {
        if (cancelled) break;
        try {
          await each(item);
        } catch (thrown) {
          failure ??= problemOf(thrown);
          failures += 1;
        }
        done += 1;
        view({ title, done, total: items.size() });
      }
      view(undefined);
      if (failure === undefined) return;
      const { detail } = failure;
      throw { ...failure, detail: failures === 1 ? detail : `${detail} (the first of ${failures} failures)` };
    },
    cancel() {
      cancelled = true;
    },
  };
}
