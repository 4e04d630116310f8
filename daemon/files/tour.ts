import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { Failure } from "../fail.js";
import { isAscii } from "./ascii.js";
import { failOnDisk } from "./errno.js";
import { lookAt, type Named, namesIn } from "./leaf.js";
import type { Visit } from "./sandbox.js";
import type { Folder, Spot } from "./walk.js";

/** One thing that a tour comes by. */
export interface Found {
  /** From the root on. */
  readonly names: readonly string[];
  /** The same as one text. */
  readonly path: string;
  /** Looks at it; undefined where it is gone by now. Costs a third of what reading a small file does. */
  stats(): Stats | undefined;
  /** As the folder says of it. */
  readonly kind: "folder" | "other";
  /** Where to read it; only until the tour goes on. */
  spot(): Spot;
}

export interface Route {
  /** The folder to begin in. */
  readonly from: readonly string[];
  /** How many levels below it. */
  readonly depth: number;
  /** Begin behind this, as names below `from`; empty: at the beginning. */
  readonly after: readonly string[];
  /** Whether it is passed over, with all that is in it. */
  hides?(path: string, kind: "file" | "folder"): boolean;
  /** Told of a name in a folder that is denied; not of what is in a folder that is. */
  onDenied?(folder: Folder, name: string): void;
}

interface Stage {
  readonly names: readonly string[];
  /** What a path of something in it begins with. */
  readonly prefix: string;
  readonly folder: readonly Named[];
  /** What of `after` still lies below this folder. */
  readonly after: readonly string[];
  next: number;
}

/** The name that the bytes of a latin1 string spell in UTF-8, or undefined. */
function nameOf(raw: string): string | undefined {
  if (isAscii(raw)) return raw;
  const bytes = Buffer.from(raw, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

function rawOf(name: string): string {
  return Buffer.from(name, "utf8").toString("latin1");
}

/** The first index whose name is not before `raw`. */
function indexOf(sorted: readonly Named[], raw: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.name ?? "") < raw) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Everything below a folder: each folder before what it holds, siblings in the order of their bytes. `undefined` stands
 * for what cannot be shown: a name that no path can say, or a folder that the system does not open.
 * A tour that begins behind a path reads only the folders on the way there, not what lies before.
 */
export function* tour(visit: Visit, route: Route): Generator<Found | undefined> {
  const stages = [stageOf(visit, route.from, route.after)];
  for (let stage = stages.at(-1); stage !== undefined; stage = stages.at(-1)) {
    const named = stage.folder[stage.next];
    stage.next += 1;
    if (named === undefined) {
      stages.pop();
      continue;
    }
    const raw = named.name;
    const passed = stage.after[0] !== undefined && raw === rawOf(stage.after[0]);
    const name = nameOf(raw);
    if (name === undefined) {
      yield undefined;
      continue;
    }
    const names = [...stage.names, name];
    const showing = visit.shows(names);
    if (showing === "denied") route.onDenied?.(visit.folder(stage.names), name);
    if (showing === "unsayable") yield undefined;
    if (showing !== "shown") continue;
    const kind = named.isDirectory() ? "folder" : "other";
    const path = stage.prefix + name;
    if (route.hides?.(path, kind === "folder" ? kind : "file") === true) continue;
    if (!passed)
      yield { names, path, kind, stats: () => glance(visit, names, path), spot: () => visit.spotIn(names, path) };
    if (kind !== "folder" || names.length - route.from.length >= route.depth) continue;
    const inner = descend(visit, names, passed ? stage.after.slice(1) : []);
    if (inner === undefined) yield undefined;
    else stages.push(inner);
  }
}

function glance(visit: Visit, names: readonly string[], path: string): Stats | undefined {
  try {
    return lookAt(visit.spotIn(names, path));
  } catch (error) {
    return isGone(error) ? undefined : failOnDisk(error, path);
  }
}

/** What went away while the tour was on its way is simply no longer there. */
function isGone(error: unknown): boolean {
  return error instanceof Failure && ["not-found", "not-a-folder", "outside-root"].includes(error.problem.code);
}

function descend(visit: Visit, names: readonly string[], after: readonly string[]): Stage | undefined {
  try {
    return stageOf(visit, names, after);
  } catch (error) {
    if (isGone(error)) return { names, prefix: "", folder: [], after: [], next: 0 };
    if (error instanceof Failure && ["no-permission", "denied-path"].includes(error.problem.code)) return undefined;
    throw error;
  }
}

function stageOf(visit: Visit, names: readonly string[], after: readonly string[]): Stage {
  const at = visit.folder(names);
  let folder: readonly Named[];
  try {
    folder = namesIn(at);
  } catch (error) {
    return failOnDisk(error, names.join("/"));
  }
  const prefix = names.length === 0 ? "" : `${names.join("/")}/`;
  return { names, prefix, folder, after, next: after[0] === undefined ? 0 : indexOf(folder, rawOf(after[0])) };
}
