import { randomBytes } from "node:crypto";
import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Deed } from "./change.js";
import { errnoOf } from "./errno.js";
import { deedIn, endOf, partOf, readPart } from "./record.js";
import { canSyncFolders } from "./system.js";

const ID = /^[0-9a-f]{12}-[0-9a-f]{16}$/u;
const NAME = /^([0-9a-f]{12}-[0-9a-f]{16})\.(?:(done|undone)|(\d+)\.open)$/u;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Bounds {
  readonly bytes: number;
  readonly days: number;
  readonly operations: number;
}

export interface Entry {
  readonly id: string;
  readonly state: "done" | "undone" | "open";
  /** Of an open one: the process that works on it. */
  readonly pid?: number;
}

/** An operation that is being carried out. First the contents of `before`, in the order of the changes, then `seal`. */
export interface Draft {
  readonly entry: Entry;
  add(content: Uint8Array): Promise<void>;
  /** Makes it safe on disk. What it tells of may be done after this, and not before. */
  seal(deed: Deed): Promise<void>;
  /** Says that it is done, and that it may be undone from now on. */
  finish(): void;
  /** Says that nothing of it is left to be undone. */
  drop(): Promise<void>;
}

/**
 * What was done in one root, in PUENTE_HOME: a file for each operation, which holds what stood there before, then the
 * operation itself as JSON, then how long that is. Its name says how far the operation has come: `<id>.<pid>.open`,
 * `<id>.done`, `<id>.undone`; to rename it is to go on. So two daemons never write the same file, and a record that its
 * daemon did not live to seal, which has no end, tells of nothing that was done.
 */
export interface Journal {
  begin(): Promise<Draft>;
  /** The oldest first. */
  entries(): Entry[];
  /** Undefined where there is no such record, or no whole one. */
  read(entry: Entry): Deed | undefined;
  /** What stood at a change's path before, or undefined where it is no longer there. */
  content(entry: Entry, deed: Deed, path: string): Buffer | undefined;
  rename(entry: Entry, state: "done" | "undone"): void;
  remove(entry: Entry): void;
  /** Makes safe on disk how far each operation has come. */
  settle(): Promise<void>;
  /** Removes the oldest ones past the bounds. One that is not finished stays. */
  prune(): void;
}

function fileOf({ id, state, pid }: Entry): string {
  return state === "open" ? `${id}.${pid}.open` : `${id}.${state}`;
}

function entryOf(name: string): Entry[] {
  const [, id = "", state, pid] = NAME.exec(name) ?? [];
  if (id === "") return [];
  return [pid === undefined ? { id, state: state as "done" | "undone" } : { id, state: "open", pid: Number(pid) }];
}

export function isId(text: string): boolean {
  return ID.test(text);
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Makes the names in a folder safe on disk. */
async function syncNames(folder: string): Promise<void> {
  if (!canSyncFolders) return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @param folder made where it is missing, its parent too. */
export function openJournal(folder: string, pid: number, bounds: Bounds): Journal {
  const at = (name: string) => join(folder, name);
  /** As of the last look; what other daemons write in between is seen at the next. */
  let known: { bytes: number; count: number; oldestMs: number } | undefined;
  let lastMs = 0;
  let isMade = false;

  function nextId(): string {
    lastMs = Math.max(Date.now(), lastMs + 1);
    return `${lastMs.toString(16).padStart(12, "0")}-${randomBytes(8).toString("hex")}`;
  }

  function entries(): Entry[] {
    return (ifThere(() => readdirSync(folder)) ?? []).sort().flatMap(entryOf);
  }

  function within<T>(entry: Entry, work: (file: number) => T): T | undefined {
    const file = ifThere(() => openSync(at(fileOf(entry)), "r"));
    if (file === undefined) return undefined;
    try {
      return work(file);
    } finally {
      closeSync(file);
    }
  }

  async function make(): Promise<void> {
    if (isMade) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const above of [dirname(folder), dirname(dirname(folder))]) await syncNames(above);
    isMade = true;
  }

  function prune(): void {
    const finished = entries().filter(({ state }) => state !== "open");
    const sized = finished.map((entry) => ({
      entry,
      bytes: lstatSync(at(fileOf(entry)), { throwIfNoEntry: false })?.size ?? 0,
      timeMs: Number.parseInt(entry.id.slice(0, 12), 16),
    }));
    let bytes = sized.reduce((sum, one) => sum + one.bytes, 0);
    let count = sized.length;
    const isFull = bytes > bounds.bytes || count > bounds.operations;
    // A little more than must go, so that not every operation has to make room for the next.
    const spare = isFull ? 0.95 : 1;
    const endMs = Date.now() - bounds.days * DAY_MS;
    for (const one of sized) {
      const isRoom = bytes <= bounds.bytes * spare && count <= bounds.operations * spare;
      if (isRoom && one.timeMs >= endMs) break;
      rmSync(at(fileOf(one.entry)), { force: true });
      bytes -= one.bytes;
      count -= 1;
    }
    known = { bytes, count, oldestMs: sized[sized.length - count]?.timeMs ?? Date.now() };
  }

  function grow(bytes: number): void {
    if (known === undefined) {
      prune();
      return;
    }
    known.bytes += bytes;
    known.count += 1;
    const isOld = known.oldestMs < Date.now() - bounds.days * DAY_MS;
    if (known.bytes > bounds.bytes || known.count > bounds.operations || isOld) prune();
  }

  function draftOf(entry: Entry, handle: FileHandle): Draft {
    let bytes = 0;
    const close = async () => {
      if (handle.fd !== -1) await handle.close();
    };
    return {
      entry,
      async add(content) {
        bytes += content.byteLength;
        await handle.writeFile(content);
      },
      async seal(deed) {
        const end = endOf(deed);
        bytes += end.length;
        await handle.writeFile(end);
        await Promise.all([handle.sync(), syncNames(folder)]);
        await close();
      },
      finish() {
        renameSync(at(fileOf(entry)), at(fileOf({ id: entry.id, state: "done" })));
        grow(bytes);
      },
      async drop() {
        await close();
        rmSync(at(fileOf(entry)), { force: true });
      },
    };
  }

  return {
    async begin() {
      await make();
      const entry: Entry = { id: nextId(), state: "open", pid };
      return draftOf(entry, await open(at(fileOf(entry)), "wx", 0o600));
    },
    entries,
    read: (entry) => within(entry, deedIn),
    content(entry, { changes }, path) {
      const part = partOf(changes, path);
      return part && within(entry, (file) => readPart(file, part.from, part.bytes));
    },
    rename: (entry, state) => renameSync(at(fileOf(entry)), at(fileOf({ id: entry.id, state }))),
    remove: (entry) => rmSync(at(fileOf(entry)), { force: true }),
    settle: () => syncNames(folder),
    prune,
  };
}
