import { expect, test } from "vitest";
import { enumItem, frame, make, parts, pixels, type Rectangle, type Tree, udim2, vector2 } from "./layout-scene.js";
import { layoutsForTests } from "./layout-studio.js";

const rectanglesOf = layoutsForTests();

const padding = (left: number, top: number, right: number, bottom: number) =>
  make("UIPadding", {
    PaddingLeft: { kind: "UDim", value: { scale: 0, offset: left } },
    PaddingTop: { kind: "UDim", value: { scale: 0, offset: top } },
    PaddingRight: { kind: "UDim", value: { scale: 0, offset: right } },
    PaddingBottom: { kind: "UDim", value: { scale: 0, offset: bottom } },
  });
const scaleLeft = (scale: number) => make("UIPadding", { PaddingLeft: { kind: "UDim", value: { scale, offset: 0 } } });
const a = (props: Tree["props"], ...children: Tree[]) => frame("a", props ?? {}, ...children);
const b = (props: Tree["props"], ...children: Tree[]) => frame("b", props ?? {}, ...children);

/** In a dock widget of 400 by 300 pixels. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  ["offsets are pixels", [a({ Position: pixels(10, 20), Size: pixels(30, 40) })], { a: [10, 20, 30, 40] }],
  [
    "scales are parts of the parent",
    [a({ Position: parts(0.25, 0.5), Size: parts(0.5, 0.1) })],
    { a: [100, 150, 200, 30] },
  ],
  [
    "scale and offset add up",
    [a({ Position: udim2(1, -50, 1, -20), Size: udim2(0.5, -10, 0.5, 10) })],
    { a: [350, 280, 190, 160] },
  ],
  [
    "a child is placed in its parent",
    [a({ Position: pixels(100, 100), Size: pixels(100, 50) }, b({ Position: parts(0.5, 1), Size: parts(1, 1) }))],
    { b: [150, 150, 100, 50] },
  ],
  [
    "the anchor point is the part of the object that lies at its position",
    [a({ AnchorPoint: vector2(0.5, 0.5), Position: parts(0.5, 0.5), Size: pixels(100, 60) })],
    { a: [150, 120, 100, 60] },
  ],
  [
    "an anchor at the lower right corner",
    [a({ AnchorPoint: vector2(1, 1), Position: parts(1, 1), Size: pixels(100, 60) })],
    { a: [300, 240, 100, 60] },
  ],
  ["a size is never negative", [a({ Size: udim2(0, -10, 0.5, -200) })], { a: [0, 0, 0, 0] }],
  [
    "RelativeXX takes both scales of the parent's width",
    [a({ Size: parts(0.5, 0.5), SizeConstraint: enumItem("SizeConstraint", "RelativeXX") })],
    { a: [0, 0, 200, 200] },
  ],
  [
    "RelativeYY takes both scales of the parent's height",
    [a({ Size: parts(0.5, 0.5), SizeConstraint: enumItem("SizeConstraint", "RelativeYY") })],
    { a: [0, 0, 150, 150] },
  ],
  [
    "thirds touch without a gap",
    [a({ Size: parts(1 / 3, 1) }), b({ Position: parts(1 / 3, 0), Size: parts(1 / 3, 1) })],
    { a: [0, 0, 133, 300], b: [133, 0, 134, 300] },
  ],
  [
    "what fills a parent of a fraction has its rectangle",
    [a({ Position: parts(1 / 3, 0), Size: parts(1 / 3, 1) }, b({ Size: parts(1, 1) }))],
    { a: [133, 0, 134, 300], b: [133, 0, 134, 300] },
  ],
  [
    "a Folder is transparent",
    [a({ Position: pixels(10, 10), Size: pixels(100, 100) }, make("Folder", {}, b({ Size: parts(0.5, 0.5) })))],
    { b: [10, 10, 50, 50] },
  ],
  [
    "padding moves and narrows what children are measured by",
    [a({ Size: pixels(200, 100) }, padding(10, 5, 30, 15), b({ Size: parts(1, 1) }))],
    { a: [0, 0, 200, 100], b: [10, 5, 160, 80] },
  ],
  [
    "padding holds for positions too",
    [
      a(
        { Size: pixels(200, 100) },
        padding(10, 5, 30, 15),
        b({ Position: parts(1, 1), AnchorPoint: vector2(1, 1), Size: pixels(20, 20) }),
      ),
    ],
    { b: [150, 65, 20, 20] },
  ],
  [
    "padding's scale is of the object's own size",
    [a({ Size: pixels(200, 100) }, scaleLeft(0.1), b({ Size: parts(1, 1) }))],
    { b: [20, 0, 180, 100] },
  ],
  ["padding of the widget itself", [padding(10, 10, 10, 10), a({ Size: parts(1, 1) })], { a: [10, 10, 380, 280] }],
  [
    "padding wider than its object leaves nothing",
    [a({ Size: pixels(20, 20) }, padding(30, 0, 30, 0), b({ Size: parts(1, 1) }))],
    { b: [30, 0, 0, 20] },
  ],
  ["an invisible object still has its rectangle", [a({ Visible: false, Size: pixels(20, 20) })], { a: [0, 0, 20, 20] }],
  [
    "a CanvasGroup holds children as a Frame does",
    [
      {
        class: "CanvasGroup",
        name: "group",
        props: { Size: pixels(100, 100) },
        children: [b({ Size: parts(0.5, 1) })],
      },
    ],
    { group: [0, 0, 100, 100], b: [0, 0, 50, 100] },
  ],
  [
    "an ImageLabel holds children as a Frame does",
    [{ class: "ImageLabel", name: "image", props: { Size: pixels(100, 100) }, children: [b({ Size: parts(0.5, 1) })] }],
    { image: [0, 0, 100, 100], b: [0, 0, 50, 100] },
  ],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 400, 300)).toMatchObject(expected);
});
