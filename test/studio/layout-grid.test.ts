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

const grid = (props: Tree["props"] = {}): Tree => ({
  class: "UIGridLayout",
  name: "grid",
  props: { CellSize: pixels(50, 20), CellPadding: pixels(5, 5), ...props },
});
const corner = (name: string) => ({ StartCorner: enumItem("StartCorner", name) });
const cells = (names: string) => Array.from(names, (name) => frame(name, {}));
const down = { FillDirection: enumItem("FillDirection", "Vertical") };

/** In a dock widget of 160 by 100 pixels: three cells of 50 by 20 fit beside each other, four below each other. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  [
    "cells fill a row, then the next",
    [grid(), ...cells("abcd")],
    { a: [0, 0, 50, 20], b: [55, 0, 50, 20], c: [110, 0, 50, 20], d: [0, 25, 50, 20], grid: [0, 0, 160, 45] },
  ],
  [
    "cells are 100 by 100 with 5 between them, if nothing else is said",
    [make("UIGridLayout"), ...cells("ab")],
    { a: [0, 0, 100, 100], b: [0, 105, 100, 100] },
  ],
  [
    "cells fill columns",
    [grid(down), ...cells("abcde")],
    { b: [0, 25, 50, 20], d: [0, 75, 50, 20], e: [55, 0, 50, 20], grid: [0, 0, 105, 95] },
  ],
  [
    "a row has no more cells than allowed",
    [grid({ FillDirectionMaxCells: 2 }), ...cells("abc")],
    { b: [55, 0, 50, 20], c: [0, 25, 50, 20], grid: [0, 0, 105, 45] },
  ],
  [
    "a row that allows more has only what fits",
    [grid({ FillDirectionMaxCells: 9 }), ...cells("abcd")],
    { d: [0, 25, 50, 20] },
  ],
  [
    "a cell wider than the room has a row of its own",
    [grid({ CellSize: pixels(300, 20) }), ...cells("ab")],
    { a: [0, 0, 300, 20], b: [0, 25, 300, 20] },
  ],
  [
    "cells and padding may be parts of the room",
    [grid({ CellSize: parts(0.25, 0.1), CellPadding: udim2(0.125, 0, 0, 2) }), ...cells("abcd")],
    { b: [60, 0, 40, 10], c: [120, 0, 40, 10], d: [0, 12, 40, 10] },
  ],
  [
    "cells from the upper right corner",
    [grid(corner("TopRight")), ...cells("abcd")],
    { a: [110, 0, 50, 20], c: [0, 0, 50, 20], d: [110, 25, 50, 20] },
  ],
  [
    "cells from the lower left corner",
    [grid(corner("BottomLeft")), ...cells("abcd")],
    { a: [0, 25, 50, 20], d: [0, 0, 50, 20] },
  ],
  [
    "cells from the lower right corner",
    [grid(corner("BottomRight")), ...cells("abcd")],
    { a: [110, 25, 50, 20], d: [110, 0, 50, 20] },
  ],
  [
    "a grid in the lower right corner of its room",
    [
      grid({
        HorizontalAlignment: enumItem("HorizontalAlignment", "Right"),
        VerticalAlignment: enumItem("VerticalAlignment", "Bottom"),
        FillDirectionMaxCells: 2,
      }),
      ...cells("ab"),
    ],
    { a: [55, 80, 50, 20], b: [110, 80, 50, 20] },
  ],
  [
    "a centred grid centres its last row",
    [
      grid({ HorizontalAlignment: enumItem("HorizontalAlignment", "Center"), FillDirectionMaxCells: 2 }),
      ...cells("abc"),
    ],
    { a: [28, 0, 50, 20], b: [83, 0, 50, 20], c: [55, 25, 50, 20] },
  ],
  [
    "a grid within padding",
    [make("UIPadding", { PaddingLeft: udim(0, 60), PaddingTop: udim(0, 10) }), grid(), ...cells("ab")],
    { a: [60, 10, 50, 20], b: [60, 35, 50, 20] },
  ],
  [
    "LayoutOrder sorts cells",
    [grid(), frame("a", { LayoutOrder: 2 }), frame("b", { LayoutOrder: 1 })],
    { b: [0, 0, 50, 20], a: [55, 0, 50, 20] },
  ],
  [
    "what is not visible has no cell",
    [grid(), frame("a", { Visible: false }), frame("b", {})],
    { b: [0, 0, 50, 20], grid: [0, 0, 50, 20] },
  ],
  [
    "a constraint is stronger than its cell",
    [
      grid(),
      frame("a", {}, make("UISizeConstraint", { MaxSize: vector2(30, 10) })),
      frame("b", {}, make("UIAspectRatioConstraint")),
    ],
    { a: [0, 0, 30, 10], b: [55, 0, 20, 20] },
  ],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 160, 100)).toMatchObject(expected);
});
