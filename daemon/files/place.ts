import type { Stats } from "node:fs";
import { fail } from "../fail.js";
import { errnoOf, isHeld, refuse } from "./errno.js";
import { type Expectation, holdHash, readStanding, type Seen, standingAt } from "./expect.js";
import { claim, lookAt, type Place, remove, replace, reserve } from "./leaf.js";
import type { Pace } from "./pace.js";
import type { Temp } from "./temp.js";
import { together } from "./together.js";
import { identityOf, type Spot } from "./walk.js";

/** How often a file may change while it is looked at before the write gives up. */
const TRIES = 8;
const MODE_BITS = 0o777;

/**
 * Gives a finished file the name it was written for, if what stands there is as expected.
 * The danger: somebody else writes between the look and the rename. The rule: what stands there is read first, which
 * takes time; then, in one piece that nothing else in this process can interrupt, the file is seen to be the very one
 * that was read, and is replaced. So of two of our writers with one expectation one wins. A name that must be free is taken
 * by a hard link, which fails where it is taken. Not protected: another program that writes in the microseconds
 * between that second look and the rename; no system that Node knows has a rename with a condition.
 *
 * @param keep what must have been done with what stands there before it is replaced; again, if that has changed since.
 */
export async function place(
  spot: Spot,
  temp: Temp,
  expectation: Expectation,
  pace: Pace,
  keep: (seen: Seen) => Promise<void>,
): Promise<void> {
  const from = { folder: spot.folder, name: temp.name };
  async function look(): Promise<Seen> {
    const seen = await readStanding(spot, pace);
    holdHash(spot, expectation, seen.hash);
    await keep(seen);
    return seen;
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    // Side by side: most of the time is the disk's.
    const [syncing, looking] = [temp.file.sync(), look()];
    await together(syncing, looking);
    const seen = await looking;
    if (standingAt(spot).stamp !== seen.stamp) continue;
    if (seen.stats !== undefined) temp.file.setMode(seen.stats.mode & MODE_BITS);
    if (expectation !== "absent") {
      rename(from, spot);
      return temp.moved();
    }
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
