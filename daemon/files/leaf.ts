import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { failOnDisk, refuse } from "./errno.js";
import { canSyncFolders } from "./system.js";
import type { Folder, Spot } from "./walk.js";

/** To read a file: never through a link, and without waiting for the other end of a pipe. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A name in a folder. Whoever makes one has it from the sandbox, or names a file of our own beside one that is. */
export type Place = Pick<Spot, "folder" | "name">;

function pathOf({ folder, name }: Place): string {
  return `${folder.at}/${name}`;
}

/** What stands at a name, never through a link; undefined where nothing does. */
export function lookAt(place: Place): Stats | undefined {
  return lstatSync(pathOf(place), { throwIfNoEntry: false });
}

export interface Opened {
  readonly file: number;
  readonly stats: Stats;
  close(): void;
}

/** Opens a regular file to read it. Fails with `not-regular`, `outside-root` at a link, or what the disk says. */
export function openRegular(spot: Spot): Opened {
  const file = handleOf(spot);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) refuse("not-regular", spot.path);
    spot.walk.confirm(spot.folder, spot.name, file);
    return { file, stats, close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    return failOnDisk(error, spot.path);
  }
}

function handleOf(spot: Spot): number {
  try {
    return openSync(pathOf(spot), READ_FLAGS);
  } catch (error) {
    return failOnDisk(error, spot.path);
  }
}

/** Reads from a position of a file into a buffer. Answers how many bytes. */
export function readAt({ file }: Opened, into: Uint8Array, from: number, count: number, position: number): number {
  return readSync(file, into, from, count, position);
}

/** The names in a folder, each byte a character, so that the order of strings is that of bytes. Sorted. */
export function namesIn(folder: Folder): string[] {
  return readdirSync(folder.at, { encoding: "latin1" }).sort(byCharacter);
}

function byCharacter(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Makes a new file to write to; it must not be there yet. */
export function create(place: Place, mode: number): Promise<FileHandle> {
  return open(pathOf(place), "wx", mode);
}

/** Puts a file in the place of another. */
export function replace(from: Place, to: Place): void {
  renameSync(pathOf(from), pathOf(to));
}

/** Gives a file another name unless that is taken: throws `EEXIST`. The old name stays. */
export function claim(from: Place, to: Place): void {
  linkSync(pathOf(from), pathOf(to));
}

/** Takes a name that must be free, as an empty file: throws `EEXIST`. For file systems without hard links. */
export function reserve(place: Place): Stats {
  const file = openSync(pathOf(place), "wx", 0o600);
  try {
    return fstatSync(file);
  } finally {
    closeSync(file);
  }
}

/** In one piece with what is looked at before and renamed after, unlike the handle's own `chmod`. */
export function setMode(handle: FileHandle, mode: number): void {
  fchmodSync(handle.fd, mode);
}

export function remove(place: Place): void {
  unlinkSync(pathOf(place));
}

export function makeFolder(place: Place): void {
  mkdirSync(pathOf(place));
}

export function removeFolder(place: Place): void {
  rmdirSync(pathOf(place));
}

/** Makes the names in a folder safe on disk. */
export async function syncFolder(folder: Folder): Promise<void> {
  if (!canSyncFolders) return;
  const handle = await open(`${folder.at}/.`, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
