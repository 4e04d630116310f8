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

const automatic = (axes: "X" | "Y" | "XY") => ({ AutomaticSize: enumItem("AutomaticSize", axes) });
/** Inconsolata's line is 1049 high in an em of 1000, and each letter is 500 wide: here 10 pixels by 20.98. */
const code = { FontFace: font("Inconsolata"), TextSize: 20.98 };
const around = (pixelsAround: number) => {
  const side = udim(0, pixelsAround);
  return make("UIPadding", { PaddingLeft: side, PaddingTop: side, PaddingRight: side, PaddingBottom: side });
};
const a = (props: Tree["props"], ...children: Tree[]) => frame("a", props ?? {}, ...children);
const b = (props: Tree["props"], ...children: Tree[]) => frame("b", props ?? {}, ...children);
const c = (props: Tree["props"], ...children: Tree[]) => frame("c", props ?? {}, ...children);
const down = make("UIListLayout");
const across = make("UIListLayout", { FillDirection: enumItem("FillDirection", "Horizontal"), Padding: udim(0, 5) });

/** In a dock widget of 200 by 100 pixels. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  [
    "an object grows to the farthest edges of its children",
    [a(automatic("XY"), b({ Position: pixels(10, 20), Size: pixels(30, 40) }))],
    { a: [0, 0, 40, 60] },
  ],
  [
    "it grows along the named axis only",
    [a({ ...automatic("Y"), Size: pixels(7, 0) }, b({ Size: pixels(30, 40) }))],
    { a: [0, 0, 7, 40] },
  ],
  [
    "its Size is the least",
    [a({ ...automatic("XY"), Size: pixels(100, 50) }, b({ Size: pixels(30, 60) }))],
    { a: [0, 0, 100, 60] },
  ],
  [
    "it keeps its anchor",
    [a({ ...automatic("XY"), AnchorPoint: vector2(1, 0.5), Position: pixels(100, 50) }, b({ Size: pixels(40, 20) }))],
    { a: [60, 40, 40, 20] },
  ],
  [
    "its padding comes on top",
    [a(automatic("XY"), around(8), b({ Size: pixels(30, 40) }))],
    { a: [0, 0, 46, 56], b: [8, 8, 30, 40] },
  ],
  [
    "what is not visible does not count",
    [a(automatic("XY"), b({ Size: pixels(30, 40), Visible: false }))],
    { a: [0, 0, 0, 0] },
  ],
  ["without children it has its Size", [a({ ...automatic("XY"), Size: pixels(5, 6) })], { a: [0, 0, 5, 6] }],
  [
    "children in a Folder count",
    [a(automatic("XY"), make("Folder", {}, b({ Size: pixels(30, 40) })))],
    { a: [0, 0, 30, 40] },
  ],
  [
    "it grows to a list with its padding",
    [a(automatic("XY"), around(1), across, b({ Size: pixels(30, 40) }), c({ Size: pixels(20, 10) }))],
    { a: [0, 0, 57, 42], c: [36, 1, 20, 10] },
  ],
  [
    "it grows to a grid",
    [
      a(
        automatic("XY"),
        make("UIGridLayout", { CellSize: pixels(10, 20), FillDirectionMaxCells: 2 }),
        b({}),
        c({}),
        frame("d", {}),
      ),
    ],
    { a: [0, 0, 25, 45], d: [0, 25, 10, 20] },
  ],
  [
    "a grid's cells in a row fill the width there is",
    [
      a(
        { ...automatic("Y"), Size: pixels(25, 0) },
        make("UIGridLayout", { CellSize: pixels(10, 20) }),
        b({}),
        c({}),
        frame("d", {}),
      ),
    ],
    { a: [0, 0, 25, 45] },
  ],
  [
    "a list that wraps grows downwards",
    [
      a(
        { ...automatic("Y"), Size: pixels(50, 0) },
        make("UIListLayout", { FillDirection: enumItem("FillDirection", "Horizontal"), Wraps: true }),
        b({ Size: pixels(30, 10) }),
        c({ Size: pixels(30, 20) }),
      ),
    ],
    { a: [0, 0, 50, 30], c: [0, 10, 30, 20] },
  ],
  [
    "a child as wide as its parent fills what others have made of it",
    [a(automatic("XY"), down, b({ Size: udim2(1, 0, 0, 10) }), c({ Size: pixels(60, 20) }))],
    { a: [0, 0, 60, 30], b: [0, 0, 60, 10] },
  ],
  [
    "a child larger than its parent does not make it grow again and again",
    [a({ ...automatic("XY"), Size: pixels(10, 10) }, b({ Size: parts(2, 2) }))],
    { a: [0, 0, 20, 20], b: [0, 0, 40, 40] },
  ],
  [
    "automatic sizes in automatic sizes",
    [a(automatic("XY"), around(2), b(automatic("XY"), around(3), c({ Size: pixels(10, 10) })))],
    { a: [0, 0, 20, 20], b: [2, 2, 16, 16], c: [5, 5, 10, 10] },
  ],
  [
    "the largest size holds it back",
    [a(automatic("XY"), make("UISizeConstraint", { MaxSize: vector2(25, 15) }), b({ Size: pixels(30, 40) }))],
    { a: [0, 0, 25, 15] },
  ],
  [
    "text in one line, rounded up to whole pixels",
    [label("a", { ...automatic("XY"), ...code, Text: "hello" })],
    { a: [0, 0, 50, 21] },
  ],
  ["text with padding", [label("a", { ...automatic("XY"), ...code, Text: "hello" }, around(6))], { a: [0, 0, 62, 33] }],
  [
    "text that is less wide than its label",
    [label("a", { ...automatic("X"), ...code, Size: pixels(80, 30), Text: "hello" })],
    { a: [0, 0, 80, 30] },
  ],
  [
    "wrapped text grows downwards at its width",
    [label("a", { ...automatic("Y"), ...code, Size: udim2(0, 60, 0, 0), TextWrapped: true, Text: "hello world" })],
    { a: [0, 0, 60, 42] },
  ],
  [
    "text that does not wrap does not grow along Y alone",
    [label("a", { ...automatic("Y"), ...code, Size: pixels(60, 5), Text: "hello" })],
    { a: [0, 0, 60, 5] },
  ],
  [
    "wrapped text grows as wide as its parent at most",
    [label("a", { ...automatic("XY"), ...code, TextWrapped: true, Text: "0123456789 0123456789" })],
    { a: [0, 0, 100, 42] },
  ],
  [
    "wrapped text stops at its largest width",
    [
      label(
        "a",
        { ...automatic("XY"), ...code, TextWrapped: true, Text: "aaa bbb" },
        make("UISizeConstraint", { MaxSize: vector2(50, 100) }),
      ),
    ],
    { a: [0, 0, 30, 42] },
  ],
  [
    "a column of wrapped texts in a frame of full width",
    [
      a(
        { ...automatic("Y"), Size: parts(0.5, 0) },
        down,
        label("b", { ...automatic("Y"), ...code, Size: parts(1, 0), TextWrapped: true, Text: "01234567 01234567" }),
        c({ Size: pixels(5, 5) }),
      ),
    ],
    { a: [0, 0, 100, 47], b: [0, 0, 100, 42], c: [0, 42, 5, 5] },
  ],
  ["line breaks count", [label("a", { ...automatic("XY"), ...code, Text: "a\nbcd\n" })], { a: [0, 0, 30, 63] }],
  [
    "an empty text box grows to its placeholder",
    [
      {
        class: "TextBox",
        name: "a",
        props: { ...automatic("X"), ...code, Size: pixels(0, 20), Text: "", PlaceholderText: "search" },
      },
    ],
    { a: [0, 0, 60, 20] },
  ],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 200, 100)).toMatchObject(expected);
});
