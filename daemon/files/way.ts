import { Failure } from "../fail.js";
import { errnoOf, failOnDisk } from "./errno.js";
import { makeFolder, removeFolder } from "./leaf.js";
import type { NewNames } from "./new-names.js";
import type { Visit } from "./sandbox.js";

/** The folders on the way to a file, those that were missing among them. */
export interface Way {
  /** Those that were missing. */
  readonly made: readonly (readonly string[])[];
  /** Makes the names of the folders on the way safe on disk, also of those that another call made. */
  sync(): Promise<void>;
  /** Removes the new folders again, as far as nobody has put anything in. */
  undo(): void;
}

export function makeWay(visit: Visit, names: readonly string[], newNames: NewNames): Way {
  const made: (readonly string[])[] = [];
  try {
    for (const depth of names.keys()) {
      const way = names.slice(0, depth + 1);
      if (!isThere(visit, way) && make(visit, way, newNames)) made.push(way);
    }
    visit.folder(names);
  } catch (error) {
    unmake(visit, made);
    throw error;
  }
  return {
    made,
    async sync() {
      for (const depth of [...names.keys()].reverse()) await newNames.settle(visit.folder(names.slice(0, depth)));
    },
    undo: () => unmake(visit, made),
  };
}

function isThere(visit: Visit, way: readonly string[]): boolean {
  try {
    visit.folder(way);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.problem.code === "not-found") return false;
    throw error;
  }
}

/** Whether it was us who made it. */
function make(visit: Visit, way: readonly string[], newNames: NewNames): boolean {
  const { folder, name, path } = visit.spotIn(way);
  try {
    makeFolder({ folder, name });
    newNames.add(folder);
    return true;
  } catch (error) {
    return errnoOf(error) === "EEXIST" ? false : failOnDisk(error, path);
  }
}

function unmake(visit: Visit, made: readonly (readonly string[])[]): void {
  for (const way of made.toReversed()) {
    try {
      removeFolder(visit.spotIn(way));
    } catch (error) {
      // Somebody uses it by now, or has moved it: it is theirs, and the failure that led here is the one to tell.
      if (!(error instanceof Failure) && errnoOf(error) === undefined) throw error;
    }
  }
}
