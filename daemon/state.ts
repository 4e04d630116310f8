import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * PUENTE_HOME: what outlives the daemon, and what only its user may read.
 * The rule: folders 0700, files 0600; where the system has modes and finds wider ones, it is refused rather than repaired,
 * because someone may have read it already.
 */
export interface StateFolder {
  readonly folder: string;
  /** Names in a sub-folder; none where it does not exist. */
  names(folder: string): string[];
  exists(file: string): boolean;
  /** A file's JSON, or undefined where it is missing, not to be read, or not JSON. */
  readJson(file: string): unknown;
  /** Writes a new file whole; false where one of that name is there already. */
  createJson(file: string, value: unknown): boolean;
  /** A file's bytes, or undefined where it is missing, not to be read, or longer than `limit`. */
  readBytes(file: string, limit: number): Buffer | undefined;
  /** Puts bytes in a file's place, in one step. Not made safe against a power cut: what reads them checks them. */
  replaceBytes(file: string, bytes: Buffer): Promise<void>;
  /** Whether there was such a file. */
  remove(file: string): boolean;
}

function refuseWideModes(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return; // Another command of ours removed it just now.
  if ((stat.mode & 0o077) !== 0) {
    throw new Error(`others may read ${path}: make it private (chmod go-rwx) and revoke the tokens in it`);
  }
  if (stat.isDirectory()) {
    for (const name of readdirSync(path)) refuseWideModes(join(path, name));
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** Not there, or there and nothing that can be read; not a fault of the whole system. */
function isUnreadable(error: unknown): boolean {
  return ["ENOENT", "EISDIR", "EACCES", "EPERM", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function createWhole(path: string, content: string): boolean {
  const temporary = `${path}.${randomBytes(16).toString("hex")}.tmp`;
  const handle = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(handle, content); // Unlike writeSync, it goes on after a short count, and so meets a full disk.
    fsyncSync(handle);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    closeSync(handle);
    rmSync(temporary);
  }
}

/** Opens the folder and makes it where it is missing. Throws where others than the user may read it. */
export function openStateFolder(folder: string, platform: NodeJS.Platform): StateFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (platform !== "win32") refuseWideModes(folder);
  return {
    folder,
    names(name) {
      try {
        return readdirSync(join(folder, name));
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    exists: (file) => existsSync(join(folder, file)),
    readJson(file) {
      try {
        return JSON.parse(readFileSync(join(folder, file), "utf8"));
      } catch (error) {
        if (isUnreadable(error) || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    createJson(file, value) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return createWhole(path, `${JSON.stringify(value)}\n`);
    },
    readBytes(file, limit) {
      try {
        const path = join(folder, file);
        return statSync(path).size > limit ? undefined : readFileSync(path);
      } catch (error) {
        if (isUnreadable(error)) return undefined;
        throw error;
      }
    },
    async replaceBytes(file, bytes) {
      const path = join(folder, file);
      const temporary = `${path}.${randomBytes(16).toString("hex")}.tmp`;
      try {
        await writeFile(temporary, bytes, { flag: "wx", mode: 0o600 });
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    remove(file) {
      try {
        rmSync(join(folder, file));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}
