import type Vide from "@rbxts/vide";
import { source } from "@rbxts/vide";

/** Row objects that are made, or get another row, in one frame: more would be felt. */
const ROWS_A_FRAME = 4;
/** The place of an object that is not needed now: no row is there. */
const NOWHERE = -1;

/** A row object, and the place of the row that it shows. */
export interface Slot {
  readonly at: Vide.Source<number>;
}

/** A frame's work: gives places their objects. Answers whether there is nothing left to do. */
export function settlePlaces(slots: Vide.Source<readonly Slot[]>, places: readonly number[]): boolean {
  const missing = new Set(places);
  const free: Slot[] = [];
  for (const slot of slots()) if (!missing.delete(slot.at())) free.push(slot);
  const added: Slot[] = [];
  let room = ROWS_A_FRAME;
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
