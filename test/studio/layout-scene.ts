import { layout } from "./stand-in/screen/layout/layout.ts";
import type { Box, FontFace, GuiClass, GuiNode, UDim, UDim2, Value, Vector2 } from "./stand-in/screen/node.ts";

/** An instance as a test writes it down; `name` is how the test speaks of it. */
export interface Tree {
  readonly class: string;
  readonly name?: string;
  readonly props?: Readonly<Record<string, Property>>;
  readonly children?: readonly Tree[];
}

/** A property's value with the kind that it has in Luau. */
export type Property =
  | boolean
  | number
  | string
  | { readonly kind: "UDim"; readonly value: UDim }
  | { readonly kind: "UDim2"; readonly value: UDim2 }
  | { readonly kind: "Vector2"; readonly value: Vector2 }
  | { readonly kind: "Font"; readonly value: FontFace }
  | { readonly kind: "EnumItem"; readonly type: string; readonly name: string };

export const udim = (scale: number, offset: number): Property => ({ kind: "UDim", value: { scale, offset } });
export const udim2 = (xScale: number, xOffset: number, yScale: number, yOffset: number): Property => ({
  kind: "UDim2",
  value: { x: { scale: xScale, offset: xOffset }, y: { scale: yScale, offset: yOffset } },
});
/** Pixels only. */
export const pixels = (x: number, y: number) => udim2(0, x, 0, y);
/** Parts of the parent only. */
export const parts = (x: number, y: number) => udim2(x, 0, y, 0);
export const vector2 = (x: number, y: number): Property => ({ kind: "Vector2", value: { x, y } });
export const enumItem = (type: string, name: string): Property => ({ kind: "EnumItem", type, name });
export const font = (family: string, weight = 400, italic = false): Property => ({
  kind: "Font",
  value: { family, weight, italic },
});

/** An instance of a class with properties and children. */
export function make(
  className: string,
  props: Readonly<Record<string, Property>> = {},
  ...children: readonly Tree[]
): Tree {
  return { class: className, props, children };
}

/** A Frame that the test speaks of by its name. */
export function frame(name: string, props: Readonly<Record<string, Property>>, ...children: readonly Tree[]): Tree {
  return { class: "Frame", name, props, children };
}

/** A text object without room of its own around the letters. */
export function label(name: string, props: Readonly<Record<string, Property>>, ...children: readonly Tree[]): Tree {
  return { class: "TextLabel", name, props, children };
}

/** x, y, width, height. */
export type Rectangle = readonly [x: number, y: number, width: number, height: number];

/** The boxes of all named instances, in a dock widget with these children and of this size. */
export function boxesOf(children: readonly Tree[], width: number, height: number): Record<string, Box> {
  const top = build({ class: "DockWidgetPluginGui", children });
  layout(top, { width, height });
  const boxes: Record<string, Box> = {};
  const visit = (node: GuiNode, tree: Tree) => {
    if (tree.name !== undefined && node.box !== undefined) boxes[tree.name] = node.box;
    tree.children?.forEach((child, i) => {
      visit(node.children[i] as GuiNode, child);
    });
  };
  visit(top, { class: "DockWidgetPluginGui", children });
  return boxes;
}

let lastId = 0;

/** The nodes of a tree, with the defaults of their classes. */
export function build(tree: Tree, parent?: GuiNode): GuiNode {
  const kind = classOf(tree.class);
  const props = Object.create(kind.defaults) as Record<string, Value>;
  if (tree.name !== undefined) props["Name"] = tree.name;
  for (const [name, property] of Object.entries(tree.props ?? {})) props[name] = plainOf(property);
  lastId += 1;
  const node: GuiNode = { id: lastId, class: kind, props, parent, children: [], box: undefined };
  for (const child of tree.children ?? []) node.children.push(build(child, node));
  return node;
}

function plainOf(property: Property): Value {
  if (typeof property !== "object") return property;
  return property.kind === "EnumItem" ? property.name : property.value;
}

