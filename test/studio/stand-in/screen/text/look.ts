import type { Color, FontFace, TextRun } from "../node.ts";

/** How characters look: all of a run but its text and its width, and how letters are written. */
export interface Look extends Omit<TextRun, "text" | "width"> {
  readonly capitals?: "all" | "small";
}

/** Characters of one look, as they were written. */
export interface Span {
  readonly text: string;
  readonly look: Look;
}

const WEIGHTS: Readonly<Record<string, number>> = {
  thin: 100,
  extralight: 200,
  light: 300,
  regular: 400,
  medium: 500,
  semibold: 600,
  bold: 700,
  extrabold: 800,
  heavy: 900,
};
/** What ends the name of an Enum.Font item, longer endings first. */
const ENDINGS: readonly (readonly [ending: string, weight: number])[] = [
  ["ExtraBold", 800],
  ["Semibold", 600],
  ["Bold", 700],
  ["Black", 900],
  ["Medium", 500],
  ["Light", 300],
];
/** Families whose file is named otherwise than the Enum.Font item. */
const FILES: Readonly<Record<string, string>> = {
  SourceSans: "SourceSansPro",
  Gotham: "GothamSSm",
  Code: "Inconsolata",
  Legacy: "LegacyArial",
};

type Attributes = ReadonlyMap<string, string>;
type Change = (look: Look, attributes: Attributes) => Look | undefined;

/** What each tag makes of the look around it; undefined where an attribute makes no sense. */
export const TAGS: Readonly<Record<string, Change>> = {
  b: (look) => ({ ...look, font: { ...look.font, weight: 700 } }),
  i: (look) => ({ ...look, font: { ...look.font, italic: true } }),
  u: (look) => ({ ...look, underline: true }),
  s: (look) => ({ ...look, strike: true }),
  uppercase: (look) => ({ ...look, capitals: "all" }),
  uc: (look) => ({ ...look, capitals: "all" }),
  smallcaps: (look) => ({ ...look, capitals: "small" }),
  sc: (look) => ({ ...look, capitals: "small" }),
  font,
  mark,
  stroke,
};

function font(look: Look, attributes: Attributes): Look | undefined {
  let next = look;
  for (const [name, value] of attributes) {
    const changed = fontAttribute(next, name, value);
    if (changed === undefined) return undefined;
    next = changed;
  }
  return next;
}

function fontAttribute(look: Look, name: string, value: string): Look | undefined {
  if (name === "color") {
    const color = colorOf(value);
    return color === undefined ? undefined : { ...look, color };
  }
  if (name === "face") return { ...look, font: faceOf(value, look.font) };
  if (name === "family") {
    const family = /([^/]*?)(?:\.json)?$/.exec(value)?.[1] ?? value;
    return { ...look, font: { ...look.font, family } };
  }
  if (name === "weight") {
    const weight = WEIGHTS[value.toLowerCase()] ?? numberOf(value);
    return weight === undefined ? undefined : { ...look, font: { ...look.font, weight } };
  }
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (name === "size") return number > 0 ? { ...look, size: number } : undefined;
  if (name === "transparency") return { ...look, transparency: number };
  return undefined;
}

/** A face by the name of an Enum.Font item; bold and italic around it stay. */
function faceOf(name: string, around: FontFace): FontFace {
  let family = name.replace(/Italic$/, "");
  const italic = around.italic || family !== name;
  const ending = ENDINGS.find(([text]) => family.endsWith(text));
  if (ending !== undefined) family = family.slice(0, -ending[0].length);
  return { family: FILES[family] ?? family, weight: ending?.[1] ?? around.weight, italic };
}

function mark(look: Look, attributes: Attributes): Look | undefined {
  const color = colorOf(attributes.get("color") ?? "#ffff00");
  const transparency = numberOf(attributes.get("transparency") ?? "0");
  if (color === undefined || transparency === undefined) return undefined;
  return { ...look, mark: { color, transparency } };
}

/** Joins and sizing are understood and not kept: a run has no place for them. */
function stroke(look: Look, attributes: Attributes): Look | undefined {
  const color = colorOf(attributes.get("color") ?? "#000000");
  const thickness = numberOf(attributes.get("thickness") ?? attributes.get("th") ?? "1");
  const transparency = numberOf(attributes.get("transparency") ?? attributes.get("tr") ?? "0");
  if (color === undefined || thickness === undefined || transparency === undefined) return undefined;
  return { ...look, stroke: { color, thickness, transparency } };
}

function numberOf(text: string): number | undefined {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : undefined;
}

function colorOf(text: string): Color | undefined {
  const hex = /^\s*#([0-9a-f]{6}|[0-9a-f]{3})\s*$/i.exec(text)?.[1];
  if (hex !== undefined) return Number.parseInt(hex.length === 3 ? hex.replace(/./g, "$&$&") : hex, 16);
  const parts = /^\s*rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)\s*$/i.exec(text);
  if (parts === null) return undefined;
  const [red, green, blue] = parts.slice(1).map((part) => Math.min(255, Number(part)));
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
}
