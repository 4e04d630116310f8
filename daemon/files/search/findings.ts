import { TOLD_LETTERS, type Told } from "./hunt.js";
import type { SearchState } from "./state.js";

/** What waits before the worker is held. */
const HELD_LETTERS = 512 * 1024;

/** What was found and not told yet, between a worker and a reader: at the reader's pace, and in one message what came meanwhile. */
export interface Findings {
  add(told: Told, state: SearchState): void;
  /** Ends it: with an error, where it failed. */
  end(error?: unknown): void;
  /** The JSON of some files; undefined at the end. Throws the error that it was ended with. */
  next(): Promise<string[] | undefined>;
}

export function createFindings(): Findings {
  const waiting: string[] = [];
  let letters = 0;
  let held: SearchState | undefined;
  let ended: { readonly error?: unknown } | undefined;
  let wake = () => {};

  function take(): string[] {
    const taken: string[] = [];
    for (let size = 0; size < TOLD_LETTERS; ) {
      const json = waiting.shift();
      if (json === undefined) break;
      taken.push(json);
      size += json.length;
      letters -= json.length;
    }
    if (letters < HELD_LETTERS) held?.release();
    return taken;
  }

  return {
    add({ json }, state) {
      // Who has gone takes nothing any more: a worker that is held then would wait for ever.
      if (ended !== undefined) return;
      waiting.push(json);
      letters += json.length;
      if (letters >= HELD_LETTERS) {
        held = state;
        state.hold();
      }
      wake();
    },
    end(error) {
      ended ??= { error };
      wake();
    },
    async next() {
      while (waiting.length === 0) {
        if (ended?.error !== undefined) throw ended.error;
        if (ended !== undefined) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return take();
    },
  };
}
