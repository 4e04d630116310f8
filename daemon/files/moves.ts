import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { Change } from "./change.js";
import { isTemporary } from "./denied.js";
import { failOnDisk, refuse } from "./errno.js";
import type { Pace } from "./pace.js";
import { isSayable } from "./path.js";
import type { Visit } from "./sandbox.js";
import { tour } from "./tour.js";

/**
 * Holds the folders that are to move against what is in them and what else is to be done. The danger: what nobody may
 * touch moves along, Puente's own folder among it; a path of another edit leads somewhere else by then; what is in the
 * folder cannot be named any more. The rule: each of these refuses the move.
 * @param paths of all edits.
 */
export async function checkMoves(
  visit: Visit,
  moving: readonly Change[],
  paths: readonly string[],
  pace: Pace,
): Promise<void> {
  for (const { path, from } of moving) {
    const below = paths.find((other) => other.startsWith(`${path}/`));
    if (below !== undefined) fail("invalid-input", "edits: none may be below a folder that moves", { at: below });
    if (from !== undefined) await checkContent(visit, visit.names(from), visit.names(path), pace);
  }
}

async function checkContent(visit: Visit, from: readonly string[], to: readonly string[], pace: Pace): Promise<void> {
  const at = from.join("/");
  const onDenied = (_folder: unknown, name: string) => {
    if (isTemporary(name)) refuse("file-busy", at);
    fail("denied-path", "The folder holds what Puente never touches.", { at });
  };
  try {
    for (const found of tour(visit, { from, depth: LIMITS.depth, after: [], onDenied })) {
      if (found !== undefined && !isSayable([...to, ...found.names.slice(from.length)])) {
        fail("invalid-path", "A path in the folder would be too long.", { at });
      }
      if (pace.isDue()) await pace.rest();
    }
  } catch (error) {
    failOnDisk(error, at);
  }
}
