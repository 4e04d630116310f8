import type { Input } from "../../shared/contract/index.js";
import type { Problem } from "../../shared/problem.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import type { Utf8 } from "../utf8.js";
import type { Pace } from "./pace.js";
import { readText } from "./read.js";
import type { Visit } from "./sandbox.js";
import { createSlab } from "./slab.js";

/** The output of the contract, its texts as the bytes that they are on disk. */
export interface ManyTexts {
  readonly files: ({ path: string; text: Utf8; hash: string } | { path: string; problem: Problem })[];
  readonly leftOut: readonly string[];
}

/** Reads text files in the order asked for. One that fails says so in its place; one that no longer fits ends the call. */
export async function readMany(visit: Visit, paths: Input<"files/read-many">["paths"], pace: Pace): Promise<ManyTexts> {
  const files: ManyTexts["files"] = [];
  const allocate = createSlab();
  let room = LIMITS.readManyBytes;
  for (const [index, path] of paths.entries()) {
    try {
      const spot = visit.spot(path) ?? fail("not-regular", "The root is a folder.", { at: path });
      const { text, hash } = await readText(spot, LIMITS.readManyBytes, pace, allocate);
      if (text.bytes.length > room) return { files, leftOut: paths.slice(index) };
      room -= text.bytes.length;
      files.push({ path, text, hash });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, detail, at } = error.problem;
      files.push({ path, problem: { code, detail, ...(at !== undefined && { at }) } });
    }
    if (pace.isDue()) await pace.rest();
  }
  return { files, leftOut: [] };
}
