import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { temporaryName } from "./denied.js";
import { errnoOf, failOnDisk, refuse } from "./errno.js";
import { check, type Expectation, parseExpectation } from "./expect.js";
import { createDigest } from "./hash.js";
import { create, lookAt, remove, syncFolder } from "./leaf.js";
import type { NewNames } from "./new-names.js";
import type { Pace } from "./pace.js";
import { checkNewName } from "./path.js";
import { place } from "./place.js";
import type { Visit } from "./sandbox.js";
import type { Spot } from "./walk.js";
import { makeWay } from "./way.js";

export interface Writing {
  readonly path: string;
  readonly expect?: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

type Written = Output<"files/write">;

/**
 * Writes a whole file so that at every moment, a power cut included, its name holds the old content or the new one
 * whole: a file of our own beside it takes the body, is made safe on disk, and takes the name in one step, if what
 * stands there is still what the writer expects. The answer is given when the name is safe on disk too.
 * A file that nobody may write to (mode 0444) is refused, though a rename would replace it: its owner has said so, and
 * Windows refuses it as well.
 */
export async function write(visit: Visit, writing: Writing, pace: Pace, newNames: NewNames): Promise<Written> {
  const { path } = writing;
  const names = visit.names(path);
  if (visit.root.access !== "write") fail("read-only", "The root is served for reading only.", { at: path });
  if (names.length === 0) fail("is-a-folder", "The root is a folder.", { at: path });
  const expectation = parseExpectation(writing.expect);
  const way = makeWay(visit, names.slice(0, -1), newNames);
  try {
    const written = await writeAt(visit.spot(path) ?? refuse("is-a-folder", path), expectation, writing, pace);
    await way.sync();
    return written;
  } catch (error) {
    way.undo();
    return failOnDisk(error, path);
  }
}

async function writeAt(spot: Spot, expectation: Expectation, writing: Writing, pace: Pace): Promise<Written> {
  const { folder } = spot;
  const { stats } = await check(spot, expectation, pace);
  if (stats === undefined) checkNewName(spot.name, spot.path);
  const name = temporaryName(randomBytes(16).toString("hex"));
  // What replaces a file may be a secret like it, and is nobody else's until it has that file's mode. A new file has
  // from the start the mode that the system gives to new files.
  const handle = await create({ folder, name }, stats === undefined ? 0o666 : 0o600);
  try {
    const written = await fill(handle, spot, writing);
    if (stats !== undefined) await keepOwner(handle, stats);
    await handle.sync();
    writing.signal.throwIfAborted();
    await place(spot, name, handle, expectation, pace);
    await syncFolder(folder);
    return written;
  } finally {
    await handle.close();
    if (lookAt({ folder, name }) !== undefined) remove({ folder, name });
  }
}

async function fill(handle: FileHandle, spot: Spot, { body, signal }: Writing): Promise<Written> {
  const digest = createDigest();
  let bytes = 0;
  for await (const piece of body) {
    signal.throwIfAborted();
    bytes += piece.byteLength;
    if (bytes > LIMITS.fileBytes) fail("too-large", `More than ${LIMITS.fileBytes} bytes.`, { at: spot.path });
    digest.add(piece);
    // Unlike `write`, this goes on after a short count, and so meets the full disk.
    await handle.writeFile(piece);
  }
  const { size } = await handle.stat();
  if (size !== bytes) fail("disk-error", "The disk took fewer bytes than it was given.", { at: spot.path });
  return { hash: digest.hex(), bytes };
}

/** A daemon of another user than the file's keeps the owner where the system lets it; elsewhere the file becomes its own. */
async function keepOwner(handle: FileHandle, old: Stats): Promise<void> {
  const { uid, gid } = await handle.stat();
  if (uid === old.uid && gid === old.gid) return;
  try {
    await handle.chown(old.uid, old.gid);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error;
  }
}
