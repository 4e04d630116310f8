import { isUtf8 } from "node:buffer";
import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";

export type Match = NonNullable<Output<"files/search">["files"]>[number]["matches"][number];

const BYTE_ORDER_MARK = "\uFEFF";
/** Of a line that is cut, what is told in front of the match. */
const LEAD_BYTES = 64;

/** What a file's bytes spell, without a byte order mark; U+FFFD where they are not UTF-8. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

/** A text's lines without their ends, LF or CR LF. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

export function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0) && isUtf8(bytes);
}

/** Every match, by line and column. @param expression with the flag g. */
export function* matchesIn(lines: readonly string[], expression: RegExp, context: number): Generator<Match> {
  for (const [index, line] of lines.entries()) {
    for (const found of line.matchAll(expression)) {
      yield {
        line: index + 1,
        column: Buffer.byteLength(line.slice(0, found.index)) + 1,
        bytes: Buffer.byteLength(found[0]),
        ...cut(line, found.index),
        ...(context > 0 && {
          before: lines.slice(Math.max(0, index - context), index).map((other) => cut(other, 0).text),
          after: lines.slice(index + 1, index + 1 + context).map((other) => cut(other, 0).text),
        }),
      };
    }
  }
}

/** A line, or of a long one the part around an index. No letter is cut in two. */
function cut(line: string, at: number): { text: string; textColumn?: number } {
  if (line.length <= LIMITS.searchLineBytes && Buffer.byteLength(line) <= LIMITS.searchLineBytes) return { text: line };
  const bytes = Buffer.from(line);
  const wanted = Buffer.byteLength(line.slice(0, at)) - LEAD_BYTES;
  const from = wholeAt(bytes, Math.max(0, wanted));
  const text = bytes.subarray(from, wholeAt(bytes, from + LIMITS.searchLineBytes)).toString("utf8");
  return from === 0 ? { text } : { text, textColumn: from + 1 };
}

/** Where the letter begins that a byte is of. */
function wholeAt(bytes: Buffer, index: number): number {
  let at = Math.min(index, bytes.length);
  while (at < bytes.length && at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}
