import type { Input } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import { createJsonBytes, type EncodedJson, type JsonBytes, type Spare } from "../json-bytes.js";
import type { Hashes } from "./hash-cache.js";
import type { Pace } from "./pace.js";
import { readText } from "./read.js";
import type { Visit } from "./sandbox.js";

/** Room for most files, so that reading thousands of them does not ask the system for memory thousands of times. */
const SCRATCH_BYTES = 64 * 1024;

/**
 * Reads text files in the order asked for. One that fails says so in its place; one that no longer fits ends the call.
 * The answer of the contract is written as JSON while the files are read: a text goes from the disk into it at once,
 * and no two of them are held.
 */
export async function readMany(
  visit: Visit,
  paths: Input<"files/read-many">["paths"],
  hashes: Hashes,
  pace: Pace,
  spare: Spare,
): Promise<EncodedJson> {
  const json = createJsonBytes(spare);
  const scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
  // Of this call alone: while it rests, others read.
  let room = LIMITS.readManyBytes;
  let done = 0;
  json.add('{"files":[');
  for (const path of paths) {
    try {
      const spot = visit.spot(path) ?? fail("not-regular", "The root is a folder.", { at: path });
      const { bytes, hash } = await readText(spot, LIMITS.readManyBytes, pace, hashes, scratch);
      if (bytes.length > room) break;
      room -= bytes.length;
      begin(json, path, done);
      json.add(',"text":');
      json.addText(bytes);
      json.add(`,"hash":"${hash}"}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, detail, at } = error.problem;
      begin(json, path, done);
      json.add(',"problem":');
      json.addValue({ code, detail, at });
      json.add("}");
    }
    done += 1;
    if (pace.isDue()) await pace.rest();
  }
  json.add('],"leftOut":');
  json.addValue(paths.slice(done));
  json.add("}");
  return json.end();
}

function begin(json: JsonBytes, path: string, done: number): void {
  json.add(done === 0 ? '{"path":' : ',{"path":');
  json.addValue(path);
}
