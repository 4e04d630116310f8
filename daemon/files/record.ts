import { fstatSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { type Change, type Deed, isContent } from "./change.js";
import { hashOf } from "./hash.js";

/**
 * How far an operation has come: it is not known whether all of it was done; it was; or nothing of it is left. One
 * letter, the first of its record, that is written over: which takes no space that a full disk could refuse.
 */
export type Progress = "open" | "done" | "dropped";

const LETTERS: { readonly [progress in Progress]: string } = { open: "o", done: "d", dropped: "x" };

/** Where an operation lies in a segment. */
export interface Head {
  readonly id: string;
  readonly progress: Progress;
  /** Which operation this one has undone. */
  readonly undoes?: string;
  readonly at: number;
  readonly deed: Part & { readonly sum: number };
  readonly contents: Part;
}

interface Part {
  readonly from: number;
  readonly bytes: number;
}

/** The head of a record as JSON. */
interface Line {
  readonly id: string;
  readonly undoes?: string;
  /** Bytes, and CRC-32, of the operation's JSON. */
  readonly deed: number;
  readonly sum: number;
  /** Bytes. */
  readonly contents: number;
}

const SUM_DIGITS = 8;
/** Before the JSON of a line: the letter, a space, the CRC-32 of the JSON, a space. */
const BEFORE_JSON = 1 + 1 + SUM_DIGITS + 1;
/** No line is longer. */
const LINE_BYTES = 256;
/** Every line's JSON begins so. */
const LINE_START = '{"id":"';
/** Read at once, to find the next lines. */
const WINDOW_BYTES = 64 * 1024;
const NEWLINE = 10;

/**
 * The bytes of a record before its contents, which are those of `before` that are kept, in the order of the changes.
 * @param segment that it is for.
 */
export function encode(segment: string, id: string, deed: Deed): Buffer {
  const json = Buffer.from(JSON.stringify(deed));
  const contents = deed.changes.reduce((sum, change) => sum + keptBytes(change), 0);
  const { undoes } = deed;
  const line: Line = { id, ...(undoes !== undefined && { undoes }), deed: json.length, sum: crc32(json), contents };
  const text = JSON.stringify(line);
  return Buffer.concat([Buffer.from(`${letterOf("open")} ${sumOf(segment, text)} ${text}\n`), json]);
}

export function letterOf(progress: Progress): string {
  return LETTERS[progress];
}

/** Begun with the segment's own id, which is random: what a file holds that is kept is never taken for a head. */
function sumOf(segment: string, text: string): string {
  return crc32(text, crc32(segment)).toString(16).padStart(SUM_DIGITS, "0");
}

function keptBytes({ before }: Change): number {
  return isContent(before) && before.hash !== undefined ? before.bytes : 0;
}

/**
 * The heads in a segment that is open here. What was not written to its end is the last there, and is left out; behind a
 * head that is spoilt the next one is looked for.
 */
export function headsIn(file: number, segment: string): Head[] {
  const size = fstatSync(file).size;
  const heads: Head[] = [];
  let window: Buffer = Buffer.alloc(0);
  let from = 0;
  for (let at = 0; at < size; ) {
    if (at + LINE_BYTES > from + window.length) {
      window = readPart(file, at, Math.min(WINDOW_BYTES, size - at)) ?? Buffer.alloc(0);
      from = at;
    }
    const head = headAt(segment, window.subarray(at - from, at - from + LINE_BYTES), at);
    if (head === undefined) {
      const next = window.indexOf(LINE_START, at - from + 1 + BEFORE_JSON);
      // What begins at the window's end may be one.
      at =
        next < 0 ? Math.max(at + 1, from + window.length - BEFORE_JSON - LINE_START.length) : from + next - BEFORE_JSON;
      continue;
    }
    const end = head.contents.from + head.contents.bytes;
    if (end > size) break;
    heads.push(head);
    at = end;
  }
  return heads;
}

function headAt(segment: string, bytes: Buffer, at: number): Head | undefined {
  const newline = bytes.indexOf(NEWLINE);
  const text = bytes.toString("latin1", 0, Math.max(0, newline));
  const json = text.slice(BEFORE_JSON);
  if (text.slice(1, BEFORE_JSON) !== ` ${sumOf(segment, json)} `) return undefined;
  // Of a letter that is none nobody can say what it was: nothing is done because of it.
  const progress = (Object.keys(LETTERS) as Progress[]).find((each) => LETTERS[each] === text[0]) ?? "dropped";
  const { id, undoes, deed, sum, contents } = JSON.parse(json) as Line;
  const from = at + newline + 1;
  return {
    id,
    progress,
    ...(undoes !== undefined && { undoes }),
    at,
    deed: { from, bytes: deed, sum },
    contents: { from: from + deed, bytes: contents },
  };
}

/** Bytes of an open file, or undefined where there are not so many. */
function readPart(file: number, from: number, bytes: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(Math.max(0, bytes));
  for (let used = 0; used < buffer.length; ) {
    const count = readSync(file, buffer, used, buffer.length - used, from + used);
    if (count === 0) return undefined;
    used += count;
  }
  return buffer;
}

/** The operation of a head, or undefined where it is not as it was written. */
export function deedAt(file: number, { deed }: Head): Deed | undefined {
  const json = readPart(file, deed.from, deed.bytes);
  return json !== undefined && crc32(json) === deed.sum ? (JSON.parse(json.toString("utf8")) as Deed) : undefined;
}

/** What stood at a path before an operation, or undefined where it is not kept, or not as it was written. */
export function contentAt(file: number, { contents }: Head, { changes }: Deed, path: string): Buffer | undefined {
  let { from } = contents;
  for (const change of changes) {
    const { path: other, before } = change;
    if (other === path) {
      if (!isContent(before) || before.hash === undefined) return undefined;
      const bytes = readPart(file, from, before.bytes);
      return bytes !== undefined && hashOf(bytes) === before.hash ? bytes : undefined;
    }
    from += keptBytes(change);
  }
  return undefined;
}
