import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { type Change, type Deed, isContent, isWhole, type State } from "./change.js";
import { errnoOf, failOnDisk, isHeld, refuse } from "./errno.js";
import type { Ground } from "./ground.js";
import type { Draft } from "./journal.js";
import { lookAt, makeFolder, remove, removeFolder, syncFolder } from "./leaf.js";
import { stampAt } from "./observe.js";
import { keepOwner } from "./owner.js";
import { rename, take } from "./place.js";
import type { Step } from "./plan.js";
import { readWhole } from "./read.js";
import { restore } from "./restore.js";
import type { Visit } from "./sandbox.js";
import { checkSize, createTemp, type Temp } from "./temp.js";
import { together } from "./together.js";
import type { Spot } from "./walk.js";

/** Files that are open and made safe on disk at once. */
const GROUP = 64;

/** What a plan was made of has changed meanwhile, and nothing was done. Another plan may be made. */
export class Stale extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`changed meanwhile: ${path}`);
    this.path = path;
  }
}

/**
 * Carries out a plan, all of it or nothing, and answers the id to undo it by.
 *
 * The danger: the daemon dies between two changes, or the disk fails at the second. The rule: first everything that
 * takes time and can fail is done where nobody sees it: what stands there goes into the journal, and what shall stand
 * there into files of our own, and all of it is made safe on disk. Then, in one piece that nothing else in this process
 * can interrupt, every path is seen to be as it was looked at, and is changed. What fails there is put back at once; a
 * daemon that dies there leaves the record open, and the next one puts back what was done (`recover.ts`). The record is
 * closed, safely, before anybody is told. Not protected: another program that writes in the same microseconds, and who
 * looks at the root while it is changed.
 *
 * Throws `Stale` where a path is no longer as it was looked at.
 */
export async function commit(
  ground: Ground,
  steps: readonly Step[],
  deed: Omit<Deed, "changes">,
  contents: (path: string) => Uint8Array,
): Promise<string> {
  const draft = beginIn(ground, { ...deed, changes: steps.map(({ change }) => change) });
  const staged = new Map<string, Temp>();
  try {
    await prepare(ground, steps, draft, contents, staged);
    await changeAll(ground, steps, staged, draft);
    draft.finish();
    await draft.settle();
    return draft.id;
  } finally {
    for (const temp of staged.values()) temp.drop(ground.there);
  }
}

function beginIn({ journal }: Ground, deed: Deed): Draft {
  try {
    return journal.begin(deed);
  } catch (error) {
    return failOnDisk(error);
  }
}

/** The old contents and the new ones go to the disk side by side: most of the time is the disk's. */
async function prepare(
  ground: Ground,
  steps: readonly Step[],
  draft: Draft,
  contents: (path: string) => Uint8Array,
  staged: Map<string, Temp>,
): Promise<void> {
  try {
    await together(record(ground, steps, draft), stage(ground, steps, contents, staged));
  } catch (error) {
    draft.drop();
    failOnDisk(error);
  }
}

async function record({ here, pace }: Ground, steps: readonly Step[], draft: Draft): Promise<void> {
  for (const {
    change: { path, before },
  } of steps) {
    if (!isContent(before)) continue;
    const { bytes, hash } = await readWhole(here.spotIn(here.names(path)), LIMITS.fileBytes, pace);
    if (hash !== before.hash) throw new Stale(path);
    await draft.add(bytes);
    if (pace.isDue()) await pace.rest();
  }
  await draft.seal();
}

async function stage(
  { there, temps }: Ground,
  steps: readonly Step[],
  contents: (path: string) => Uint8Array,
  staged: Map<string, Temp>,
): Promise<void> {
  const made = new Set(steps.flatMap(({ change }) => (change.after === "folder" ? [change.path] : [])));
  const written = steps.filter(({ change }) => isContent(change.after) && change.from === undefined);
  for (let from = 0; from < written.length; from += GROUP) {
    const open: Temp[] = [];
    try {
      for (const step of written.slice(from, from + GROUP)) {
        const temp = createTemp(there, standingFolder(step.names, made), modeFor(step.change), temps);
        open.push(temp);
        staged.set(step.change.path, temp);
        await fillTemp(there, temp, step, contents(step.change.path));
      }
      await together(...open.map(({ file }) => file.sync()));
    } finally {
      for (const { file } of open) file.close();
    }
  }
}

