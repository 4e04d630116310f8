import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "./errno.js";

const NAME = /^temps-(\d+)$/u;

/**
 * The unfinished files of ours that a daemon has in a root, in PUENTE_HOME, so that the next one removes them if it is
 * killed: a line for each path, written before the file is made. A killed process loses nothing of it; a power cut may,
 * and what is left then is swept where its folder is listed.
 */
export interface Temps {
  /** A file of ours is about to be made. */
  add(path: string): void;
  /** One of them is gone. */
  gone(): void;
  /** The lists of other processes, and of an earlier one that had our number. */
  lists(): { readonly pid: number; readonly paths: readonly string[]; remove(): void }[];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Called once the lists of before have been read: the list of our own number is begun anew. */
export function openTemps(folder: string, pid: number): Temps {
  const file = join(folder, `temps-${pid}`);
  let handle: number | undefined;
  let count = 0;
  return {
    add(path) {
      if (handle === undefined) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        handle = openSync(file, "a", 0o600);
      }
      count += 1;
      writeSync(handle, `${path}\n`);
    },
    gone() {
      count -= 1;
      if (count > 0 || handle === undefined) return;
      closeSync(handle);
      handle = undefined;
      rmSync(file, { force: true });
    },
    lists: () =>
      namesIn(folder).flatMap((name) => {
        const pid = NAME.exec(name)?.[1];
        if (pid === undefined) return [];
        const path = join(folder, name);
        const paths = readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => line !== "");
        return [{ pid: Number(pid), paths, remove: () => rmSync(path, { force: true }) }];
      }),
  };
}
