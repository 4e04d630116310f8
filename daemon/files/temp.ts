import { randomBytes } from "node:crypto";
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
  /** Removes it, if it is still there. */
  drop(visit: Visit): void;
}

export function createTemp(visit: Visit, folder: readonly string[], mode: number, temps: Temps | undefined): Temp {
  const name = temporaryName(randomBytes(16).toString("hex"));
  const names = [...folder, name];
  temps?.add(names.join("/"));
  try {
    const file = create({ folder: visit.folder(folder), name }, mode);
    return {
      names,
      name,
      file,
      drop(visitNow) {
        try {
          const place = { folder: visitNow.folder(folder), name };
          if (lookAt(place) !== undefined) remove(place);
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

/** Fails with `disk-error` where a file holds another number of bytes than it was given. */
export function checkSize({ file }: Temp, bytes: number, path: string): void {
  if (file.stats().size !== bytes) fail("disk-error", "The disk took fewer bytes than it was given.", { at: path });
}
