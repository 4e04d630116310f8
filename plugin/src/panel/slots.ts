import type Vide from "@rbxts/vide";
import { source } from "@rbxts/vide";

/** Row objects that are made, or get another row, in one step. */
const ROWS_A_STEP = 1;
/** The place of an object that is not needed now: no row is there. */
const NOWHERE = -1;

/** A row object, and the place of the row that it shows. */
export interface Slot {
  readonly at: Vide.Source<number>;
}

/** A little work: gives places their objects. Answers whether there is nothing left to do. */
export function settlePlaces(slots: Vide.Source<readonly Slot[]>, places: readonly number[]): boolean {
  const missing = new Set(places);
  const free: Slot[] = [];
  for (const slot of slots()) if (!missing.delete(slot.at())) free.push(slot);
  const added: Slot[] = [];
  let room = ROWS_A_STEP;
  for (const at of places) {
    if (!missing.has(at)) continue;
    if (room === 0) break;
    room -= 1;
    const slot = free.pop();
    if (slot === undefined) added.push({ at: source(at) });
    else slot.at(at);
  }
  if (!added.isEmpty()) slots([...slots(), ...added]);
  for (const slot of free) {
    if (room === 0) break;
    if (slot.at() === NOWHERE) continue;
    room -= 1;
    slot.at(NOWHERE);
  }
  return room > 0;
}

/**
 * Rows have come or gone at one place: the objects below it go along with their rows, which is less work than to show
 * other rows. An object whose row has gone, or whose place another has got, is told by what is there now.
 */
export function shiftSlots(
  slots: readonly Slot[],
  by: number,
  isSame: (before: number, after: number) => boolean,
): void {
  const places = slots.map(({ at }) => (at() === NOWHERE || isSame(at(), at()) ? at() : at() + by));
  const shifted = new Set<number>();
  slots.forEach(({ at }, index) => {
    if (places[index] !== at() && isSame(at(), places[index])) shifted.add(places[index]);
  });
  slots.forEach(({ at }, index) => {
    if (shifted.has(places[index]) && isSame(at(), places[index])) at(places[index]);
    else if (shifted.has(at())) at(NOWHERE);
  });
}
