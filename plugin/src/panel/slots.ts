import type Vide from "@rbxts/vide";
import { source } from "@rbxts/vide";

/** The place of an object that is not needed now: no row is there. */
const NOWHERE = -1;

/** A row object, and the place of the row that it shows. */
export interface Slot {
  readonly at: Vide.Source<number>;
}

/** Gives one place its object or, where all have theirs, takes one that is not needed away. Answers whether nothing was left to do. */
export function settleOne(slots: Vide.Source<readonly Slot[]>, places: readonly number[]): boolean {
  const missing = new Set(places);
  const free = slots().filter(({ at }) => !missing.delete(at()));
  const place = places.find((at) => missing.has(at));
  if (place === undefined) {
    const idle = free.find(({ at }) => at() !== NOWHERE);
    idle?.at(NOWHERE);
    return idle === undefined;
  }
  const slot = free.pop();
  if (slot === undefined) slots([...slots(), { at: source(place) }]);
  else slot.at(place);
  return false;
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
