/** After so long without another, what came is one batch. */
const QUIET_MS = 2;
/** What goes on for longer is cut, so that at the end of a long burst, such as git's, little is left to look at. */
const LONGEST_MS = 20;

/** Waits for the end of a burst. */
export interface Gather {
  /** Something has come. */
  add(): void;
  close(): void;
}

/** @param onBatch called when a burst is over, and now and then while it lasts. */
export function createGather(onBatch: () => void): Gather {
  let timer: NodeJS.Timeout | undefined;
  let first = 0;
  let last = 0;

  function wait(milliseconds: number): void {
    timer = setTimeout(check, milliseconds);
    timer.unref();
  }

  function check(): void {
    const left = Math.min(last + QUIET_MS, first + LONGEST_MS) - performance.now();
    if (left > 0) wait(left);
    else {
      timer = undefined;
      onBatch();
    }
  }

  return {
    add() {
      last = performance.now();
      if (timer !== undefined) return;
      first = last;
      wait(QUIET_MS);
    },
    close() {
      clearTimeout(timer);
    },
  };
}
