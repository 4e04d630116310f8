import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { build, enumItem, make, type Property, type Tree, udim, udim2, vector2 } from "./layout-scene.js";
import { layout } from "./stand-in/screen/layout/layout.js";
import type { Box, GuiNode } from "./stand-in/screen/node.js";

const TREES = 150;
const NODES = 200;

/** Numbers from 0 to below 1 that follow from the seed (a linear congruential generator). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function generator(random: () => number) {
  const below = (most: number) => Math.floor(random() * most);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const item = (type: string, ...names: readonly string[]) => enumItem(type, pick(names));
  const often = (props: Record<string, Property>) =>
    Object.fromEntries(Object.entries(props).filter(() => random() < 0.6));
  const length = () => pick([0, 0, 10, 50, 300, -20]);
  const part = () => pick([0, 0, 1, 0.5, 1 / 3, 2]);
  const axes = () => item("AutomaticSize", "None", "X", "Y", "XY", "XY");
  const flex = () => item("UIFlexAlignment", "None", "Fill", "SpaceAround", "SpaceBetween", "SpaceEvenly");
  const line = () => item("ItemLineAlignment", "Automatic", "Start", "Center", "End", "Stretch");
  const style = () => ({
    FillDirection: item("FillDirection", "Horizontal", "Vertical"),
    HorizontalAlignment: item("HorizontalAlignment", "Left", "Center", "Right"),
    SortOrder: item("SortOrder", "LayoutOrder", "Name"),
    VerticalAlignment: item("VerticalAlignment", "Top", "Center", "Bottom"),
  });
  const components: (() => Tree)[] = [
    () =>
      make(
        "UIListLayout",
        often({
          ...style(),
          HorizontalFlex: flex(),
          ItemLineAlignment: line(),
          Padding: udim(part() / 9, length()),
          VerticalFlex: flex(),
          Wraps: random() < 0.5,
        }),
      ),
    () => make("UIListLayout", often({ ...style(), Wraps: random() < 0.5 })),
    () =>
      make(
        "UIGridLayout",
        often({
          ...style(),
          CellPadding: udim2(0, length(), 0, length()),
          CellSize: udim2(part(), length(), part(), length()),
          FillDirectionMaxCells: below(4),
          StartCorner: item("StartCorner", "TopLeft", "TopRight", "BottomLeft", "BottomRight"),
        }),
      ),
    () =>
      make(
        "UIPadding",
        often({
          PaddingLeft: udim(part() / 5, length()),
          PaddingTop: udim(0, 10),
          PaddingRight: udim(0, length()),
          PaddingBottom: udim(0.5, 0),
        }),
      ),
    () => make("UIScale", { Scale: pick([0, 0.5, 1, 2]) }),
    () =>
      make(
        "UISizeConstraint",
        often({ MaxSize: vector2(below(500), below(500)), MinSize: vector2(below(60), below(60)) }),
      ),
    () =>
      make(
        "UIAspectRatioConstraint",
        often({
          AspectRatio: 0.1 + random() * 5,
          AspectType: item("AspectType", "FitWithinMaxSize", "ScaleWithParentSize"),
          DominantAxis: item("DominantAxis", "Width", "Height"),
        }),
      ),
    () =>
      make(
        "UIFlexItem",
        often({
          FlexMode: item("UIFlexMode", "None", "Grow", "Shrink", "Fill", "Custom"),
          GrowRatio: random(),
          ItemLineAlignment: line(),
          ShrinkRatio: random(),
        }),
      ),
    () => make("UITextSizeConstraint", often({ MaxTextSize: below(100), MinTextSize: below(30) })),
  ];
  const objectProps = () => ({
    AnchorPoint: vector2(random(), random()),
    AutomaticSize: axes(),
    LayoutOrder: below(5),
    Position: udim2(part(), length(), part(), length()),
    Size: udim2(part(), length(), part(), length()),
    SizeConstraint: item("SizeConstraint", "RelativeXY", "RelativeXX", "RelativeYY"),
    Visible: random() < 0.9,
  });
  const textProps = () => ({
    LineHeight: 1 + random(),
    MaxVisibleGraphemes: below(9) - 1,
    RichText: random() < 0.5,
    Text: pick(["", "hello", "hello <b>bold</b> world", "日本語 text\nwith lines", "a&lt;<font size='30'>b</font>"]),
    TextScaled: random() < 0.2,
    TextTruncate: item("TextTruncate", "None", "AtEnd", "SplitWord"),
    TextWrapped: random() < 0.6,
  });
  const scrollProps = () => ({
    AutomaticCanvasSize: axes(),
    CanvasPosition: vector2(below(400), below(400)),
    CanvasSize: udim2(part(), length(), part(), length()),
    HorizontalScrollBarInset: item("ScrollBarInset", "None", "ScrollBar", "Always"),
    VerticalScrollBarInset: item("ScrollBarInset", "None", "ScrollBar", "Always"),
  });
  const objects: (() => { class: string; props: Record<string, Property> })[] = [
    () => ({ class: "Frame", props: often(objectProps()) }),
    () => ({ class: "Frame", props: often(objectProps()) }),
    () => ({ class: "TextLabel", props: often({ ...objectProps(), ...textProps() }) }),
    () => ({ class: "ScrollingFrame", props: often({ ...objectProps(), ...scrollProps() }) }),
    () => ({ class: "Folder", props: {} }),
  ];
  /** A tree of as many instances as said; `deep` is how likely all are inside of one child. */
  const tree = (count: number, deep: number): Tree => {
    const children: Tree[] = [];
    let left = count - 1;
    while (left > 0 && random() < 0.5) {
      children.push(pick(components)());
      left--;
    }
    while (left > 0) {
      const share = random() < deep ? left : 1 + below(left);
      children.push(tree(share, deep));
      left -= share;
    }
    return { ...pick(objects)(), children };
  };
  return { tree, random };
}

