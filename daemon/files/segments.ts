import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf } from "./errno.js";
import { createFile, openFile } from "./new-file.js";
import { type Head, headsIn } from "./record.js";
import { createSegment, type Segment } from "./segment.js";
import { createSoon } from "./soon.js";
import { canSyncFolders } from "./system.js";
import { together } from "./together.js";

const NAME = /^([0-9a-f]{12}-[0-9a-f]{16})\.(\d+)\.(open|closed)$/u;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A segment as it lies in its folder. */
export interface Lying {
  readonly id: string;
  readonly name: string;
  /** The process that writes to it. */
  readonly pid?: number;
  /** Of one that nobody writes to any more: how many operations it holds. */
  readonly operations?: number;
}

/** How much one segment holds before another is begun. */
export interface Share {
  readonly bytes: number;
  readonly operations: number;
}

/**
 * The segments of a journal: files that operations are written to, one behind another. Measured on ext4: a file for each
 * operation made a write half as long again. A segment is named `<id>.<pid>.open` while a process writes to it, and
 * `<id>.<operations>.closed` after that; so two daemons never write one file, and to prune is to unlink.
 */
export interface Segments {
  /** The oldest first. */
  list(): Lying[];
  /** Undefined where it is gone. */
  sizeOf(lying: Lying): { readonly bytes: number; readonly modifiedMs: number } | undefined;
  remove(lying: Lying): void;
  /** Lets a segment be read; undefined where it is gone. */
  within<T>(id: string, work: (file: number) => T): T | undefined;
  /** One to write an operation to, with its contents, that nobody else has meanwhile. */
  take(): Segment;
  /** The operation is written, or was taken back. */
  giveBack(segment: Segment): void;
  /** Something was said of an operation: it is made safe on disk a moment later. */
  settle(segment: Segment): void;
  /** Takes over a segment of a process that is no more, to say how far its operations have come; undefined where another process was faster. */
  claim(lying: Lying): { readonly segment: Segment; readonly heads: readonly Head[] } | undefined;
  /** Makes safe what was said of a segment that was taken over, and closes it where nothing is open. */
  end(segment: Segment): Promise<void>;
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether it was there. */
function renamed(from: string, to: string): boolean {
  return ifThere(() => renameSync(from, to) ?? true) ?? false;
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

function lyingOf(name: string): Lying[] {
  const [, id = "", number, state] = NAME.exec(name) ?? [];
  if (id === "") return [];
  return [{ id, name, ...(state === "open" ? { pid: Number(number) } : { operations: Number(number) }) }];
}

/** @param folder made where it is missing, its parent too. @param nextId ids that are later ones in the order of strings. */
export function openSegments(folder: string, pid: number, share: Share, nextId: () => string): Segments {
  const at = (name: string) => join(folder, name);
  const openName = (id: string) => `${id}.${pid}.open`;
  const over = new Set<Segment>();
  let idle: Segment | undefined;
  let isMade = false;

  const soon = createSoon<Segment>(async (segment) => {
    await segment.sync();
    if (isOver(segment) && !soon.has(segment)) close(segment);
  });

  function isOver(segment: Segment): boolean {
    return over.has(segment) && segment.isSettled();
  }

  /** Nobody writes to it any more; what was written may still be on its way to the disk. */
  function endName(segment: Segment): void {
    if (isOver(segment)) renamed(at(openName(segment.id)), at(`${segment.id}.${segment.operations()}.closed`));
  }

  function close(segment: Segment): void {
    over.delete(segment);
    segment.close();
  }

  function settle(segment: Segment): void {
    endName(segment);
    soon.add(segment);
  }

  /** Nobody writes to it any more, and what was begun in it may have been taken back. */
  function lay(segment: Segment): void {
    over.add(segment);
    if (segment.operations() === 0) {
      rmSync(at(openName(segment.id)), { force: true });
      close(segment);
    } else if (isOver(segment)) settle(segment);
  }

  function isFull(segment: Segment): boolean {
    return (
      segment.bytes() >= share.bytes || segment.operations() >= share.operations || Date.now() - segment.madeMs > DAY_MS
    );
  }

  async function makeNamesSafe(): Promise<void> {
    const above = isMade ? [] : [dirname(folder), dirname(dirname(folder))];
    await together(...[folder, ...above].map(syncNames));
    isMade = true;
  }

  function list(): Lying[] {
    return (ifThere(() => readdirSync(folder)) ?? []).sort().flatMap(lyingOf);
  }

  function within<T>(id: string, work: (file: number) => T): T | undefined {
    const name = list().find((lying) => lying.id === id)?.name;
    const file = name === undefined ? undefined : ifThere(() => openSync(at(name), "r"));
    if (file === undefined) return undefined;
    try {
      return work(file);
    } finally {
      closeSync(file);
    }
  }

  return {
    list,
    sizeOf({ name }) {
      const stats = lstatSync(at(name), { throwIfNoEntry: false });
      return stats && { bytes: stats.size, modifiedMs: stats.mtimeMs };
    },
    remove: ({ name }) => rmSync(at(name), { force: true }),
    within,
    take() {
      soon.check();
      const segment = idle;
      idle = undefined;
      if (segment !== undefined) return segment;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const id = nextId();
      return createSegment(id, createFile(at(openName(id)), 0o600), makeNamesSafe);
    },
    giveBack(segment) {
      if (idle === undefined && !isFull(segment)) idle = segment;
      else lay(segment);
    },
    settle,
    claim({ id, name }) {
      if (!renamed(at(name), at(openName(id)))) return undefined;
      const heads = within(id, (file) => headsIn(file, id)) ?? [];
      const segment = createSegment(id, openFile(at(openName(id))), makeNamesSafe, heads);
      over.add(segment);
      return { segment, heads };
    },
    async end(segment) {
      await segment.sync();
      endName(segment);
      if (isOver(segment)) close(segment);
    },
  };
}
