import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { errnoOf } from "./errno.js";

/** A daemon of another user than the file's keeps the owner where the system lets it; elsewhere the file becomes its own. */
export async function keepOwner(handle: FileHandle, old: Stats): Promise<void> {
  const { uid, gid } = await handle.stat();
  if (uid === old.uid && gid === old.gid) return;
  try {
    await handle.chown(old.uid, old.gid);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error;
  }
}
