import type { Stats } from "node:fs";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import { refuse } from "./errno.js";
import { isHash } from "./hash.js";
import { lookAt } from "./leaf.js";
import type { Pace } from "./pace.js";
import { readHash, readWhole } from "./read.js";
import { type Spot, stampOf } from "./walk.js";

/** What a writer expects to stand where it writes: a file of this hash, nothing, or either. */
export type Expectation = { readonly hash: string } | "absent" | "any";

/** What stood there when it was looked at. */
export interface Standing {
  /** Undefined where nothing stood. */
  readonly stats: Stats | undefined;
  /** As of `stampOf`; empty where nothing stood. */
  readonly stamp: string;
}

/** The same, with what is in it. */
export interface Seen extends Standing {
  /** `absent` where nothing stood; undefined for a file that is too large to be read. */
  readonly hash: string | undefined;
  readonly bytes?: Buffer;
}

const WRITE_BITS = 0o222;

export function parseExpectation(text: string | undefined): Expectation {
  if (text === undefined) return fail("expect-missing", "A write says what it expects.", { at: "expect" });
  if (text === "absent" || text === "any") return text;
  if (!isHash(text)) fail("invalid-input", "expect: must be 64 hex digits, absent or any", { at: "expect" });
  return { hash: text };
}

/** What stands at a spot now. Fails where a file cannot stand. */
export function standingAt(spot: Spot): Standing {
  const stats = lookAt(spot);
  if (stats === undefined) return { stats, stamp: "" };
  if (stats.isSymbolicLink()) refuse("outside-root", spot.path);
  if (stats.isDirectory()) refuse("is-a-folder", spot.path);
  if (!stats.isFile()) refuse("not-regular", spot.path);
  if ((stats.mode & WRITE_BITS) === 0) fail("no-permission", "The file is marked as read-only.", { at: spot.path });
  return { stats, stamp: stampOf(stats) };
}

/** Holds a hash of now against what is expected. Fails with `changed`. */
export function holdHash(spot: Spot, expectation: Expectation, hash: string | undefined): void {
  if (expectation === "any" || hash === (expectation === "absent" ? "absent" : expectation.hash)) return;
  fail("changed", "The file is not as expected.", { at: spot.path, ...(hash !== undefined && { hash }) });
}

/** Fails with `changed` where a look alone shows that it is not as expected; what is in it is not read. */
export async function checkPresence(spot: Spot, expectation: Expectation, pace: Pace): Promise<Standing> {
  const standing = standingAt(spot);
  const isWrong = expectation !== "any" && (standing.stats === undefined) !== (expectation === "absent");
  if (isWrong) holdHash(spot, expectation, standing.stats === undefined ? "absent" : await hashNow(spot, pace));
  return standing;
}

/** Reads what stands at a spot. Fails where nothing can be read but nothing, or a file that is too large. */
export async function readStanding(spot: Spot, pace: Pace): Promise<Seen> {
  try {
    const { stats, bytes, hash } = await readWhole(spot, LIMITS.fileBytes, pace);
    return { stats, stamp: stampOf(stats), bytes, hash };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.problem.code === "not-found") return { stats: undefined, stamp: "", hash: "absent" };
    if (error.problem.code === "too-large") return { ...standingAt(spot), hash: undefined };
    throw error;
  }
}

/** The hash of what stands at a spot: `absent` where nothing does, undefined for a file that is too large to have one. */
export async function hashNow(spot: Spot, pace: Pace): Promise<string | undefined> {
  try {
    return await readHash(spot, pace);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.problem.code === "not-found") return "absent";
    if (error.problem.code === "too-large") return undefined;
    throw error;
  }
}
