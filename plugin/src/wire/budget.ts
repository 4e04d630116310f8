/** Requests this plugin allows itself. Studio allows 2,000 a minute to all plugins together, 500 in some places. */
const REQUESTS_PER_MINUTE = 500;
/** Requests that may follow one another at once, after a quiet time. */
const BURST = 100;
/** How long no request is made after Studio has said that its quota is spent. */
const PAUSE_SECONDS = 10;

export interface Budget {
  /**
   * Takes one request and answers how many seconds it has to wait for its turn; undefined, and nothing is taken, where
   * those are more than `longest`.
   */
  take(longest: number): number | undefined;
  /** Studio's quota is spent, by whomever. */
  pause(): void;
}

/** A token bucket. `clock` counts seconds. */
export function createBudget(clock: () => number): Budget {
  const perSecond = REQUESTS_PER_MINUTE / 60;
  let left = BURST;
  let at = clock();

  return {
    take(longest) {
      const now = clock();
      left = math.min(BURST, left + (now - at) * perSecond);
      at = now;
      const seconds = math.max(0, (1 - left) / perSecond);
      if (seconds > longest) return undefined;
      left -= 1;
      return seconds;
    },
    pause() {
      left = math.min(left, -PAUSE_SECONDS * perSecond);
    },
  };
}