const NOWHERE: UDim2 = { x: { scale: 0, offset: 0 }, y: { scale: 0, offset: 0 } };
const ORIGIN: Vector2 = { x: 0, y: 0 };
const NO_UDIM: UDim = { scale: 0, offset: 0 };
const OBJECT = {
  AnchorPoint: ORIGIN,
  AutomaticSize: "None",
  LayoutOrder: 0,
  Position: NOWHERE,
  Size: NOWHERE,
  SizeConstraint: "RelativeXY",
  Visible: true,
};
const TEXT = {
  FontFace: { family: "SourceSansPro", weight: 400, italic: false },
  LineHeight: 1,
  MaxVisibleGraphemes: -1,
  RichText: false,
  Text: "Label",
  TextScaled: false,
  TextSize: 14,
  TextTruncate: "None",
  TextWrapped: false,
  TextXAlignment: "Center",
  TextYAlignment: "Center",
};
const GRID_STYLE = {
  FillDirection: "Horizontal",
  HorizontalAlignment: "Left",
  SortOrder: "LayoutOrder",
  VerticalAlignment: "Top",
};
const SCROLLING = {
  AutomaticCanvasSize: "None",
  CanvasPosition: ORIGIN,
  CanvasSize: { x: NO_UDIM, y: { scale: 2, offset: 0 } },
  HorizontalScrollBarInset: "None",
  ScrollBarThickness: 12,
  ScrollingDirection: "XY",
  ScrollingEnabled: true,
  VerticalScrollBarInset: "None",
  VerticalScrollBarPosition: "Right",
};
const LIST = {
  FillDirection: "Vertical",
  HorizontalFlex: "None",
  ItemLineAlignment: "Automatic",
  Padding: NO_UDIM,
  VerticalFlex: "None",
  Wraps: false,
};
const GRID = {
  CellPadding: { x: { scale: 0, offset: 5 }, y: { scale: 0, offset: 5 } },
  CellSize: { x: { scale: 0, offset: 100 }, y: { scale: 0, offset: 100 } },
  FillDirectionMaxCells: 0,
  StartCorner: "TopLeft",
};
const IN_OBJECT = ["GuiObject", "GuiBase2d", "GuiBase", "Instance"];
const IN_GRID_STYLE = ["UIGridStyleLayout", "UILayout", "UIComponent", "UIBase", "Instance"];
const IN_COMPONENT = ["UIComponent", "UIBase", "Instance"];
const IN_CONSTRAINT = ["UIConstraint", ...IN_COMPONENT];

const CLASSES: Readonly<Record<string, readonly [ancestors: readonly string[], defaults: Record<string, Value>]>> = {
  DockWidgetPluginGui: [["PluginGui", "LayerCollector", "GuiBase2d", "GuiBase", "Instance"], { Enabled: true }],
  Folder: [["Instance"], {}],
  Frame: [IN_OBJECT, OBJECT],
  CanvasGroup: [IN_OBJECT, OBJECT],
  ImageLabel: [["GuiLabel", ...IN_OBJECT], OBJECT],
  TextLabel: [["GuiLabel", ...IN_OBJECT], { ...OBJECT, ...TEXT }],
  TextButton: [["GuiButton", ...IN_OBJECT], { ...OBJECT, ...TEXT, Text: "Button" }],
  TextBox: [IN_OBJECT, { ...OBJECT, ...TEXT, Text: "TextBox", PlaceholderText: "" }],
  ScrollingFrame: [IN_OBJECT, { ...OBJECT, ...SCROLLING }],
  UIListLayout: [IN_GRID_STYLE, { ...GRID_STYLE, ...LIST }],
  UIGridLayout: [IN_GRID_STYLE, { ...GRID_STYLE, ...GRID }],
  UITableLayout: [IN_GRID_STYLE, GRID_STYLE],
  UIPadding: [
    IN_COMPONENT,
    { PaddingBottom: NO_UDIM, PaddingLeft: NO_UDIM, PaddingRight: NO_UDIM, PaddingTop: NO_UDIM },
  ],
  UIScale: [IN_COMPONENT, { Scale: 1 }],
  UIFlexItem: [IN_COMPONENT, { FlexMode: "None", GrowRatio: 0, ItemLineAlignment: "Automatic", ShrinkRatio: 0 }],
  UIAspectRatioConstraint: [IN_CONSTRAINT, { AspectRatio: 1, AspectType: "FitWithinMaxSize", DominantAxis: "Width" }],
  UISizeConstraint: [
    IN_CONSTRAINT,
    { MaxSize: { x: Number.POSITIVE_INFINITY, y: Number.POSITIVE_INFINITY }, MinSize: ORIGIN },
  ],
  UITextSizeConstraint: [IN_CONSTRAINT, { MaxTextSize: 100, MinTextSize: 1 }],
};

function classOf(name: string): GuiClass {
  const [ancestors, defaults] = CLASSES[name] ?? [];
  if (ancestors === undefined || defaults === undefined) throw new Error(`no test speaks of the class ${name} yet`);
  return { name, ancestors: new Set([name, ...ancestors]), properties: Object.keys(defaults), defaults };
}
