import { expect, test } from "vitest";
import {
  enumItem,
  font,
  frame,
  label,
  make,
  parts,
  pixels,
  type Rectangle,
  type Tree,
  udim,
  udim2,
  vector2,
} from "./layout-scene.js";
import { layoutsForTests } from "./layout-studio.js";

const rectanglesOf = layoutsForTests();

const list = (props: Tree["props"] = {}): Tree => ({
  class: "UIListLayout",
  name: "list",
  props: { FillDirection: enumItem("FillDirection", "Horizontal"), ...props },
});
const flexX = (name: string) => ({ HorizontalFlex: enumItem("UIFlexAlignment", name) });
const flexY = (name: string) => ({ VerticalFlex: enumItem("UIFlexAlignment", name) });
const lineAlignment = (name: string) => ({ ItemLineAlignment: enumItem("ItemLineAlignment", name) });
const down = { FillDirection: enumItem("FillDirection", "Vertical") };
const mode = (name: string, props: Tree["props"] = {}) =>
  make("UIFlexItem", { FlexMode: enumItem("UIFlexMode", name), ...props });
const item = (name: string, width: number, height: number, ...children: Tree[]) =>
  frame(name, { Size: pixels(width, height) }, ...children);
const three = [item("a", 40, 10), item("b", 40, 20), item("c", 40, 10)];

