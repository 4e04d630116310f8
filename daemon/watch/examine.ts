import type { Ground, Sight } from "./ground.js";
import type { History } from "./history.js";
import type { Known } from "./known.js";
import type { Watcher } from "./watcher.js";
import type { Writings } from "./writings.js";

/** SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** A writer first makes a file empty and then fills it. This long it may take before empty counts as what it wrote. */
const FILLING_MS = 8;
/** Who waits is told of a long look's changes this often. */
const TELL_EVERY = 256;

export interface Examiner {
  /** Compares paths with what was known of them. */
  examine(paths: readonly string[]): Promise<void>;
  /** Compares everything. A file is read only where the system says it differs. */
  survey(): Promise<void>;
  /** Everything is gone. */
  forget(): void;
  /** Takes everything as it stands for known. */
  learn(): Promise<void>;
}

export interface Means {
  readonly ground: Ground;
  readonly root: string;
  readonly known: Known;
  readonly history: History;
  readonly writings: Writings;
  readonly watcher: Watcher;
  /** Tells who waits of what is in the history. */
  tell(): void;
  /** Looks at a path again later. */
  again(path: string, milliseconds: number): void;
  readonly signal: AbortSignal;
}

/** Turns looks at the disk into changes. */
export function createExaminer(means: Means): Examiner {
  const { ground, root, known, history, writings, watcher, tell, again, signal } = means;
  /** Files that were found empty, and until when that does not count. */
  const filling = new Map<string, number>();
  /** Of the batch that is looked at: what is gone, by what it was, so that it is known again under a new name. */
  const gone = new Map<string, readonly [path: string, sight: Sight]>();

  function forget(path: string): void {
    for (const [lost, sight] of known.remove(path)) {
      if (sight.kind === "folder") watcher.drop(lost);
      gone.set(identityOf(sight), [lost, sight]);
      const by = writings.writerOf(lost, undefined, true);
      history.add({ path: lost, kind: "removed", ...(by !== undefined && { by }) });
    }
  }

  /** Where what stands at a path stood before, if it is gone from there. */
  function originOf(now: Sight): string | undefined {
    const [path, before] = gone.get(identityOf(now)) ?? [];
    const isSame = before?.kind === now.kind && (before.hash === undefined || before.hash === now.hash);
    return isSame && path !== undefined && known.get(path) === undefined ? path : undefined;
  }

  function note(path: string, now: Sight): void {
    let before = known.get(path);
    if (before !== undefined && before.kind !== now.kind) {
      forget(path);
      before = undefined;
    }
    if (now.kind === "folder") followFolder(path, now, before);
    known.set(path, now);
    if (before !== undefined && (now.kind === "folder" || !differs(before, now))) return;
    const from = originOf(now);
    const by = writings.writerOf(path, now, from !== undefined);
    history.add({
      path,
      kind: before === undefined ? "added" : "changed",
      ...(now.hash !== undefined && { hash: now.hash }),
      ...(from !== undefined && { from }),
      ...(by !== undefined && { by }),
    });
  }

  /** To be done before a folder is listed: what comes later is told of by the system. */
  function followFolder(path: string, now: Sight, before: Sight | undefined): void {
    if (before !== undefined && before.stamp !== now.stamp) watcher.drop(path);
    watcher.follow(path);
  }

  /** A file as it is: whether it may still be on its way to what its writer means. */
  function isFilling(path: string, now: Sight): boolean {
    if (now.hash !== EMPTY || known.get(path)?.hash === EMPTY) {
      filling.delete(path);
      return false;
    }
    const until = filling.get(path);
    if (until !== undefined && performance.now() >= until) {
      filling.delete(path);
      return false;
    }
    if (until === undefined) {
      filling.set(path, performance.now() + FILLING_MS);
      again(path, FILLING_MS + 1);
    }
    return true;
  }

  function compareFile(path: string, now: Sight): void {
    if (originOf(now) !== undefined || !isFilling(path, now)) note(path, now);
  }

  async function look(path: string): Promise<void> {
    if (writings.isHeld(path)) return;
    const now = await ground.sight(root, path, signal);
    if (now === undefined) forget(path);
    else if (now.kind === "file") compareFile(path, now);
    else {
      note(path, now);
      await surveyBelow(path);
    }
    writings.settle(path);
  }

  /**
   * What is gone first: it may be what is new elsewhere. So what is not known yet comes last, and before it the folders
   * that still stand, for with them all that is in them is looked at.
   */
  async function inOrder(paths: readonly string[]): Promise<readonly string[]> {
    const ranked = { first: [] as string[], standing: [] as string[], unknown: [] as string[] };
    for (const path of paths) {
      const kind = known.get(path)?.kind;
      const isStanding = kind === "folder" && (await ground.sight(root, path, signal)) !== undefined;
      ranked[kind === undefined ? "unknown" : isStanding ? "standing" : "first"].push(path);
    }
    return [...ranked.first, ...ranked.standing, ...ranked.unknown];
  }

  async function surveyBelow(path: string): Promise<void> {
    const missing = new Set(known.below(path));
    const found: (readonly [string, Sight])[] = [];
    for await (const [at, now] of ground.survey(root, path, signal)) {
      missing.delete(at);
      const before = known.get(at);
      if (now.kind === "folder") followFolder(at, now, before);
      if (before?.kind !== now.kind || before.stamp !== now.stamp) found.push([at, now]);
    }
    // What is gone first, so that what has come may be the same under a new name.
    for (const lost of missing) {
      if (known.get(lost) === undefined || writings.isHeld(lost)) continue;
      if ((await ground.sight(root, lost, signal)) === undefined) forget(lost);
    }
    await noteFound(found);
  }

  async function noteFound(found: readonly (readonly [string, Sight])[]): Promise<void> {
    for (const [index, [path, now]] of found.entries()) {
      if (writings.isHeld(path)) continue;
      if (now.kind === "folder") note(path, now);
      else {
        const file = await ground.sight(root, path, signal);
        if (file?.kind === "file") compareFile(path, file);
      }
      // What may have moved is told of at once, both ends of it.
      if (gone.size === 0 && index % TELL_EVERY === TELL_EVERY - 1) tell();
    }
  }

  return {
    async examine(paths) {
      for (const path of await inOrder(paths)) await look(path);
      gone.clear();
    },
    async survey() {
      await surveyBelow("");
      gone.clear();
    },
    forget() {
      forget("");
      gone.clear();
    },
    async learn() {
      for await (const [path, sight] of ground.survey(root, "", signal)) {
        if (sight.kind === "folder") watcher.follow(path);
        known.set(path, sight);
      }
    },
  };
}

/** What stays as it is when a file or a folder is renamed; of a file, all but when its names last changed. */
function identityOf({ kind, stamp }: Sight): string {
  return kind === "folder" ? stamp : stamp.slice(0, stamp.lastIndexOf(":"));
}

/**
 * Whether content differs. Without both hashes the system's word counts, and may say so of a file that was only touched:
 * to know better, all files would have to be read before the first change, and to go by size and time alone would miss
 * changes. Whoever is told so too often finds the hash it had.
 */
function differs(before: Sight, now: Sight): boolean {
  if (before.hash === undefined || now.hash === undefined) return before.stamp !== now.stamp;
  return before.hash !== now.hash;
}
