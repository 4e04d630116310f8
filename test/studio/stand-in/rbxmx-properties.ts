/** A value with the name of its type in the file. Where that type is not modelled there is no value. */
export interface Property {
  readonly type: string;
  readonly value: Plain | undefined;
}

/** What JSON holds. Infinities are the texts that the format has for them, as JSON has none. */
export type Plain = string | boolean | number | readonly Plain[] | { readonly [name: string]: Plain };

/** As the parser gives it: by tag its children, and by ":@" its attributes. */
export interface Element {
  [tag: string]: Element[] | Record<string, string> | string | undefined;
  ":@"?: Record<string, string>;
}

/** Tag, `name` attribute and content of each element among these. */
export function elements(nodes: Element[]): [tag: string, name: string | undefined, content: Element[]][] {
  return nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ":@" && !key.startsWith("#") && !key.startsWith("?"));
    return tag === undefined ? [] : [[tag, node[":@"]?.["name"], node[tag] as Element[]]];
  });
}

export function textOf(nodes: Element[]): string {
  return nodes
    .map((node) => ("#cdata" in node ? textOf(node["#cdata"] as Element[]) : ((node["#text"] as string) ?? "")))
    .join("");
}

/** Of Base64, whatever white space is in it. */
export function bytesOf(nodes: Element[]): Buffer {
  return Buffer.from(textOf(nodes), "base64");
}

export function readProperty(type: string, content: Element[]): Property {
  return { type: type === "Color3uint8" ? "Color3" : type, value: readers[type]?.(content) };
}

export function plainNumber(number: number): Plain {
  if (Number.isFinite(number)) return number;
  return Number.isNaN(number) ? "NAN" : number > 0 ? "INF" : "-INF";
}

const INFINITIES: Readonly<Record<string, number>> = {
  INF: Number.POSITIVE_INFINITY,
  "+INF": Number.POSITIVE_INFINITY,
  "-INF": Number.NEGATIVE_INFINITY,
};

function numberOf(text: string): Plain {
  const word = text.trim();
  return plainNumber(INFINITIES[word.toUpperCase()] ?? Number(word));
}

const number = (nodes: Element[]) => numberOf(textOf(nodes));

/** By tag, the number in each element. */
function parts(nodes: Element[]): Record<string, Plain> {
  return Object.fromEntries(elements(nodes).map(([tag, , content]) => [tag, number(content)]));
}

/** Numbers with white space between them. */
function numbers(nodes: Element[]): Plain[] {
  return textOf(nodes).split(/\s+/).filter(Boolean).map(numberOf);
}

/** Either three elements, or one number of which the lower three bytes are red, green and blue. */
function color(nodes: Element[]): Record<string, Plain> {
  if (elements(nodes).length > 0) return parts(nodes);
  const packed = Number(textOf(nodes));
  return { R: ((packed >> 16) & 255) / 255, G: ((packed >> 8) & 255) / 255, B: (packed & 255) / 255 };
}

/** The address; empty where there is none, or where the content is an object in the file. */
function content(nodes: Element[]): string {
  const address = elements(nodes).find(([tag]) => tag === "url" || tag === "uri");
  return address === undefined ? "" : textOf(address[2]).trim();
}

function font(nodes: Element[]): Record<string, Plain> {
  const inside = new Map(elements(nodes).map(([tag, , within]) => [tag, within]));
  return {
    family: content(inside.get("Family") ?? []),
    weight: number(inside.get("Weight") ?? []),
    style: textOf(inside.get("Style") ?? []).trim() || "Normal",
  };
}

function rect(nodes: Element[]): Record<string, Plain> {
  return Object.fromEntries(elements(nodes).map(([tag, , corner]) => [tag, parts(corner)]));
}

function reference(nodes: Element[]): string | undefined {
  const referent = textOf(nodes).trim();
  return referent === "null" || referent === "" || referent === "[null]" ? undefined : referent;
}

const readers: Readonly<Record<string, (nodes: Element[]) => Plain | undefined>> = {
  string: textOf,
  ProtectedString: textOf,
  BinaryString: (nodes) => bytesOf(nodes).toString(),
  bool: (nodes) => textOf(nodes).trim().toLowerCase() === "true",
  int: number,
  int64: number,
  float: number,
  double: number,
  token: number,
  UDim: parts,
  UDim2: parts,
  Vector2: parts,
  Vector3: parts,
  CoordinateFrame: parts,
  Color3: color,
  Color3uint8: color,
  Rect2D: rect,
  NumberRange: numbers,
  NumberSequence: numbers,
  ColorSequence: numbers,
  Content: content,
  ContentId: content,
  Font: font,
  Ref: reference,
};
