import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { promisify } from "node:util";
import { errnoOf, failOnDisk, refuse } from "./errno.js";
import { createFile, type NewFile } from "./new-file.js";
import { canSyncFolders } from "./system.js";
import { type Folder, type Spot, stampOf } from "./walk.js";

const sync = promisify(fsync);

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

/** The text of a link. Throws `EINVAL` where none stands. */
export function linkAt(place: Place): Buffer {
  return readlinkSync(pathOf(place), "buffer");
}

export interface Opened {
  readonly file: number;
  /** As of the opening. */
  readonly stats: Stats;
  /** Whether nobody has changed the file since it was opened, as far as the system notes it. */
  isUntouched(): boolean;
  close(): void;
}

/** Opens a regular file to read it. Fails with `not-regular`, `outside-root` at a link, or what the disk says. */
export function openRegular(spot: Spot): Opened {
  const file = handleOf(spot);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) refuse("not-regular", spot.path);
    spot.walk.confirm(spot.folder, spot.name, file);
    const isUntouched = () => stampOf(fstatSync(file)) === stampOf(stats);
    return { file, stats, isUntouched, close: () => closeSync(file) };
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

/** What a folder says of a name in it, before anybody has looked at what stands there. */
export interface Named {
  /** Each byte a character, so that the order of strings is that of bytes. */
  readonly name: string;
  isDirectory(): boolean;
}

/** What is in a folder, sorted by name. */
export function namesIn(folder: Folder): readonly Named[] {
  return entriesIn(folder).sort(byName);
}

function entriesIn(folder: Folder): Named[] {
  try {
    return readdirSync(folder.at, { encoding: "latin1", withFileTypes: true });
  } catch (error) {
    // Where the file system does not say of what kind a name is, Node looks, and does not find a name in this encoding.
    if (errnoOf(error) !== "ENOENT") throw error;
    return readdirSync(folder.at, { encoding: "latin1" }).map((name) => ({
      name,
      isDirectory: () => isFolder(folder, name),
    }));
  }
}

function isFolder(folder: Folder, name: string): boolean {
  const path = Buffer.concat([Buffer.from(`${folder.at}/`), Buffer.from(name, "latin1")]);
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function byName({ name: one }: Named, { name: other }: Named): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Makes a new file to write to; it must not be there yet. */
export function create(place: Place, mode: number): NewFile {
  return createFile(pathOf(place), mode);
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
  const file = openSync(`${folder.at}/.`, "r");
  try {
    await sync(file);
  } finally {
    closeSync(file);
  }
}
