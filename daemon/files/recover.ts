import { Failure } from "../fail.js";
import { type Change, isSame } from "./change.js";
import { isTemporary } from "./denied.js";
import { errnoOf } from "./errno.js";
import type { Ground } from "./ground.js";
import type { Abandoned } from "./journal.js";
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
  // First, since what is put back uses a list of its own, perhaps under the same number.
  for (const { pid, paths, remove } of temps.lists()) {
    if (!isDead(pid)) continue;
    for (const path of paths) removeTemp(there, path.split("/"));
    remove();
  }
  for (const { operations, end } of journal.abandoned(isDead)) {
    for (const operation of operations) {
      try {
        await endOne(ground, operation);
      } catch (error) {
        onTrouble(error);
      }
    }
    await end();
  }
}

async function endOne(ground: Ground, { deed, content, mark }: Abandoned["operations"][number]): Promise<void> {
  if (deed === undefined) return mark("dropped"); // Not sealed, so that nothing was done.
  if (await isDone(ground, deed.changes)) return mark("done");
  const left = await restore(ground, deed.changes, content);
  if (left !== undefined) throw left;
  mark("dropped");
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
