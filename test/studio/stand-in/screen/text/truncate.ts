import { isSpace, type Line, lineOf } from "./break-lines.ts";
import { advanceOf, emOf } from "./font.ts";
import type { Glyph } from "./glyphs.ts";
import type { Look } from "./look.ts";

const ELLIPSIS = "…";

/** Ends a line with "…" so that it fits the room in pixels: after a whole word if there is one (AtEnd), or inside of it. */
export function truncate(line: Line, room: number, where: "AtEnd" | "SplitWord", look: Look): Line {
  const ellipsis = ellipsisOf(line.glyphs.at(-1)?.look ?? look);
  let width = ellipsis.width;
  let fitting = 0;
  while (fitting < line.glyphs.length) {
    width += (line.glyphs[fitting] as Glyph).width;
    if (width > room) break;
    fitting++;
  }
  const end = where === "SplitWord" ? fitting : wordEnd(line.glyphs, fitting);
  return lineOf([...line.glyphs.slice(0, end), ellipsis]);
}

/** The end of the last word that is whole before `fitting`, or `fitting` where no word is. */
function wordEnd(glyphs: readonly Glyph[], fitting: number): number {
  let end = fitting;
  if (end < glyphs.length && !isSpace(glyphs[end])) while (end > 0 && !isSpace(glyphs[end - 1])) end--;
  while (end > 0 && isSpace(glyphs[end - 1])) end--;
  return end === 0 ? fitting : end;
}

function ellipsisOf(look: Look): Glyph {
  return { text: ELLIPSIS, look, width: advanceOf(look.font, ELLIPSIS) * emOf(look.font, look.size) };
}
