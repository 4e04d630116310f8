import { setImmediate } from "node:timers/promises";

/**
 * How long work on the disk may keep the daemon from everything else.
 *
 * Reads are synchronous on purpose: opening, measuring, reading and closing 10,000 files takes 0.3 s (1.5 s from a cold
 * disk), and by Node's asynchronous calls 0.6 to 2 s (2.3 s), since each of them crosses threads four times. In
 * exchange, work stops after each slice and lets others go first. What this does not help: a network mount that hangs
 * stops the daemon; asynchronous calls would stop its four threads, and with them every other call to the disk.
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
