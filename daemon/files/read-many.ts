import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import type { Pace } from "./pace.js";
import { readText } from "./read.js";
import type { Visit } from "./sandbox.js";

type Answer = Output<"files/read-many">;

/** Reads text files in the order asked for. One that fails says so in its place; one that no longer fits ends the call. */
export async function readMany(visit: Visit, paths: Input<"files/read-many">["paths"], pace: Pace): Promise<Answer> {
  const files: Answer["files"] = [];
  let room = LIMITS.readManyBytes;
  for (const [index, path] of paths.entries()) {
    try {
      const spot = visit.spot(path) ?? fail("not-regular", "The root is a folder.", { at: path });
      const { text, hash, bytes } = await readText(spot, LIMITS.readManyBytes, pace);
      if (bytes > room) return { files, leftOut: paths.slice(index) };
      room -= bytes;
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
