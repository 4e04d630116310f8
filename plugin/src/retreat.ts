const FIRST_SECONDS = 0.5;
const LONGEST_SECONDS = 5;

export interface Retreat {
  /** How long to wait before the next attempt: 0.5 s, doubling to 5 s, a quarter more or less by chance. */
  seconds(): number;
  reset(): void;
}

/** The chance keeps several Studios from coming back in step. */
export function createRetreat(): Retreat {
  let following = FIRST_SECONDS;
  return {
    seconds() {
      const now = following;
      following = math.min(LONGEST_SECONDS, following * 2);
      return now * (0.75 + math.random() / 2);
    },
    reset() {
      following = FIRST_SECONDS;
    },
  };
}