function* all(node: GuiNode): Generator<GuiNode> {
  yield node;
  for (const child of node.children) yield* all(child);
}

test("any tree has a layout of finite sizes, and the same one again", () => {
  const seed = randomInt(2 ** 32);
  console.log(`layouts of random trees, seed ${seed}`);
  const { tree, random } = generator(randomOf(seed));
  for (let i = 0; i < TREES; i++) {
    const top = build({ class: "DockWidgetPluginGui", children: [tree(NODES, random())] });
    const viewport = { width: Math.floor(random() * 800), height: Math.floor(random() * 600) };
    layout(top, viewport);
    const nodes = [...all(top)];
    const boxes = nodes.map(({ box }) => box);
    for (const [n, box] of boxes.entries())
      if (box !== undefined) expectFinite(box, `seed ${seed}, tree ${i}, node ${n}`);
    for (const node of nodes)
      if (node.class.ancestors.has("GuiObject")) expect(node.box, `seed ${seed}, tree ${i}`).toBeDefined();
    layout(top, viewport);
    expect(
      nodes.map(({ box }) => box),
      `seed ${seed}, tree ${i}`,
    ).toEqual(boxes);
  }
});

function expectFinite({ rect, text, scroll }: Box, where: string): void {
  const positions = [rect.x, rect.y, ...(text?.lines ?? []).flatMap(({ x, y }) => [x, y])];
  const { canvas, window, position } = scroll ?? {};
  const sizes = [
    rect.width,
    rect.height,
    text?.bounds.x,
    text?.bounds.y,
    text?.size,
    canvas?.x,
    canvas?.y,
    window?.x,
    window?.y,
    position?.x,
    position?.y,
  ].filter((size) => size !== undefined);
  if (!positions.every(Number.isFinite) || !sizes.every((size) => Number.isFinite(size) && size >= 0))
    throw new Error(`${where}: ${JSON.stringify({ rect, text, scroll })}`);
}
