import { wholeCharacters } from "../utf8-text.js";

/** Taken in in one frame: what comes at once, as after a cut of the link, is spread over several. */
const BYTES_A_FRAME = 8192;

type Kind = "text" | "reasoning";

export interface Gather {
  /** What is there is handed on at most once a frame; the first of it at once. */
  add(kind: Kind, text: string): void;
  /** Calls back once all that was added has been handed on. */
  whenEmpty(tell: () => void): void;
}

/** Gathers what comes faster than it is seen, so that no frame holds more work than it has room for. */
export function createGather(take: (kind: Kind, text: string) => void): Gather {
  let waiting: { readonly kind: Kind; readonly text: string }[] = [];
  let isResting = true;
  let onEmpty: (() => void) | undefined;

  /** Hands on what one frame has room for, what is of one kind together. */
  function handOn(): void {
    let [taken, left] = [0, BYTES_A_FRAME];
    let parts: string[] = [];
    for (const [index, { kind, text }] of ipairs(waiting)) {
      const bytes = wholeCharacters(text, left);
      parts.push(text.sub(1, bytes));
      left -= bytes;
      const isWhole = bytes === text.size();
      if (isWhole) taken += 1;
      else waiting[index - 1] = { kind, text: text.sub(bytes + 1) };
      const following = waiting[index] as { readonly kind: Kind } | undefined;
      if (isWhole && left > 0 && following?.kind === kind) continue;
      take(kind, parts.join(""));
      parts = [];
      // Less than a character's bytes are left.
      if (!isWhole || left < 4) break;
    }
    waiting = waiting.filter((_, index) => index >= taken);
  }

  function drained(): void {
    const tell = onEmpty;
    onEmpty = undefined;
    tell?.();
  }

  function turn(): void {
    isResting = waiting.isEmpty();
    if (isResting) return;
    handOn();
    if (waiting.isEmpty()) drained();
    task.delay(0, turn);
  }

  return {
    add(kind, text) {
      waiting.push({ kind, text });
      if (isResting) turn();
    },
    whenEmpty(tell) {
      onEmpty = tell;
      if (waiting.isEmpty()) drained();
    },
  };
}
