import type { Input, Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { type Deed, isKept } from "./change.js";
import { type Entry, isId, type Journal } from "./journal.js";

type Answer = Output<"files/history">;

/** The journals of the roots that are served, by the roots' names. */
export type Journals = ReadonlyMap<string, Journal>;

interface Found {
  readonly root: string;
  readonly journal: Journal;
  readonly entry: Entry;
  readonly deed: Deed;
}

function unknown(): never {
  return fail("no-undo", "There is no such operation, or it is kept no longer.", { at: "undo" });
}

/** Lists what was done, the newest first. */
export function history(
  journals: Journals,
  { root, after, limit = LIMITS.historyPage }: Input<"files/history">,
): Answer {
  if (root !== undefined && !journals.has(root)) fail("no-root", "There is no root of that name.", { at: "root" });
  if (after !== undefined && !isId(after)) unknown();
  const finished = [...journals]
    .filter(([name]) => root === undefined || name === root)
    .flatMap(([name, journal]) => journal.entries().map((entry) => ({ root: name, journal, entry })))
    .filter(({ entry }) => after === undefined || entry.id < after)
    .sort((one, other) => (one.entry.id < other.entry.id ? 1 : -1));
  const page = finished.slice(0, limit);
  const last = finished.length > limit ? page.at(-1)?.entry.id : undefined;
  return {
    operations: page.flatMap(({ root: name, journal, entry }) => {
      const deed = journal.read(entry);
      return deed === undefined ? [] : [told(name, entry, deed)];
    }),
    ...(last !== undefined && { after: last }),
  };
}

function told(root: string, { id, state }: Entry, deed: Deed): Answer["operations"][number] {
  const { kind, by, timeMs, changes } = deed;
  return {
    undo: id,
    timeMs,
    root,
    kind,
    by,
    paths: changes.slice(0, LIMITS.historyPaths).map(({ path }) => path),
    changed: changes.length,
    canUndo: state === "done" && isKept(deed),
  };
}

/** Fails with `no-undo`. */
export function find(journals: Journals, id: string): Found {
  if (!isId(id)) unknown();
  for (const [root, journal] of journals) {
    const entry = journal.entries().find((other) => other.id === id);
    const deed = entry && journal.read(entry);
    if (entry !== undefined && deed !== undefined) return { root, journal, entry, deed };
  }
  return unknown();
}

/** What stood at a path before an operation. Fails with `no-undo` where it is not what it was. */
export function contentBefore({ journal, entry, deed }: Found, path: string): Uint8Array {
  return journal.content(entry, deed, path) ?? unknown();
}
