import { expect, test } from "vitest";
import {
  enumItem,
  frame,
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

const vertical = (props: Tree["props"] = {}): Tree => ({ class: "UIListLayout", name: "list", props: { ...props } });
const horizontal = (props: Tree["props"] = {}) =>
  vertical({ FillDirection: enumItem("FillDirection", "Horizontal"), ...props });
const right = { HorizontalAlignment: enumItem("HorizontalAlignment", "Right") };
const centre = { HorizontalAlignment: enumItem("HorizontalAlignment", "Center") };
const bottom = { VerticalAlignment: enumItem("VerticalAlignment", "Bottom") };
const middle = { VerticalAlignment: enumItem("VerticalAlignment", "Center") };
const a = (width: number, height: number, props: Tree["props"] = {}) =>
  frame("a", { Size: pixels(width, height), ...props });
const b = (width: number, height: number, props: Tree["props"] = {}) =>
  frame("b", { Size: pixels(width, height), ...props });
const c = (width: number, height: number, props: Tree["props"] = {}) =>
  frame("c", { Size: pixels(width, height), ...props });

/** In a dock widget of 200 by 100 pixels. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  [
    "a list fills downwards",
    [vertical(), a(50, 20), b(30, 10)],
    { a: [0, 0, 50, 20], b: [0, 20, 30, 10], list: [0, 0, 50, 30] },
  ],
  [
    "a horizontal list fills to the right",
    [horizontal(), a(50, 20), b(30, 10)],
    { a: [0, 0, 50, 20], b: [50, 0, 30, 10], list: [0, 0, 80, 20] },
  ],
  [
    "padding lies between items only",
    [vertical({ Padding: udim(0, 5) }), a(50, 20), b(30, 10), c(1, 1)],
    { b: [0, 25, 30, 10], c: [0, 40, 1, 1], list: [0, 0, 50, 41] },
  ],
  [
    "padding's scale is of the direction of filling",
    [horizontal({ Padding: udim(0.1, 1) }), a(50, 20), b(30, 10)],
    { b: [71, 0, 30, 10], list: [0, 0, 101, 20] },
  ],
  [
    "a list overrides positions and anchors",
    [vertical(), a(50, 20, { Position: pixels(9, 9), AnchorPoint: vector2(1, 1) })],
    { a: [0, 0, 50, 20] },
  ],
  [
    "scales are of the room, not of what is left",
    [vertical(), frame("a", { Size: parts(1, 0.5) }), frame("b", { Size: parts(0.5, 1) })],
    { a: [0, 0, 200, 50], b: [0, 50, 100, 100] },
  ],
  [
    "LayoutOrder sorts, and equal ones keep their order",
    [vertical(), a(10, 10, { LayoutOrder: 2 }), b(10, 10, { LayoutOrder: -1 }), c(10, 10, { LayoutOrder: 2 })],
    { b: [0, 0, 10, 10], a: [0, 10, 10, 10], c: [0, 20, 10, 10] },
  ],
  [
    "names sort where SortOrder says so",
    [vertical({ SortOrder: enumItem("SortOrder", "Name") }), c(10, 10, { LayoutOrder: -5 }), b(10, 10), a(10, 10)],
    { a: [0, 0, 10, 10], b: [0, 10, 10, 10], c: [0, 20, 10, 10] },
  ],
  [
    "what is not visible takes no place",
    [vertical({ Padding: udim(0, 5) }), a(10, 10, { Visible: false }), b(10, 10)],
    { b: [0, 0, 10, 10], list: [0, 0, 10, 10] },
  ],
  [
    "a list aligned right and at the bottom",
    [vertical({ ...right, ...bottom }), a(50, 20), b(30, 10)],
    { a: [150, 70, 50, 20], b: [170, 90, 30, 10] },
  ],
  [
    "a list in the centre centres its items too",
    [horizontal({ ...centre, ...middle }), a(50, 20), b(30, 10)],
    { a: [60, 40, 50, 20], b: [110, 45, 30, 10] },
  ],
  [
    "a centred list that is too long reaches out at both ends",
    [horizontal(centre), a(150, 10), b(150, 10)],
    { a: [-50, 0, 150, 10], b: [100, 0, 150, 10] },
  ],
  [
    "a list lies within the padding",
    [
      make("UIPadding", { PaddingLeft: udim(0, 10), PaddingBottom: udim(0, 20) }),
      vertical(bottom),
      frame("a", { Size: udim2(1, 0, 0, 10) }),
    ],
    { a: [10, 70, 190, 10], list: [0, 0, 190, 10] },
  ],
  [
    "without Wraps items run over the edge",
    [horizontal(), a(150, 10), b(150, 10)],
    { b: [150, 0, 150, 10], list: [0, 0, 300, 10] },
  ],
  [
    "Wraps begins a new row as high as the highest item",
    [horizontal({ Wraps: true }), a(150, 10), b(50, 30), c(60, 5)],
    { a: [0, 0, 150, 10], b: [150, 0, 50, 30], c: [0, 30, 60, 5], list: [0, 0, 200, 35] },
  ],
  [
    "Wraps counts the padding, which also lies between rows",
    [horizontal({ Wraps: true, Padding: udim(0, 10) }), a(100, 10), b(90, 10), c(1, 10)],
    { b: [110, 0, 90, 10], c: [0, 20, 1, 10] },
  ],
  [
    "a vertical list wraps into columns",
    [vertical({ Wraps: true }), a(40, 60), b(20, 40), c(10, 10)],
    { b: [0, 60, 20, 40], c: [40, 0, 10, 10] },
  ],
  [
    "rows are aligned each by itself",
    [horizontal({ Wraps: true, ...right }), a(150, 10), b(60, 10)],
    { a: [50, 0, 150, 10], b: [140, 10, 60, 10] },
  ],
  [
    "items in a Folder are left where they are",
    [vertical(), a(10, 10), make("Folder", {}, b(10, 10, { Position: pixels(5, 5) }))],
    { a: [0, 0, 10, 10], b: [5, 5, 10, 10] },
  ],
  [
    "a constraint is stronger than the list",
    [
      vertical(),
      frame("a", { Size: parts(1, 0.5) }, make("UISizeConstraint", { MaxSize: vector2(80, 30) })),
      b(10, 10),
    ],
    { a: [0, 0, 80, 30], b: [0, 30, 10, 10] },
  ],
  [
    "an aspect ratio is stronger than the list",
    [vertical(), frame("a", { Size: pixels(100, 40) }, make("UIAspectRatioConstraint", {})), b(10, 10)],
    { a: [0, 0, 40, 40], b: [0, 40, 10, 10] },
  ],
  ["an empty list has no content", [vertical()], { list: [0, 0, 0, 0] }],
  ["a table is not laid out", [make("UITableLayout"), a(10, 10, { Position: pixels(3, 4) })], { a: [3, 4, 10, 10] }],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 200, 100)).toMatchObject(expected);
});
