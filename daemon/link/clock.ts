/** Time, passed in, so that what takes minutes can be tested. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls `act` every so often, until stopped. */
  every(milliseconds: number, act: () => void): { stop(): void };
}

export const systemClock: Clock = {
  now: () => performance.now(),
  every(milliseconds, act) {
    const timer = setInterval(act, milliseconds);
    timer.unref();
    return { stop: () => clearInterval(timer) };
  },
};
