import type { GuiClass, GuiNode } from "./node.ts";

/** Classes that have no picture here; what is inside them is drawn, where it can be. */
const CLASSES: Readonly<Record<string, string>> = {
  BillboardGui: "only dock widgets are drawn",
  ScreenGui: "only dock widgets are drawn",
  SurfaceGui: "only dock widgets are drawn",
  UIGradient: "colours stay plain",
  UIPageLayout: "its pages are left where they are",
  UITableLayout: "its rows are left where they are",
  VideoFrame: "an empty frame is drawn",
  ViewportFrame: "an empty frame is drawn",
};

/** Properties that change the picture in Studio and not here, as `Class.Property`, and what is drawn instead. */
const PROPERTIES: Readonly<Record<string, string>> = {
  "Frame.Style": "it is drawn as Custom",
  "GuiButton.Style": "it is drawn as Custom",
  "GuiObject.SelectionImageObject": "Studio's own frame shows the selection",
  "GuiObject.BorderMode": "Middle is drawn as Outline",
  "ScrollingFrame.BottomImage": "scroll bars are plain",
  "ScrollingFrame.MidImage": "scroll bars are plain",
  "ScrollingFrame.TopImage": "scroll bars are plain",
  "ScrollingFrame.ElasticBehavior": "the canvas stops at its end",
  "CanvasGroup.GroupColor3": "the group keeps its colours",
  "LayerCollector.ZIndexBehavior": "it is drawn as Sibling",
  "TextLabel.OpenTypeFeatures": "letters have their usual shapes",
  "TextButton.OpenTypeFeatures": "letters have their usual shapes",
  "TextBox.OpenTypeFeatures": "letters have their usual shapes",
  "TextLabel.TextDirection": "the script decides the direction",
  "TextButton.TextDirection": "the script decides the direction",
  "TextBox.TextDirection": "the script decides the direction",
  "UIStroke.LineJoinMode": "corners are as round as the object's",
};

/** Values that are drawn although the property as a whole is not. */
const DRAWN_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  "GuiObject.BorderMode": ["Outline", "Inset"],
  "LayerCollector.ZIndexBehavior": ["Sibling", "Global"],
};

/** By property of one class, where the list speaks of it, the key and what is drawn instead. */
type Entries = ReadonlyMap<string, { readonly key: string; readonly instead: string }>;

const entriesByClass = new WeakMap<GuiClass, Entries>();

function entriesOf(kind: GuiClass): Entries {
  const known = entriesByClass.get(kind);
  if (known !== undefined) return known;
  const entries = new Map(
    Object.entries(PROPERTIES).flatMap(([key, instead]) => {
      const [ancestor = "", property = ""] = key.split(".");
      return kind.ancestors.has(ancestor) ? [[property, { key, instead }] as const] : [];
    }),
  );
  entriesByClass.set(kind, entries);
  return entries;
}

/** What to say of a node that is not drawn as in Studio: one sentence for each thing, the same for the same thing. */
export function undrawnOf(node: GuiNode, properties: Iterable<string>): string[] {
  const said: string[] = [];
  const { name, defaults } = node.class;
  if (CLASSES[name] !== undefined) said.push(`${name} is not drawn: ${CLASSES[name]}`);
  const entries = entriesOf(node.class);
  for (const property of properties) {
    const entry = entries.get(property);
    if (entry === undefined || node.props[property] === defaults[property]) continue;
    if (DRAWN_VALUES[entry.key]?.includes(node.props[property]) === true) continue;
    said.push(`${name}.${property} is not drawn: ${entry.instead}`);
  }
  return said;
}

export const undrawn = { classes: CLASSES, properties: PROPERTIES };
