interface Turn {
  close(): void;
}

export interface Turns {
  /** Resolves when one of the places is free, first come first served. Close the turn to give the place back. */
  take(): Promise<Turn>;
}

/** Lets no more than `places` go on at a time. */
export function createTurns(places: number): Turns {
  const queue: (() => void)[] = [];
  let free = places;

  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      return {
        close() {
          const following = queue.shift();
          if (following === undefined) free += 1;
          else following();
        },
      };
    },
  };
}
