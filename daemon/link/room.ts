import { shareOf } from "../../shared/share.js";

/** Bytes that several hold together, up to a bound. */
export interface Room {
  /** Adds bytes to what `mine` bytes are held of by the same one already; false, and nothing is added, beyond its share. */
  take(bytes: number, mine: number): boolean;
  give(bytes: number): void;
}

export function createRoom(most: number): Room {
  let taken = 0;
  return {
    take(bytes, mine) {
      if (bytes > shareOf(most, taken, mine)) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}
