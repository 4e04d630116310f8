import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { fail } from "../fail.js";
import { errnoOf, isHeld, refuse } from "./errno.js";
import { check, type Expectation, type Standing, standingAt } from "./expect.js";
import { claim, lookAt, type Place, remove, replace, reserve, setMode } from "./leaf.js";
import type { Pace } from "./pace.js";
import { identityOf, type Spot } from "./walk.js";

/** How often a file may change while it is looked at before the write gives up. */
const TRIES = 8;
const MODE_BITS = 0o777;

/**
 * Gives a finished file the name it was written for, if what stands there is as expected.
 * The danger: somebody else writes between the look and the rename. The rule: the hash is read first, which takes time;
 * then, in one piece that nothing else in this process can interrupt, the file is seen to be the very one that was
 * hashed, and is replaced. So of two of our writers with one expectation one wins. A name that must be free is taken
 * by a hard link, which fails where it is taken. Not protected: another program that writes in the microseconds
 * between that second look and the rename; no system that Node knows has a rename with a condition.
 *
 * @param prepare what must have been done with what stands there before it is replaced; again, if that has changed since.
 */
export async function place(
  spot: Spot,
  finished: string,
  handle: FileHandle,
  expectation: Expectation,
  pace: Pace,
  prepare: (seen: Standing) => Promise<void>,
): Promise<void> {
  const from = { folder: spot.folder, name: finished };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const seen = await check(spot, expectation, pace);
    await prepare(seen);
    if (standingAt(spot).stamp !== seen.stamp) continue;
    if (seen.stats !== undefined) setMode(handle, seen.stats.mode & MODE_BITS);
    if (expectation !== "absent") return rename(from, spot);
    if (take(from, spot) === "taken") return;
  }
  fail("file-busy", "The file keeps changing.", { at: spot.path });
}

/** Puts a file in the place of what stands at a spot. Fails with `file-busy` where somebody holds it. */
export function rename(from: Place, spot: Spot): void {
  try {
    replace(from, spot);
  } catch (error) {
    if (isHeld(error)) refuse("file-busy", spot.path);
    throw error;
  }
}

/** Gives a file a name that must be free. Its old name may stay. */
export function take(from: Place, spot: Spot): "taken" | "there already" {
  try {
    claim(from, spot);
    return "taken";
  } catch (error) {
    const errno = errnoOf(error) ?? "";
    if (errno === "EEXIST") return "there already";
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EISDIR"].includes(errno)) throw error;
  }
  return takeWithoutLinks(from, spot);
}

/** Where the file system has no hard links: an empty file takes the name, and is replaced at once. */
function takeWithoutLinks(from: Place, spot: Spot): "taken" | "there already" {
  let reserved: Stats;
  try {
    reserved = reserve(spot);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return "there already";
    throw error;
  }
  try {
    rename(from, spot);
    return "taken";
  } catch (error) {
    free(spot, reserved);
    throw error;
  }
}

/** Removes the empty file that took a name; not what somebody else has put there or in it. */
function free(spot: Spot, reserved: Stats): void {
  const stats = lookAt(spot);
  if (stats === undefined || identityOf(stats) !== identityOf(reserved) || stats.size > 0) return;
  try {
    remove(spot);
  } catch (error) {
    // Held by whoever held it before: it stays, and the failure that led here is the one to tell.
    if (errnoOf(error) === undefined) throw error;
  }
}
