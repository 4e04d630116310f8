import { Failure } from "../fail.js";
import { type Change, type Content, isContent, isFolder, isSame, isWhole, type State } from "./change.js";
import { errnoOf } from "./errno.js";
import type { Ground } from "./ground.js";
import { makeFolder, remove, removeFolder, syncFolder } from "./leaf.js";
import { observe, stampAt } from "./observe.js";
import { rename, take } from "./place.js";
import type { Visit } from "./sandbox.js";
import { checkSize, createTemp } from "./temp.js";

/**
 * Puts back what a batch had done when it broke off, the last change first. What is neither as it was before nor as the
 * batch left it is somebody else's by now, and stays. Answers the first error of what could not be put back.
 */
export async function restore(
  ground: Ground,
  changes: readonly Change[],
  contentOf: (path: string) => Buffer | undefined,
): Promise<unknown> {
  let left: unknown;
  for (const change of changes.toReversed()) {
    try {
      await restoreOne(ground, change, contentOf);
    } catch (error) {
      // One that cannot be put back keeps none of the others from it.
      if (!isForeign(error)) left ??= error;
    }
  }
  return left;
}

/** What stands there by now is none of ours. */
function isForeign(error: unknown): boolean {
  const codes = ["not-a-folder", "outside-root", "not-regular", "is-a-folder", "denied-path"];
  return error instanceof Failure && codes.includes(error.problem.code);
}

async function restoreOne(
  ground: Ground,
  { path, before, after, from }: Change,
  contentOf: (path: string) => Buffer | undefined,
): Promise<void> {
  const { there, pace } = ground;
  if (isWhole(before)) return; // It comes back with the change that it arrived by.
  if (isWhole(after)) return await moveBack(ground, path, from ?? "");
  const names = there.names(path);
  const { state, stamp } = await observe(there, names, pace);
  if (isSame(state, before) || !isSame(state, after)) return;
  if (isContent(before)) {
    const bytes = contentOf(path);
    if (bytes === undefined) throw new Error(`the journal has lost what stood at ${path}`);
    await putBack(ground, names, stamp, before, bytes);
  } else if (before === "folder") makeFolder(there.spotIn(names));
  else if (!clear(there, names, state, stamp)) return;
  await syncFolder(there.folder(names.slice(0, -1)));
}

/** Moves a folder back, unless it has not left, or something stands there by now. */
async function moveBack({ here, there, pace }: Ground, path: string, from: string): Promise<void> {
  const [now, before] = [here.names(path), there.names(from)];
  const { state } = await observe(here, now, pace);
  if (!isFolder(state) || stampAt(there, before) !== "") return;
  rename(here.spotIn(now), there.spotIn(before));
  await syncFolder(there.folder(before.slice(0, -1)));
  await syncFolder(here.folder(now.slice(0, -1)));
}

async function putBack(
  { here, there, temps }: Ground,
  names: readonly string[],
  stamp: string,
  { mode }: Content,
  bytes: Buffer,
): Promise<void> {
  const temp = createTemp(here, names.slice(0, -1), 0o600, temps);
  try {
    await temp.file.write(bytes);
    checkSize(temp, bytes.length, names.join("/"));
    if (mode !== undefined) temp.file.setMode(mode);
    await temp.file.sync();
    if (stampAt(there, names) !== stamp) return;
    const [source, spot] = [here.spotIn(temp.names), there.spotIn(names)];
    if (stamp === "") take(source, spot);
    else rename(source, spot);
  } finally {
    temp.file.close();
    temp.drop(here);
  }
}

/** Whether it is gone: a folder that somebody has put something in stays. */
function clear(there: Visit, names: readonly string[], state: State, stamp: string): boolean {
  if (stampAt(there, names) !== stamp) return false;
  const spot = there.spotIn(names);
  try {
    if (isFolder(state)) removeFolder(spot);
    else remove(spot);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOTEMPTY") return false;
    throw error;
  }
}