/** In a dock widget of 240 by 100 pixels. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  [
    "Fill shares the free space",
    [list(flexX("Fill")), ...three],
    { a: [0, 0, 80, 10], b: [80, 0, 80, 20], c: [160, 0, 80, 10], list: [0, 0, 240, 20] },
  ],
  [
    "Fill leaves the padding",
    [list({ ...flexX("Fill"), Padding: udim(0, 30) }), ...three],
    { a: [0, 0, 60, 10], b: [90, 0, 60, 20], c: [180, 0, 60, 10] },
  ],
  [
    "Fill shrinks what is too wide",
    [list(flexX("Fill")), item("a", 140, 10), item("b", 140, 10)],
    { a: [0, 0, 120, 10], b: [120, 0, 120, 10] },
  ],
  [
    "SpaceBetween has none at the ends",
    [list(flexX("SpaceBetween")), ...three],
    { a: [0, 0, 40, 10], b: [100, 0, 40, 20], c: [200, 0, 40, 10] },
  ],
  [
    "SpaceAround has the same on both sides of each",
    [list(flexX("SpaceAround")), ...three],
    { a: [20, 0, 40, 10], b: [100, 0, 40, 20], c: [180, 0, 40, 10] },
  ],
  [
    "SpaceEvenly has the same everywhere",
    [list(flexX("SpaceEvenly")), ...three],
    { a: [30, 0, 40, 10], b: [100, 0, 40, 20], c: [170, 0, 40, 10] },
  ],
  [
    "vertical Fill fills downwards",
    [list({ ...down, ...flexY("Fill") }), item("a", 10, 10), item("b", 10, 30)],
    { a: [0, 0, 10, 40], b: [0, 40, 10, 60] },
  ],
  [
    "Fill across makes items as high as the room",
    [list(flexY("Fill")), ...three],
    { a: [0, 0, 40, 100], b: [40, 0, 40, 100] },
  ],
  [
    "Fill across makes a column's items as wide as the room",
    [list({ ...down, ...flexX("Fill") }), item("a", 10, 10)],
    { a: [0, 0, 240, 10] },
  ],
  [
    "Stretch makes items as high as their line",
    [list(lineAlignment("Stretch")), ...three],
    { a: [0, 0, 40, 20], b: [40, 0, 40, 20] },
  ],
  [
    "End puts items at the bottom of their line",
    [list(lineAlignment("End")), ...three],
    { a: [0, 10, 40, 10], b: [40, 0, 40, 20] },
  ],
  [
    "Center puts items into the middle of their line",
    [list(lineAlignment("Center")), ...three],
    { a: [0, 5, 40, 10], b: [40, 0, 40, 20] },
  ],
  [
    "lines may be aligned elsewhere than the items in them",
    [list({ ...lineAlignment("Start"), VerticalAlignment: enumItem("VerticalAlignment", "Bottom") }), ...three],
    { a: [0, 80, 40, 10], b: [40, 80, 40, 20] },
  ],
  [
    "one item may be aligned otherwise",
    [list(), item("a", 40, 10, mode("None", lineAlignment("End"))), item("b", 40, 20)],
    { a: [0, 10, 40, 10], b: [40, 0, 40, 20] },
  ],
  [
    "Grow takes all that is free",
    [list(), item("a", 40, 10), item("b", 40, 10, mode("Grow")), item("c", 40, 10)],
    { b: [40, 0, 160, 10], c: [200, 0, 40, 10] },
  ],
  ["Grow never shrinks", [list(), item("a", 200, 10), item("b", 100, 10, mode("Grow"))], { b: [200, 0, 100, 10] }],
  [
    "Shrink gives up what is too much",
    [list(), item("a", 200, 10), item("b", 100, 10, mode("Shrink"))],
    { a: [0, 0, 200, 10], b: [200, 0, 40, 10] },
  ],
  ["Shrink never grows", [list(), item("a", 20, 10), item("b", 100, 10, mode("Shrink"))], { b: [20, 0, 100, 10] }],
  ["Shrink stops at nothing", [list(), item("a", 300, 10), item("b", 20, 10, mode("Shrink"))], { b: [300, 0, 0, 10] }],
  [
    "Fill of an item does both",
    [list(), item("a", 200, 10), item("b", 100, 10, mode("Fill"))],
    { b: [200, 0, 40, 10] },
  ],
  [
    "Custom grows by ratio",
    [list(), item("a", 30, 10, mode("Custom", { GrowRatio: 1 })), item("b", 30, 10, mode("Custom", { GrowRatio: 2 }))],
    { a: [0, 0, 90, 10], b: [90, 0, 150, 10] },
  ],
  [
    "Custom shrinks by ratio",
    [
      list(),
      item("a", 150, 10, mode("Custom", { ShrinkRatio: 1 })),
      item("b", 150, 10, mode("Custom", { ShrinkRatio: 3 })),
    ],
    { a: [0, 0, 135, 10], b: [135, 0, 105, 10] },
  ],
  [
    "an item's own mode is stronger than the list's",
    [list(flexX("Fill")), item("a", 40, 10, mode("None")), item("b", 40, 10)],
    { a: [0, 0, 40, 10], b: [40, 0, 200, 10] },
  ],
  [
    "what a largest size refuses goes to the others",
    [
      list(flexX("Fill")),
      item("a", 40, 10, make("UISizeConstraint", { MaxSize: vector2(60, 100) })),
      item("b", 40, 10),
      item("c", 40, 10),
    ],
    { a: [0, 0, 60, 10], b: [60, 0, 90, 10], c: [150, 0, 90, 10] },
  ],
  [
    "each row shares its own space",
    [list({ ...flexX("Fill"), Wraps: true }), item("a", 140, 10), item("b", 60, 10), item("c", 100, 10)],
    { a: [0, 0, 160, 10], b: [160, 0, 80, 10], c: [0, 10, 240, 10] },
  ],
  [
    "rows share the height with Fill across",
    [list({ ...flexY("Fill"), Wraps: true }), item("a", 200, 10), item("b", 200, 30)],
    { a: [0, 0, 200, 40], b: [0, 40, 200, 60] },
  ],
  [
    "rows are spread with SpaceBetween across",
    [list({ ...flexY("SpaceBetween"), Wraps: true }), item("a", 200, 10), item("b", 200, 30)],
    { a: [0, 0, 200, 10], b: [0, 70, 200, 30] },
  ],
  [
    "a fraction is shared without a gap",
    [list(flexX("Fill")), ...Array.from("abcdefg", (name) => item(name, 10, 10))],
    { a: [0, 0, 34, 10], b: [34, 0, 35, 10], g: [206, 0, 34, 10] },
  ],
  [
    "text that flexes wraps at its new width",
    [
      list(),
      frame("a", { Size: pixels(200, 10) }),
      label(
        "b",
        {
          Size: udim2(1, 0, 0, 0),
          AutomaticSize: enumItem("AutomaticSize", "Y"),
          TextWrapped: true,
          Text: "aaa bbb",
          FontFace: font("Inconsolata"),
        },
        mode("Shrink"),
      ),
    ],
    { b: [200, 0, 40, 28] },
  ],
  [
    "a size that follows from children is what grows",
    [
      list(flexX("Fill")),
      frame("a", { Size: parts(0, 0.1), AutomaticSize: enumItem("AutomaticSize", "X") }, item("c", 100, 5)),
      item("b", 40, 10),
    ],
    { a: [0, 0, 150, 10], b: [150, 0, 90, 10] },
  ],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 240, 100)).toMatchObject(expected);
});
