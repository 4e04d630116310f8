import { setImmediate } from "node:timers/promises";

/**
 * How long work on the disk may keep the daemon from everything else.
 *
 * Reads are synchronous on purpose: 10,000 files in 0.3 s, where Node's asynchronous calls take 1.7 to 2.3 s on the
 * same disk, because each of them crosses threads four times. In exchange, work stops after each slice and lets others
 * go first. What this does not help: a network mount that hangs stops the daemon, and would stop its four threads too.
 */
const SLICE_MS = 4;

export interface Pace {
  /** Lets others go first once a slice is used up, which `isDue` says. Throws where the caller has gone. */
  rest(): Promise<void>;
  isDue(): boolean;
}

export function createPace(signal: AbortSignal): Pace {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since > SLICE_MS,
    async rest() {
      await setImmediate();
      signal.throwIfAborted();
      since = performance.now();
    },
  };
}
