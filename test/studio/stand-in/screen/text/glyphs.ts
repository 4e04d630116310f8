import { advanceOf, emOf } from "./font.ts";
import type { Look, Span } from "./look.ts";

/** A grapheme with its look and its width in pixels. */
export interface Glyph {
  readonly text: string;
  readonly look: Look;
  readonly width: number;
}

const SMALL_CAPITAL = 0.8; // of the size
const TAB = "    ";
/** Made for the first text that needs it: it takes as long as all the rest of this folder to load. */
let segmenter: Intl.Segmenter | undefined;

/** Cuts text into graphemes; `scale` multiplies every size. A line break is a glyph "\n" without width. */
export function glyphsOf(spans: readonly Span[], scale: number): Glyph[] {
  const glyphs: Glyph[] = [];
  for (const { text, look } of spans) {
    const scaled = scale === 1 ? look : scaledLook(look, scale);
    const small = scaled.capitals === "small" ? { ...scaled, size: scaled.size * SMALL_CAPITAL } : scaled;
    const em = emOf(scaled.font, scaled.size);
    const smallEm = emOf(small.font, small.size);
    for (const grapheme of graphemes(clean(text))) {
      if (grapheme === "\n") {
        glyphs.push({ text: grapheme, look: scaled, width: 0 });
        continue;
      }
      const capital = scaled.capitals === undefined ? grapheme : grapheme.toUpperCase();
      const shrinks = scaled.capitals === "small" && capital !== grapheme;
      const width = advanceOf(scaled.font, capital) * (shrinks ? smallEm : em);
      glyphs.push({ text: capital, look: shrinks ? small : scaled, width });
    }
  }
  return glyphs;
}

function scaledLook(look: Look, scale: number): Look {
  const { stroke } = look;
  const size = look.size * scale;
  return stroke === undefined
    ? { ...look, size }
    : { ...look, size, stroke: { ...stroke, thickness: stroke.thickness * scale } };
}

function clean(text: string): string {
  return /[\t\r\0]/.test(text) ? text.replace(/\r\n?/g, "\n").replaceAll("\t", TAB).replaceAll("\0", "") : text;
}

function graphemes(text: string): Iterable<string> {
  if (isAscii(text)) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
