import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import opentype, { type Font } from "opentype.js";
import type { FontFace } from "../node.ts";

/** A family of font files, and the height of its line in parts of an em. */
interface Family {
  readonly name: string;
  readonly weights: readonly number[];
  readonly italic: boolean;
  readonly ascent: number;
  readonly descent: number;
  readonly subsets: readonly string[];
}

/**
 * Studio's own file is Source Sans Pro, whose ascender is 984 and whose descender is -273 in an em of 1000; the letters
 * of Source Sans 3 are as wide, but its line is higher.
 */
const SANS: Family = {
  name: "source-sans-3",
  weights: [200, 300, 400, 500, 600, 700, 800, 900],
  italic: true,
  ascent: 0.984,
  descent: 0.273,
  subsets: ["latin", "latin-ext", "greek", "cyrillic", "vietnamese", "greek-ext", "cyrillic-ext"],
};
const CODE: Family = {
  name: "inconsolata",
  weights: [200, 300, 400, 500, 600, 700, 800, 900],
  italic: false,
  ascent: 0.859,
  descent: 0.19,
  subsets: ["latin", "latin-ext", "vietnamese"],
};
/** RobotoMono is not here, but what has columns keeps them. */
const FAMILIES: Readonly<Record<string, Family>> = { SourceSansPro: SANS, Inconsolata: CODE, RobotoMono: CODE };
const DRAWN_AS_ITSELF: ReadonlySet<string> = new Set(["SourceSansPro", "Inconsolata"]);

/** Em widths of what no font has: East Asian letters and emoji are square. */
const UNKNOWN = 0.6;
const WIDE = 1;
const IS_WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const IS_NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Whether the family's own letters are drawn, and not those of another. */
export function isDrawnAsItself(face: FontFace): boolean {
  return DRAWN_AS_ITSELF.has(face.family);
}

/** Pixels of an em of a font whose line is `size` pixels high. */
export function emOf(face: FontFace, size: number): number {
  const { ascent, descent } = familyOf(face);
  return size / (ascent + descent);
}

/** Whether lines may break on both sides of the character. */
export function isWide(character: string): boolean {
  return IS_WIDE.test(character);
}

/** Width of a grapheme in parts of an em. */
export function advanceOf(face: FontFace, grapheme: string): number {
  const { widths, files } = cutOf(face);
  let width = widths.get(grapheme);
  if (width === undefined) {
    width = measure(files, grapheme);
    widths.set(grapheme, width);
  }
  return width;
}

interface Cut {
  readonly widths: Map<string, number>;
  readonly files: readonly string[];
}

const cuts = new Map<string, Cut>();
const cutsByFace = new WeakMap<FontFace, Cut>();
const fonts = new Map<string, Font>();

function familyOf(face: FontFace): Family {
  return FAMILIES[face.family] ?? SANS;
}

function cutOf(face: FontFace): Cut {
  const known = cutsByFace.get(face);
  if (known !== undefined) return known;
  const family = familyOf(face);
  const weight = family.weights.reduce((a, b) => (Math.abs(b - face.weight) < Math.abs(a - face.weight) ? b : a));
  const style = face.italic && family.italic ? "italic" : "normal";
  const key = `${family.name} ${weight} ${style}`;
  const cut = cuts.get(key) ?? {
    widths: new Map<string, number>(),
    files: family.subsets.map(
      (subset) => `@fontsource/${family.name}/files/${family.name}-${subset}-${weight}-${style}.woff`,
    ),
  };
  cuts.set(key, cut);
  cutsByFace.set(face, cut);
  return cut;
}

function measure(files: readonly string[], grapheme: string): number {
  if (IS_WIDE.test(grapheme)) return WIDE; // with all its joiners
  let width = 0;
  for (const character of grapheme) {
    if (IS_NOTHING.test(character)) continue;
    width += widthIn(files, character) ?? UNKNOWN;
  }
  return width;
}

function widthIn(files: readonly string[], character: string): number | undefined {
  for (const file of files) {
    const font = fontIn(file);
    const index = font.charToGlyphIndex(character);
    if (index > 0) return (font.glyphs.get(index).advanceWidth ?? 0) / font.unitsPerEm;
  }
  return undefined;
}

function fontIn(file: string): Font {
  const known = fonts.get(file);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = readFileSync(fileURLToPath(import.meta.resolve(file)));
  const font = opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  fonts.set(file, font);
  return font;
}
