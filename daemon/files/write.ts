import type { Output } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { failOnDisk } from "./errno.js";
import { checkPresence, type Expectation, parseExpectation } from "./expect.js";
import { createDigest } from "./hash.js";
import type { Journal } from "./journal.js";
import { createKeeper, type Keeper } from "./keep.js";
import { syncFolder } from "./leaf.js";
import type { NewNames } from "./new-names.js";
import { keepOwner } from "./owner.js";
import type { Pace } from "./pace.js";
import { checkNewName } from "./path.js";
import { place } from "./place.js";
import type { Visit } from "./sandbox.js";
import { checkSize, createTemp, type Temp } from "./temp.js";
import type { Temps } from "./temps.js";
import { makeWay } from "./way.js";

export interface Writing {
  readonly path: string;
  readonly expect?: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** The name of the token. */
  readonly by?: string;
}

/** Where it is noted what was replaced, so that it can be put back. */
export interface Notes {
  readonly journal: Journal;
  readonly temps: Temps;
}

type Written = Output<"files/write">;

/**
 * Writes a whole file so that at every moment, a power cut included, its name holds the old content or the new one
 * whole: a file of our own beside it takes the body, is made safe on disk, and takes the name in one step, if what
 * stands there is still what the writer expects. The answer is given when the name is safe on disk too.
 * A file that nobody may write to (mode 0444) is refused, though a rename would replace it: its owner has said so, and
 * Windows refuses it as well.
 */
export async function write(
  visit: Visit,
  writing: Writing,
  pace: Pace,
  newNames: NewNames,
  notes?: Notes,
): Promise<Written> {
  const { path } = writing;
  const names = visit.real(path);
  if (visit.root.access !== "write") fail("read-only", "The root is served for reading only.", { at: path });
  if (names.length === 0) fail("is-a-folder", "The root is a folder.", { at: path });
  const expectation = parseExpectation(writing.expect);
  const way = makeWay(visit, names.slice(0, -1), newNames);
  try {
    const keeper = notes && createKeeper(visit.spotIn(names), notes.journal, writing.by ?? "", way.made);
    const written = await writeAt(visit, names, expectation, writing, pace, keeper, notes?.temps);
    await way.sync();
    return keeper === undefined ? written : { ...written, undo: keeper.finish() };
  } catch (error) {
    way.undo();
    return failOnDisk(error, path);
  }
}

async function writeAt(
  visit: Visit,
  names: readonly string[],
  expectation: Expectation,
  writing: Writing,
  pace: Pace,
  keeper: Keeper | undefined,
  temps: Temps | undefined,
): Promise<Written> {
  const spot = visit.spotIn(names);
  const { stats } = await checkPresence(spot, expectation, pace);
  if (stats === undefined) checkNewName(spot.name, spot.path);
  // What replaces a file may be a secret like it, and is nobody else's until it has that file's mode. A new file has
  // from the start the mode that the system gives to new files.
  const temp = createTemp(visit, names.slice(0, -1), stats === undefined ? 0o666 : 0o600, temps);
  try {
    const written = await fill(temp, writing);
    const own = checkSize(temp, written.bytes, spot.path);
    if (stats !== undefined) keepOwner(temp.file, own, stats);
    writing.signal.throwIfAborted();
    await place(spot, temp, expectation, pace, async (seen) => keeper?.keep(seen, written));
    keeper?.placed();
    await syncFolder(spot.folder);
    return written;
  } finally {
    temp.file.close();
    temp.drop(visit);
    keeper?.close();
  }
}

async function fill(temp: Temp, { path, body, signal }: Writing): Promise<Written> {
  const digest = createDigest();
  let bytes = 0;
  for await (const piece of body) {
    signal.throwIfAborted();
    bytes += piece.byteLength;
    if (bytes > LIMITS.fileBytes) fail("too-large", `More than ${LIMITS.fileBytes} bytes.`, { at: path });
    digest.add(piece);
    await temp.file.write(piece);
  }
  return { hash: digest.hex(), bytes };
}
