import type { Stats } from "node:fs";
import { errnoOf } from "./errno.js";
import type { NewFile } from "./new-file.js";

/** A daemon of another user than the file's keeps the owner where the system lets it; elsewhere the file becomes its own. */
export function keepOwner(file: NewFile, { uid, gid }: Stats, old: Stats): void {
  if (uid === old.uid && gid === old.gid) return;
  try {
    file.setOwner(old.uid, old.gid);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error;
  }
}
