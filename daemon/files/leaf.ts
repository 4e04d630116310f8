import {
  closeSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { platform } from "node:os";
import { fail } from "../fail.js";
import { failOnDisk } from "./errno.js";
import { type Folder, READ_FLAGS, type Spot } from "./walk.js";

/** A name in a folder. Whoever makes one has it from the sandbox, or names a file of our own beside one that is. */
type Place = Pick<Spot, "folder" | "name">;

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
    if (!stats.isFile()) fail("not-regular", "This is not a regular file.", { at: spot.path });
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

/** Puts a file in the place of another of the same folder. */
export function replace(folder: Folder, from: string, to: string): void {
  renameSync(pathOf({ folder, name: from }), pathOf({ folder, name: to }));
}

/** Gives a file its name unless the name is taken: throws `EEXIST`. The old name stays. */
export function claim(folder: Folder, from: string, to: string): void {
  linkSync(pathOf({ folder, name: from }), pathOf({ folder, name: to }));
}

/** Takes a name that must be free, as an empty file: throws `EEXIST`. For file systems without hard links. */
export function reserve(place: Place): void {
  closeSync(openSync(pathOf(place), "wx", 0o600));
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

/** Makes the names in a folder safe on disk. Windows has no such call and keeps them by itself. */
export async function syncFolder(folder: Folder): Promise<void> {
  if (platform() === "win32") return;
  const handle = await open(`${folder.at}/.`, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
