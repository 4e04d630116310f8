import { Failure } from "../fail.js";
import { type Change, isSame } from "./change.js";
import { isTemporary } from "./denied.js";
import { errnoOf } from "./errno.js";
import type { Ground } from "./ground.js";
import { turn } from "./history.js";
import type { Entry } from "./journal.js";
import { lookAt, remove } from "./leaf.js";
import { observe } from "./observe.js";
import { restore } from "./restore.js";
import type { Visit } from "./sandbox.js";

/**
 * Brings to an end what a daemon left when it died: a batch whose changes are all there is done, any other is put back
 * whole, and the files that were to take a name are removed.
 * @param isDead whether a process has ended, whose work this is then.
 * @param onTrouble told of what stays as it is, to be tried again at the next start.
 */
export async function recover(
  ground: Ground,
  isDead: (pid: number) => boolean,
  onTrouble: (error: unknown) => void,
): Promise<void> {
  const { journal, temps, there } = ground;
  for (const entry of journal.entries()) {
    if (entry.pid === undefined || !isDead(entry.pid)) continue;
    try {
      await end(ground, entry);
    } catch (error) {
      onTrouble(error);
    }
  }
  for (const { pid, paths, remove } of temps.lists()) {
    if (!isDead(pid)) continue;
    for (const path of paths) removeTemp(there, path.split("/"));
    remove();
  }
}

async function end(ground: Ground, entry: Entry): Promise<void> {
  const { journal } = ground;
  const deed = journal.read(entry);
  if (deed === undefined) return journal.remove(entry); // Not sealed, so that nothing was done.
  if (await isDone(ground, deed.changes)) {
    journal.rename(entry, "done");
    if (deed.undoes !== undefined) turn(journal, deed.undoes);
    return;
  }
  const left = await restore(ground, deed.changes, (path) => journal.content(entry, deed, path));
  if (left !== undefined) throw left;
  journal.remove(entry);
}

async function isDone({ there, pace }: Ground, changes: readonly Change[]): Promise<boolean> {
  for (const { path, after } of changes) {
    try {
      const { state } = await observe(there, there.names(path), pace);
      if (!isSame(state, after)) return false;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }
  return true;
}

function removeTemp(visit: Visit, names: readonly string[]): void {
  const name = names.at(-1) ?? "";
  if (!isTemporary(name)) return;
  try {
    const place = { folder: visit.folder(names.slice(0, -1)), name };
    if (lookAt(place)?.isFile()) remove(place);
  } catch (error) {
    // Gone with its folder, or not ours to remove: it stays unseen.
    if (!(error instanceof Failure) && !["ENOENT", "EACCES", "EPERM", "EROFS", "EBUSY"].includes(errnoOf(error) ?? ""))
      throw error;
  }
}
