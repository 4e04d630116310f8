/** More notices than this without a pause, and some may have been dropped: Linux keeps 16,384, and drops without a word. */
const MANY = 4096;
const PAUSE_MS = 200;
/** So few in a pause's time are a trickle, not a flood. */
const FEW = 64;
/** A flood that does not end is looked into this often. */
const PATIENCE_MS = 2000;

/** Notices floods of notices. */
export interface Flood {
  count(): void;
  close(): void;
}

/** @param onEbb called when a flood is over, and now and then while it lasts. */
export function createFlood(onEbb: () => void): Flood {
  let timer: NodeJS.Timeout | undefined;
  let total = 0;
  let recent = 0;
  let since = 0;

  function measure(): void {
    const isQuiet = recent < FEW;
    const isFlood = total >= MANY;
    recent = 0;
    timer = undefined;
    if (isFlood && (isQuiet || performance.now() - since > PATIENCE_MS)) {
      since = performance.now();
      onEbb();
    }
    if (isQuiet) total = 0;
    else begin();
  }

  function begin(): void {
    timer = setTimeout(measure, PAUSE_MS);
    timer.unref();
  }

  return {
    count() {
      if (total === 0) since = performance.now();
      total += 1;
      recent += 1;
      if (timer === undefined) begin();
    },
    close() {
      clearTimeout(timer);
    },
  };
}
