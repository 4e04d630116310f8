import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { Failure, fail } from "../fail.js";
import { temporaryName } from "./denied.js";
import { errnoOf } from "./errno.js";
import { create, lookAt, remove } from "./leaf.js";
import type { NewFile } from "./new-file.js";
import type { Visit } from "./sandbox.js";
import type { Temps } from "./temps.js";

/** A file of ours that is to take another name once it is whole. */
export interface Temp {
  /** The folder it is in, and its name. */
  readonly names: readonly string[];
  readonly name: string;
  readonly file: NewFile;
  /** It has another name by now, and no longer its own. */
  moved(): void;
  /** Removes it, unless it has moved. */
  drop(visit: Visit): void;
}

export function createTemp(visit: Visit, folder: readonly string[], mode: number, temps: Temps | undefined): Temp {
  // Of all that is random the quickest to be had: Node draws it in advance.
  const name = temporaryName(randomUUID().replaceAll("-", ""));
  const names = [...folder, name];
  temps?.add(names.join("/"));
  try {
    const file = create({ folder: visit.folder(folder), name }, mode);
    let hasMoved = false;
    return {
      names,
      name,
      file,
      moved() {
        hasMoved = true;
      },
      drop(visitNow) {
        try {
          const place = { folder: visitNow.folder(folder), name };
          if (!hasMoved && lookAt(place) !== undefined) remove(place);
        } catch (error) {
          // One that cannot be removed now stays listed, for the next start; what was done is done all the same.
          if (!(error instanceof Failure) && errnoOf(error) === undefined) throw error;
          return;
        }
        temps?.gone();
      },
    };
  } catch (error) {
    temps?.gone();
    throw error;
  }
}

/** Looks at a file that is whole. Fails with `disk-error` where it holds another number of bytes than it was given. */
export function checkSize({ file }: Temp, bytes: number, path: string): Stats {
  const stats = file.stats();
  if (stats.size !== bytes) fail("disk-error", "The disk took fewer bytes than it was given.", { at: path });
  return stats;
}
