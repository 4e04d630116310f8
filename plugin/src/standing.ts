import type { Opened } from "./opened.js";
import type { RootIds } from "./root-ids.js";
import type { Place, Shelf } from "./shelf.js";

/**
 * What a script is to the file it names. Only `ours` is compared with the disk and saved: a `stranger` was not opened on
 * this machine, `elsewhere` was opened from another folder of the same name, and of a `duplicate` there is an earlier one.
 */
export type Standing = "ours" | "stranger" | "elsewhere" | "duplicate";

export interface Standings {
  /** A duplicate is `ours` here: only who knows all scripts can tell. */
  of(place: Place, container: LuaSourceContainer): Standing;
  /** From now on this machine has opened it. */
  claim(place: Place, container: LuaSourceContainer): void;
}

export interface StandingsOptions {
  readonly shelf: Shelf;
  readonly opened: Opened;
  readonly rootIds: RootIds;
  readonly newName: () => string;
}

export function createStandings({ shelf, opened, rootIds, newName }: StandingsOptions): Standings {
  return {
    of({ root }, container) {
      if (!opened.knows(shelf.markOf(container))) return "stranger";
      const served = rootIds.idOf(root);
      return served === undefined || served === shelf.rootIdOf(container) ? "ours" : "elsewhere";
    },
    claim({ root }, container) {
      opened.remember(shelf.sign(container, rootIds.idOf(root) ?? "", newName()));
    },
  };
}
