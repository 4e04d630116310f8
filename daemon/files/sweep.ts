import { isTemporary } from "./denied.js";
import { errnoOf } from "./errno.js";
import { lookAt, remove } from "./leaf.js";
import type { Folder } from "./walk.js";

/** Older than any write takes, so that what another daemon is writing now stays. */
const ABANDONED_MS = 10 * 60 * 1000;

/**
 * Removes an unfinished write that a daemon left when it died. It happens where a folder is listed, whose names are read
 * anyway. Not at a write, which would otherwise cost more the more a folder holds; and not at the start, which must be
 * quick: a folder that nobody looks at harms nobody.
 */
export function sweep(folder: Folder, name: string): void {
  if (!isTemporary(name)) return;
  const stats = lookAt({ folder, name });
  if (!stats?.isFile() || Date.now() - stats.mtimeMs < ABANDONED_MS) return;
  try {
    remove({ folder, name });
  } catch (error) {
    // Somebody else's, or gone already: it stays unseen, and the listing goes on.
    if (!["ENOENT", "EACCES", "EPERM", "EROFS", "EBUSY"].includes(errnoOf(error) ?? "")) throw error;
  }
}
