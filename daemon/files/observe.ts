import { Failure } from "../fail.js";
import type { Content, Whole } from "./change.js";
import { hashNow, standingAt } from "./expect.js";
import { lookAt } from "./leaf.js";
import type { Pace } from "./pace.js";
import type { Visit } from "./sandbox.js";
import { identityOf, type Spot } from "./walk.js";

const MODE_BITS = 0o777;

/** What stands at a path, a folder whole, and a stamp that changes with it. */
export interface Seen {
  readonly state: "nothing" | Whole | Content;
  readonly stamp: string;
}

function spotAt(visit: Visit, names: readonly string[]): Spot | undefined {
  try {
    return visit.spotIn(names);
  } catch (error) {
    if (error instanceof Failure && error.problem.code === "not-found") return undefined;
    throw error;
  }
}

/** What stands at a path: a file, a folder or nothing. Fails where it is anything else, or nothing that may be changed. */
export async function observe(visit: Visit, names: readonly string[], pace: Pace): Promise<Seen> {
  const stamp = stampAt(visit, names);
  const spot = spotAt(visit, names);
  if (stamp === "" || spot === undefined) return { state: "nothing", stamp: "" };
  if (stamp.startsWith("folder ")) return { state: { folder: stamp.slice(stamp.lastIndexOf(":") + 1) }, stamp };
  const { stats } = standingAt(spot);
  const hash = stats && (await hashNow(spot, pace));
  if (stats === undefined || hash === "absent") return { state: "nothing", stamp: "" };
  const mode = stats.mode & MODE_BITS;
  return { state: { ...(hash !== undefined && { hash }), bytes: stats.size, mode }, stamp };
}

/** The stamp alone, in one piece with what is done next; empty where nothing stands. */
export function stampAt(visit: Visit, names: readonly string[]): string {
  const spot = spotAt(visit, names);
  const stats = spot && lookAt(spot);
  if (spot === undefined || stats === undefined) return "";
  if (!stats.isDirectory()) return standingAt(spot).stamp;
  visit.folder(names); // One that is denied whatever its name says so.
  return `folder ${identityOf(stats)}`;
}