/** The innermost folder on the way that is there already: on the same disk as those that will be made in it. */
function standingFolder(names: readonly string[], made: ReadonlySet<string>): readonly string[] {
  let depth = names.length - 1;
  while (depth > 0 && made.has(names.slice(0, depth).join("/"))) depth -= 1;
  return names.slice(0, depth);
}

function modeOf({ before, after }: Change): number | undefined {
  if (isContent(before)) return before.mode;
  return isContent(after) ? after.mode : undefined;
}

/** What replaces a file may be a secret like it, and is nobody else's until it has that file's mode. */
function modeFor(change: Change): number {
  return modeOf(change) === undefined ? 0o666 : 0o600;
}

async function fillTemp(there: Visit, temp: Temp, { names, change }: Step, bytes: Uint8Array): Promise<void> {
  await temp.file.write(bytes);
  const own = checkSize(temp, bytes.byteLength, change.path);
  const stats = isContent(change.before) ? lookAt(there.spotIn(names)) : undefined;
  if (stats !== undefined) keepOwner(temp.file, own, stats);
  const mode = modeOf(change);
  if (mode !== undefined) temp.file.setMode(mode);
}

async function changeAll(
  ground: Ground,
  steps: readonly Step[],
  staged: ReadonlyMap<string, Temp>,
  draft: Draft,
): Promise<void> {
  const done: Change[] = [];
  try {
    for (const { names, change, stamp } of steps) holdStamp(ground.there, names, change.path, stamp);
    for (const step of steps) {
      done.push(step.change);
      makeChange(ground, step, staged.get(step.change.path));
    }
    await syncParents(ground.there, steps);
  } catch (error) {
    const left = await restore(ground, done, draft.content);
    // What could not be put back now is put back at the next start: the record stays open.
    if (left === undefined) draft.drop();
    return failOnDisk(left ?? error);
  }
}

function holdStamp(visit: Visit, names: readonly string[], path: string, stamp: string): void {
  if (stampAt(visit, names) !== stamp) throw new Stale(path);
}

function makeChange({ here, there }: Ground, { names, change }: Step, temp: Temp | undefined): void {
  const { path, before, after, from } = change;
  const spot = there.spotIn(names);
  try {
    if (after === "folder") makeFolder(spot);
    else if (after === "nothing") clear(spot, before);
    else if (isWhole(after)) rename(here.spotIn(here.names(from ?? "")), spot);
    else {
      const source = here.spotIn(from === undefined ? (temp?.names ?? []) : here.names(from));
      if (isContent(before)) rename(source, spot);
      else if (take(source, spot) === "there already") throw new Stale(path);
    }
  } catch (error) {
    if (isHeld(error)) refuse("file-busy", path);
    if (errnoOf(error) === "ENOTEMPTY") fail("is-a-folder", "The folder is not empty.", { at: path });
    failOnDisk(error, path);
  }
}

/** What was moved by a rename has gone already. */
function clear(spot: Spot, before: State): void {
  if (isWhole(before)) return;
  if (before === "folder") removeFolder(spot);
  else if (lookAt(spot) !== undefined) remove(spot);
}

/** Makes the names safe on disk, each folder once. */
async function syncParents(visit: Visit, steps: readonly Step[]): Promise<void> {
  const gone = new Set(steps.flatMap(({ change }) => (change.after === "nothing" ? [change.path] : [])));
  const parents = new Map(steps.map(({ names }) => [names.slice(0, -1).join("/"), names.slice(0, -1)]));
  for (const [path, names] of parents) if (!gone.has(path)) await syncFolder(visit.folder(names));
}
