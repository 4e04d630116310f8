import { fstatSync, readSync } from "node:fs";
import { type Change, type Deed, isContent } from "./change.js";

/**
 * How one operation lies in the journal: the contents of `before`, in the order of the changes, then the operation as
 * JSON, then how many bytes that is, in hex digits.
 */
const LENGTH_DIGITS = 16;

/** What comes behind the contents. */
export function endOf(deed: Deed): Buffer {
  const json = Buffer.from(JSON.stringify(deed));
  return Buffer.concat([json, Buffer.from(json.length.toString(16).padStart(LENGTH_DIGITS, "0"))]);
}

/** Where in a record the content of a path is; undefined where it is not kept. */
export function partOf(changes: readonly Change[], path: string): { from: number; bytes: number } | undefined {
  let from = 0;
  for (const { path: other, before } of changes) {
    if (!isContent(before) || before.hash === undefined) continue;
    if (other === path) return { from, bytes: before.bytes };
    from += before.bytes;
  }
  return undefined;
}

/** Bytes of an open record, or undefined where there are not so many. */
export function readPart(file: number, from: number, bytes: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(bytes);
  let used = 0;
  while (used < bytes) {
    const count = readSync(file, buffer, used, bytes - used, from + used);
    if (count === 0) return undefined;
    used += count;
  }
  return buffer;
}

/** The operation of an open record, or undefined where it has no whole end. */
export function deedIn(file: number): Deed | undefined {
  const end = fstatSync(file).size - LENGTH_DIGITS;
  const length = end < 0 ? undefined : readPart(file, end, LENGTH_DIGITS)?.toString("latin1");
  if (length === undefined || !/^[0-9a-f]{16}$/u.test(length)) return undefined;
  const from = end - Number.parseInt(length, 16);
  const json = from < 0 ? undefined : readPart(file, from, end - from);
  try {
    return json && (JSON.parse(json.toString("utf8")) as Deed);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
