import { isWide } from "./font.ts";
import type { Glyph } from "./glyphs.ts";

/** Glyphs on one line. */
export interface Line {
  readonly glyphs: readonly Glyph[];
  /** Pixels; spaces at which a line was broken do not count. */
  readonly width: number;
}

export interface Broken {
  readonly lines: readonly Line[];
  /** Whether a word was too long for its line and broken inside. */
  readonly splitWord: boolean;
}

/** For sums of fractions that should be whole. */
const SLACK = 1e-4;

/** Breaks where the text says so and, where a `room` in pixels is given, so that lines fit it: between words, else inside. */
export function breakLines(glyphs: readonly Glyph[], room?: number): Broken {
  const lines: Line[] = [];
  let splitWord = false;
  let start = 0;
  for (let end = 0; end <= glyphs.length; end++) {
    if (end < glyphs.length && glyphs[end]?.text !== "\n") continue;
    const paragraph = glyphs.slice(start, end);
    if (room === undefined) lines.push(lineOf(paragraph));
    else if (wrap(paragraph, room, lines)) splitWord = true;
    start = end + 1;
  }
  return { lines, splitWord };
}

export function lineOf(glyphs: readonly Glyph[]): Line {
  return { glyphs, width: widthOf(glyphs) };
}

export function isSpace(glyph: Glyph | undefined): boolean {
  return glyph !== undefined && /^[ \u2000-\u200a\u3000]$/.test(glyph.text);
}

function widthOf(glyphs: readonly Glyph[]): number {
  let width = 0;
  for (const glyph of glyphs) width += glyph.width;
  return width;
}

/** Adds one paragraph's lines; answers whether a word was broken. */
function wrap(glyphs: readonly Glyph[], room: number, into: Line[]): boolean {
  let splitWord = false;
  let start = 0;
  let width = 0;
  let breakAt = -1; // where the next line could begin
  for (let i = 0; i < glyphs.length; i++) {
    const glyph = glyphs[i] as Glyph;
    if (i > start && canBreakBefore(glyphs, i)) breakAt = i;
    width += glyph.width;
    if (width <= room + SLACK || isSpace(glyph) || i === start) continue;
    if (breakAt <= start) {
      breakAt = i;
      splitWord = true;
    }
    into.push(lineOf(withoutEndSpaces(glyphs.slice(start, breakAt))));
    start = breakAt;
    breakAt = -1;
    width = 0;
    i = start - 1; // what comes after the break is measured on its own line
  }
  const last = glyphs.slice(start);
  const kept = withoutEndSpaces(last);
  into.push(lineOf(widthOf(last) <= room + SLACK ? last : kept));
  return splitWord;
}

function canBreakBefore(glyphs: readonly Glyph[], i: number): boolean {
  const before = glyphs[i - 1] as Glyph;
  const glyph = glyphs[i] as Glyph;
  if (isSpace(glyph)) return false;
  return isSpace(before) || isWide(before.text) || isWide(glyph.text);
}

function withoutEndSpaces(glyphs: readonly Glyph[]): readonly Glyph[] {
  let end = glyphs.length;
  while (end > 0 && isSpace(glyphs[end - 1])) end--;
  return end === glyphs.length ? glyphs : glyphs.slice(0, end);
}
