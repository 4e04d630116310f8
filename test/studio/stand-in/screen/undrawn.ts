import { isDeepStrictEqual } from "node:util";
import { looks } from "./looks.ts";
import type { FontFace, GuiClass, GuiNode } from "./node.ts";
import { isDrawnAsItself } from "./text/font.ts";
import { parseRichText } from "./text/rich-text.ts";

const ZINDEX_BEHAVIOR = "LayerCollector.ZIndexBehavior";

/** By property of one class, where the list speaks of it, the key and what is drawn instead. */
type Entries = ReadonlyMap<string, { readonly key: string; readonly instead: string }>;

const entriesByClass = new WeakMap<GuiClass, Entries>();

function entriesOf(kind: GuiClass): Entries {
  const known = entriesByClass.get(kind);
  if (known !== undefined) return known;
  const entries = new Map(
    Object.entries(looks.undrawn).flatMap(([key, instead]) => {
      const [ancestor = "", property = ""] = key.split(".");
      const speaksOf = kind.ancestors.has(ancestor) && key !== ZINDEX_BEHAVIOR;
      return speaksOf ? [[property, { key, instead }] as const] : [];
    }),
  );
  entriesByClass.set(kind, entries);
  return entries;
}

/** Global is what a dock widget has by itself: it matters where a ZIndex is set. */
function isGlobal(node: GuiNode): boolean {
  let top = node;
  while (top.parent !== undefined) top = top.parent;
  return top.props["ZIndexBehavior"] === "Global";
}

/** The fonts of a text object, those of its markup too. */
function fontsOf({ props }: GuiNode): FontFace[] {
  const font = props["FontFace"] as FontFace;
  if (props["RichText"] !== true) return [font];
  const spans = parseRichText(String(props["Text"]), { font, size: props["TextSize"] as number });
  return [font, ...spans.map(({ look }) => look.font)];
}

const FONT_PROPERTIES: ReadonlySet<string> = new Set(["FontFace", "RichText", "Text"]);

/** What to say of a node that is not drawn as in Studio: one sentence for each thing, the same for the same thing. */
export function undrawnOf(node: GuiNode, properties: Iterable<string>): string[] {
  const said: string[] = [];
  const { name, defaults } = node.class;
  const instead = looks.undrawnClasses[name];
  if (instead !== undefined) said.push(`${name} is not drawn: ${instead}`);
  const entries = entriesOf(node.class);
  for (const property of properties) {
    const value = node.props[property];
    if (FONT_PROPERTIES.has(property) && node.props["FontFace"] !== undefined)
      for (const font of fontsOf(node))
        if (!isDrawnAsItself(font)) said.push(`the font ${font.family} is not drawn: ${looks.font}`);
    if (property === "ZIndex" && value !== defaults[property] && isGlobal(node))
      said.push(`${ZINDEX_BEHAVIOR} is not drawn: ${looks.undrawn[ZINDEX_BEHAVIOR]}`);
    const entry = entries.get(property);
    if (entry === undefined || isDeepStrictEqual(value, defaults[property])) continue;
    if (looks.drawnValues[entry.key]?.includes(value) === true) continue;
    said.push(`${name}.${property} is not drawn: ${entry.instead}`);
  }
  return said;
}
