import { Readable } from "node:stream";
import type { Input } from "../../shared/contract/index.js";
import { FRAMES_TYPE, LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";
import { entryOf, hashed } from "./list.js";
import type { Pace } from "./pace.js";
import { type Means, passing } from "./passing.js";
import { parsePath } from "./path.js";
import { readText } from "./read.js";
import type { Visit } from "./sandbox.js";
import { type Found, tour } from "./tour.js";

/** Frames are handed on in chunks of about this many bytes. */
const CHUNK_BYTES = 256 * 1024;
/** Of files up to this size the bytes are read into memory that is used again. */
const SCRATCH_BYTES = 64 * 1024;

/** Everything below a folder as the frames of `files/stream`, in chunks. Closes the visit. */
export async function* frames(
  visit: Visit,
  input: Input<"files/stream">,
  means: Means,
  pace: Pace,
): AsyncGenerator<Buffer> {
  try {
    const from = parsePath(input.path);
    const { depth = LIMITS.depth, texts = false, hashes = false } = input;
    const hides = passing(visit, from, means, input.ignore);
    const chunk = createChunk();
    const scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
    let skipped = 0;
    for (const found of tour(visit, { from, depth, after: [], hides })) {
      if (found === undefined) skipped += 1;
      else if (texts && found.kind !== "folder") await addText(chunk, found, means, pace, scratch);
      else await addEntry(chunk, found, hashes ? means : undefined, pace);
      if (chunk.isFull()) yield chunk.take();
      if (pace.isDue()) await pace.rest();
    }
    chunk.add({ end: true, skipped });
    yield chunk.take();
  } finally {
    visit.close();
  }
}

/** The contract's stream, once its first chunk is there: until then a failure is an answer of its own. */
export async function openFrames(chunks: AsyncGenerator<Buffer>): Promise<OpenStream> {
  const first = await chunks.next();
  async function* all() {
    if (first.done !== true) yield first.value;
    yield* chunks;
  }
  const body = Readable.from(all(), { objectMode: false, highWaterMark: CHUNK_BYTES });
  // Also where nobody has begun to read.
  body.once("close", () => void chunks.return(undefined));
  return { status: 200, headers: [["content-type", FRAMES_TYPE]], body };
}

/** @param means where hashes are wanted. */
async function addEntry(chunk: Chunk, found: Found, means: Means | undefined, pace: Pace): Promise<void> {
  const stats = found.stats();
  if (stats === undefined) return;
  const entry = entryOf(found.path, stats);
  const isHashed = means !== undefined && entry.kind === "file";
  chunk.add({ entry: isHashed ? await hashed(entry, found, stats, means.hashes, pace) : entry });
}

/** A file with its content, without a look at it before; a problem in the content's place where there is none. */
async function addText(chunk: Chunk, found: Found, { hashes }: Means, pace: Pace, scratch: Buffer): Promise<void> {
  const { path } = found;
  try {
    const { stats, bytes, hash } = await readText(found.spot(), LIMITS.readManyBytes, pace, hashes, scratch);
    chunk.add({ entry: { ...entryOf(path, stats), bytes: bytes.length, hash }, payload: bytes.length }, bytes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const stats = found.stats();
    if (stats === undefined) return;
    const entry = entryOf(path, stats);
    const { code, detail, at } = error.problem;
    chunk.add(entry.kind === "file" ? { entry, problem: { code, detail, at } } : { entry });
  }
}

/** Frames that are collected until they are worth handing on. */
interface Chunk {
  add(header: object, payload?: Buffer): void;
  isFull(): boolean;
  take(): Buffer;
}

function createChunk(): Chunk {
  let bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES * 2);
  let used = 0;
  return {
    add(header, payload) {
      const line = `${JSON.stringify(header)}\n`;
      const most = used + line.length * 3 + (payload?.length ?? 0);
      if (most > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(most);
        bytes.copy(larger, 0, 0, used);
        bytes = larger;
      }
      used += bytes.write(line, used);
      if (payload !== undefined) used += payload.copy(bytes, used);
    },
    isFull: () => used >= CHUNK_BYTES,
    take() {
      const taken = bytes.subarray(0, used);
      bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES * 2);
      used = 0;
      return taken;
    },
  };
}
