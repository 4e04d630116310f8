import type { FontFace, Rect, TextBlock, TextLine, TextRun, Vector2 } from "../node.ts";
import { type Broken, breakLines, type Line } from "./break-lines.ts";
import { type Glyph, glyphsOf } from "./glyphs.ts";
import type { Look, Span } from "./look.ts";
import { parseRichText } from "./rich-text.ts";
import { truncate } from "./truncate.ts";

/** What a text object says of its text. Sizes are before `scale`. */
export interface TextSpec {
  readonly text: string;
  readonly rich: boolean;
  readonly font: FontFace;
  /** TextSize. */
  readonly size: number;
  /** TextScaled: as large as fits, within these sizes. */
  readonly scaled: { readonly least: number; readonly most: number } | undefined;
  readonly wrapped: boolean;
  readonly truncate: "None" | "AtEnd" | "SplitWord";
  readonly lineHeight: number;
  /** MaxVisibleGraphemes; -1 shows all. */
  readonly visible: number;
  readonly align: Vector2;
  /** Of the UIScales above it. */
  readonly scale: number;
}

const SLACK = 1e-4;

interface Fitted {
  readonly lines: readonly Line[];
  readonly look: Look;
  readonly complete: boolean;
}

/** Puts a text into `room`, pixels from the node's corner. */
export function textBlock(spec: TextSpec, room: Rect): TextBlock {
  const spans = spansOf(spec);
  const size = spec.scaled === undefined ? spec.size : scaledSize(spec, spec.scaled, room, spans);
  const { lines, look, complete } = fitted(spec, size, room, spans);
  const { width, height } = extentOf(lines, look, spec.lineHeight);
  const limited = isWrapped(spec) || spec.truncate !== "None";
  const bounds = { x: Math.ceil(width - SLACK), y: Math.ceil(height - SLACK) };
  return {
    bounds: limited ? { x: Math.min(bounds.x, Math.ceil(room.width)), y: bounds.y } : bounds,
    fits: complete && width <= room.width + SLACK && height <= room.height + SLACK,
    size: size * spec.scale,
    lines: placed(spec, lines, look, room, height),
  };
}

/** The pixels that a text takes where there are `width` pixels for a line, and as many lines as it needs. */
export function textSize(spec: TextSpec, width: number): Vector2 {
  const size = spec.scaled?.most ?? spec.size;
  const spans = spansOf({ ...spec, size });
  const look = lookOf(spec, size);
  const { lines } = breakLines(glyphsOf(spans, spec.scale), isWrapped(spec) ? width : undefined);
  const extent = extentOf(lines, look, spec.lineHeight);
  return { x: Math.ceil(extent.width - SLACK), y: Math.ceil(extent.height - SLACK) };
}

/** TextScaled enables TextWrapped. */
function isWrapped(spec: TextSpec): boolean {
  return spec.wrapped || spec.scaled !== undefined;
}

function spansOf(spec: TextSpec): readonly Span[] {
  const look: Look = { font: spec.font, size: spec.size };
  return spec.rich ? parseRichText(spec.text, look) : [{ text: spec.text, look }];
}

/** The look of what has no glyphs, as an empty line. */
function lookOf(spec: TextSpec, size: number): Look {
  return { font: spec.font, size: size * spec.scale };
}

/** Spans in which the object's own size is another. */
function resized(spans: readonly Span[], from: number, to: number): readonly Span[] {
  if (from === to) return spans;
  return spans.map(({ text, look }) => ({ text, look: look.size === from ? { ...look, size: to } : look }));
}

