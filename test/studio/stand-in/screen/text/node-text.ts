import type { FontFace, GuiNode, Rect, TextBlock, Value, Vector2 } from "../node.ts";
import { type TextSpec, textBlock, textSize } from "./text-block.ts";

/** The limits of a UITextSizeConstraint. */
export interface TextLimits {
  readonly least: number;
  readonly most: number;
}

/** All that the look of a text depends on. */
const PROPERTIES = [
  "Text",
  "PlaceholderText",
  "RichText",
  "FontFace",
  "TextSize",
  "TextScaled",
  "TextWrapped",
  "TextTruncate",
  "LineHeight",
  "MaxVisibleGraphemes",
  "TextXAlignment",
  "TextYAlignment",
] as const;
/** What a node was asked for in one layout, and a little more. */
const KEPT = 6;
const LARGEST = 100;
const NO_LIMITS: TextLimits = { least: 1, most: LARGEST };
const ALIGN: Readonly<Record<string, number>> = { Left: 0, Top: 0, Center: 0.5, Right: 1, Bottom: 1 };

interface Kept<T> {
  readonly key: readonly Value[];
  readonly value: T;
}

const blocks = new WeakMap<GuiNode, Kept<TextBlock>[]>();
const sizes = new WeakMap<GuiNode, Kept<Vector2>[]>();

/** The text of a text object in a `room`, pixels from the object's corner. The same object while nothing has changed. */
export function blockOf(node: GuiNode, room: Rect, scale: number, limits?: TextLimits): TextBlock {
  const { x, y, width, height } = room;
  const extra = [scale, limits?.least, limits?.most, x, y, width, height];
  return remembered(blocks, node, extra, () => textBlock(specOf(node, scale, limits), room));
}

/** The pixels that a text object's text takes on lines of `width` pixels. */
export function contentOf(node: GuiNode, width: number, scale: number, limits?: TextLimits): Vector2 {
  const wraps = node.props["TextWrapped"] === true || node.props["TextScaled"] === true;
  const extra = [scale, limits?.least, limits?.most, wraps ? width : undefined];
  return remembered(sizes, node, extra, () => textSize(specOf(node, scale, limits), width));
}

function specOf({ class: { name }, props }: GuiNode, scale: number, limits: TextLimits = NO_LIMITS): TextSpec {
  const isPlaceholder = name === "TextBox" && props["Text"] === "";
  const size = props["TextSize"] as number;
  return {
    text: (isPlaceholder ? props["PlaceholderText"] : props["Text"]) as string,
    rich: props["RichText"] === true && !isPlaceholder,
    font: props["FontFace"] as FontFace,
    size: Math.min(Math.max(size, limits.least), limits.most),
    scaled: props["TextScaled"] === true ? limits : undefined,
    wrapped: props["TextWrapped"] === true,
    truncate: props["TextTruncate"] as TextSpec["truncate"],
    lineHeight: props["LineHeight"] as number,
    visible: props["MaxVisibleGraphemes"] as number,
    align: { x: ALIGN[props["TextXAlignment"] as string] ?? 0.5, y: ALIGN[props["TextYAlignment"] as string] ?? 0.5 },
    scale,
  };
}

function remembered<T>(
  cache: WeakMap<GuiNode, Kept<T>[]>,
  node: GuiNode,
  extra: readonly (number | undefined)[],
  compute: () => T,
): T {
  let kept = cache.get(node);
  if (kept === undefined) {
    kept = [];
    cache.set(node, kept);
  }
  for (const { key, value } of kept) if (isSame(node, extra, key)) return value;
  const value = compute();
  if (kept.length === KEPT) kept.shift();
  kept.push({ key: [...PROPERTIES.map((name) => node.props[name]), ...extra], value });
  return value;
}

function isSame(node: GuiNode, extra: readonly (number | undefined)[], key: readonly Value[]): boolean {
  for (let i = 0; i < PROPERTIES.length; i++) if (node.props[PROPERTIES[i] as string] !== key[i]) return false;
  for (let i = 0; i < extra.length; i++) if (extra[i] !== key[PROPERTIES.length + i]) return false;
  return true;
}
