import type { Ground, Sight } from "./ground.js";
import type { History } from "./history.js";
import type { Known } from "./known.js";

/** SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** A writer first makes a file empty and then fills it. This long it may take before empty counts as what it wrote. */
const FILLING_MS = 8;
/** When a new folder is looked into again: files may have come before its notices were asked for. */
const YOUNG_MS = [100, 1000] as const;
/** Who waits is told of a long look's changes this often. */
const TELL_EVERY = 256;

export interface Examiner {
  /** Compares a path with what was known of it. */
  examine(path: string): Promise<void>;
  /** Compares a folder and all below it. A file is read only where the system says it differs. */
  survey(path: string): Promise<void>;
  /** A path is gone, with all below it. */
  forget(path: string): void;
  /** Takes everything as it stands for known. */
  learn(): Promise<void>;
}

export interface Means {
  readonly ground: Ground;
  readonly root: string;
  readonly known: Known;
  readonly history: History;
  /** Tells who waits of what is in the history. */
  tell(): void;
  /** Looks at a path again later. */
  again(path: string, milliseconds: number): void;
  readonly signal: AbortSignal;
}

/** Turns looks at the disk into changes. */
export function createExaminer({ ground, root, known, history, tell, again, signal }: Means): Examiner {
  /** Files that were found empty, and until when that does not count. */
  const filling = new Map<string, number>();

  function forget(path: string): void {
    for (const [gone] of known.remove(path)) if (gone !== "") history.add({ path: gone, kind: "removed" });
  }

  function note(path: string, now: Sight): void {
    let before = known.get(path);
    if (before !== undefined && before.kind !== now.kind) {
      forget(path);
      before = undefined;
    }
    known.set(path, now);
    const hash = now.hash === undefined ? {} : { hash: now.hash };
    if (before === undefined) history.add({ path, kind: "added", ...hash });
    else if (now.kind === "file" && differs(before, now)) history.add({ path, kind: "changed", ...hash });
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
    if (!isFilling(path, now)) note(path, now);
  }

  async function examine(path: string): Promise<void> {
    const now = await ground.sight(root, path, signal);
    if (now === undefined) forget(path);
    else if (now.kind === "file") compareFile(path, now);
    else {
      if (known.get(path) === undefined) for (const wait of YOUNG_MS) again(path, wait);
      note(path, now);
      await survey(path);
    }
  }

  async function survey(path: string): Promise<void> {
    const missing = new Set(known.below(path));
    let hasNewFolder = false;
    let seen = 0;
    for await (const [found, now] of ground.survey(root, path, signal)) {
      missing.delete(found);
      const before = known.get(found);
      if (before?.kind === now.kind && (before.stamp === now.stamp || now.kind === "folder")) continue;
      if (now.kind === "folder") {
        hasNewFolder = true;
        note(found, now);
      } else {
        const file = await ground.sight(root, found, signal);
        if (file?.kind === "file") compareFile(found, file);
      }
      seen += 1;
      if (seen % TELL_EVERY === 0) tell();
    }
    for (const lost of missing) {
      if (known.get(lost) !== undefined && (await ground.sight(root, lost, signal)) === undefined) forget(lost);
    }
    if (hasNewFolder) for (const wait of YOUNG_MS) again(path, wait);
  }

  return {
    examine,
    survey,
    forget,
    async learn() {
      for await (const [path, sight] of ground.survey(root, "", signal)) known.set(path, sight);
    },
  };
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