/** The largest whole size at which all fits and no word is broken; else the least. */
function scaledSize(
  spec: TextSpec,
  { least, most }: { least: number; most: number },
  room: Rect,
  spans: readonly Span[],
): number {
  let low = Math.floor(Math.min(least, most));
  let high = Math.floor(most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const broken = breakLines(glyphsOf(resized(spans, spec.size, middle), spec.scale), room.width);
    if (isInside(broken, extentOf(broken.lines, lookOf(spec, middle), spec.lineHeight), room)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isInside({ splitWord }: Broken, extent: { width: number; height: number }, room: Rect): boolean {
  return !splitWord && extent.width <= room.width + SLACK && extent.height <= room.height + SLACK;
}

/** Breaks the lines, leaves out those for which there is no height, and truncates. */
function fitted(spec: TextSpec, size: number, room: Rect, spans: readonly Span[]): Fitted {
  const look = lookOf(spec, size);
  const glyphs = glyphsOf(resized(spans, spec.size, size), spec.scale);
  const wrapped = isWrapped(spec);
  const all = breakLines(glyphs, wrapped ? room.width : undefined).lines;
  if (!wrapped && spec.truncate === "None") return { lines: all, look, complete: true };
  const shown = all.slice(0, fittingLines(all, look, spec.lineHeight, room.height));
  const { truncate: where } = spec;
  if (where === "None") return { lines: shown, look, complete: shown.length === all.length };
  const lines = shown.map((line, i) => {
    const isCut = i === shown.length - 1 && shown.length < all.length;
    return isCut || line.width > room.width + SLACK ? truncate(line, room.width, where, look) : line;
  });
  const complete = shown.length === all.length && lines.every((line, i) => line === shown[i]);
  return { lines, look, complete };
}

function heightOf(line: Line, look: Look): number {
  let height = 0;
  for (const glyph of line.glyphs) if (glyph.look.size > height) height = glyph.look.size;
  return height === 0 ? look.size : height;
}

/** LineHeight scales the space from line to line; above the first and below the last one there is none. */
function stepOf(line: Line, look: Look, lineHeight: number): number {
  return heightOf(line, look) * (lineHeight - 1);
}

function extentOf(lines: readonly Line[], look: Look, lineHeight: number): { width: number; height: number } {
  let width = 0;
  let height = 0;
  lines.forEach((line, i) => {
    width = Math.max(width, line.width);
    height += heightOf(line, look) + (i === 0 ? 0 : stepOf(line, look, lineHeight));
  });
  return { width, height };
}

/** At least one. */
function fittingLines(lines: readonly Line[], look: Look, lineHeight: number, room: number): number {
  let height = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    height += heightOf(line, look) + (i === 0 ? 0 : stepOf(line, look, lineHeight));
    if (i > 0 && height > room + SLACK) return i;
  }
  return lines.length;
}

function placed(spec: TextSpec, lines: readonly Line[], look: Look, room: Rect, height: number): TextLine[] {
  let y = room.y + (room.height - height) * spec.align.y;
  let left = spec.visible < 0 ? Number.POSITIVE_INFINITY : spec.visible;
  return lines.map((line, i) => {
    const lineHeight = heightOf(line, look);
    if (i > 0) y += stepOf(line, look, spec.lineHeight);
    // Letters begin on whole pixels, as their boxes do.
    const x = Math.round(room.x + (room.width - line.width) * spec.align.x);
    const glyphs = line.glyphs.length > left ? line.glyphs.slice(0, left) : line.glyphs;
    left -= glyphs.length;
    const put = { x, y: Math.round(y), width: line.width, height: lineHeight, runs: runsOf(glyphs) };
    y += lineHeight;
    return put;
  });
}

function runsOf(glyphs: readonly Glyph[]): TextRun[] {
  const runs: TextRun[] = [];
  for (let start = 0; start < glyphs.length; ) {
    const { look } = glyphs[start] as Glyph;
    let text = "";
    let width = 0;
    let end = start;
    for (; glyphs[end]?.look === look; end++) {
      const glyph = glyphs[end] as Glyph;
      text += glyph.text;
      width += glyph.width;
    }
    const { capitals: _, ...rest } = look;
    runs.push({ text, width, ...rest });
    start = end;
  }
  return runs;
}
