import type { Stats } from "node:fs";

/** A folder that a walk has reached and that can be gone on from. */
export interface Folder {
  /** Where the system finds the folder. What stands in it is at `${at}/${name}`. */
  readonly at: string;
  /** Which folder it is, whatever its name. */
  readonly id: string;
}

/** How a system is walked from a root, one name at a time, never through a link. Two kinds: by handles, and by names. */
export interface Walk {
  /** The folder at an absolute path. */
  begin(folder: string): Folder;
  /** A folder in a folder. Throws the system's error; `ENOTDIR` for a link too. */
  enter(parent: Folder, name: string): Folder;
  /** Throws `ELOOP` unless an opened file is the one that stands at its name, reached without a link. */
  confirm(parent: Folder, name: string, file: number): void;
  leave(folder: Folder): void;
}

/** A name in a folder that the walk has reached: the only form in which a path comes to the disk. */
export interface Spot {
  readonly walk: Walk;
  readonly folder: Folder;
  /** Never empty, never denied. */
  readonly name: string;
  /** The client's path, for its eyes. */
  readonly path: string;
}

/** Which file or folder this is, whatever its name. */
export function identityOf(stats: Pick<Stats, "dev" | "ino">): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Changes with every change of the file, of its mode too, as far as the system notes it. */
export function stampOf(stats: Stats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(":");
}
