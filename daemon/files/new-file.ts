import {
  closeSync,
  fchmodSync,
  fchownSync,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  openSync,
  type Stats,
  write as writeAsync,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";

const writeElsewhere = promisify(writeAsync);
const syncAll = promisify(fsync);
const syncData = promisify(fdatasync);

/** So little is written at once: a way to another thread and back takes longer. */
const SMALL_BYTES = 64 * 1024;

/** A file of ours that is open to be written. Another thread is asked only where the disk must be waited for. */
export interface NewFile {
  /** Writes behind what was written before: all of it, or throws. Little is written when this returns; then it answers nothing. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** The same at once, however much it is. */
  writeNow(bytes: Uint8Array): void;
  /** Writes over what stands at a position. */
  overwrite(bytes: Uint8Array, position: number): void;
  /** Cuts off what is behind so many bytes; the next is written there. */
  cut(bytes: number): void;
  /** Makes content and mode safe on disk. */
  sync(): Promise<void>;
  /** Makes the content safe on disk. */
  syncContent(): Promise<void>;
  stats(): Stats;
  /** How much was written. */
  bytes(): number;
  setMode(mode: number): void;
  setOwner(uid: number, gid: number): void;
  close(): void;
}

/** Makes a file that must not be there yet: throws `EEXIST`. */
export function createFile(path: string, mode: number): NewFile {
  return fileOf(openSync(path, "wx", mode), 0);
}

/** Opens a file of ours that is there. */
export function openFile(path: string): NewFile {
  const file = openSync(path, "r+");
  return fileOf(file, fstatSync(file).size);
}

function fileOf(file: number, from: number): NewFile {
  let end = from;

  /** A full disk takes a part of it first, and says so when it is given the rest. */
  function writeNow(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const count = writeSync(file, bytes, done, bytes.length - done, end);
      done += count;
      end += count;
    }
  }

  async function writeSlowly(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await writeElsewhere(file, bytes, done, bytes.length - done, end);
      done += bytesWritten;
      end += bytesWritten;
    }
  }

  return {
    write(bytes) {
      if (bytes.length > SMALL_BYTES) return writeSlowly(bytes);
      writeNow(bytes);
      return undefined;
    },
    writeNow,
    overwrite(bytes, position) {
      writeSync(file, bytes, 0, bytes.length, position);
    },
    cut(bytes) {
      ftruncateSync(file, bytes);
      end = bytes;
    },
    sync: () => syncAll(file),
    syncContent: () => syncData(file),
    stats: () => fstatSync(file),
    bytes: () => end,
    setMode: (mode) => fchmodSync(file, mode),
    setOwner: (uid, gid) => fchownSync(file, uid, gid),
    close: () => closeSync(file),
  };
}
