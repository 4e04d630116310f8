import { join } from "node:path";
import { fail } from "../fail.js";
import type { Bounds } from "./bounds.js";
import { type Journal, openJournal } from "./journal.js";
import { rootId } from "./root-id.js";
import type { Root } from "./sandbox.js";
import { openTemps } from "./temps.js";
import type { Notes } from "./write.js";

export interface HistoryOptions {
  /** Absolute; a folder for each root in it. Made where it is missing. */
  readonly folder: string;
  readonly pid: number;
  isAlive(pid: number): boolean;
  readonly bounds: Bounds;
}

/** The journals of the roots, each in the folder of its root's id, so that it outlives another name of the root. */
export function keepHistory(roots: readonly Root[], { folder, pid, isAlive, bounds }: HistoryOptions) {
  const notes = new Map<string, Notes>();
  for (const root of roots) {
    const own = join(folder, rootId(root.folder));
    notes.set(root.name, { journal: openJournal(own, pid, bounds), temps: openTemps(own, pid) });
  }
  const journals: ReadonlyMap<string, Journal> = new Map([...notes].map(([name, { journal }]) => [name, journal]));
  return {
    journals,
    notesOf: (root: string): Notes =>
      notes.get(root) ?? fail("no-root", "There is no root of that name.", { at: "root" }),
    /** Whoever had our own number before us is no more. */
    isDead: (other: number) => other === pid || !isAlive(other),
  };
}
