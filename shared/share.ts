/**
 * How many bytes one of several may still add to a room that they share: it may hold no more than it then leaves free.
 * So one alone gets a half, two a third each, and whoever comes later finds room as well.
 * @param taken bytes that all of them hold. @param mine those of it that are its own.
 */
export function shareOf(room: number, taken: number, mine: number): number {
  return (room - taken - mine) / 2;
}
