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

const a = (props: Tree["props"], ...children: Tree[]) => frame("a", props ?? {}, ...children);
const b = (props: Tree["props"], ...children: Tree[]) => frame("b", props ?? {}, ...children);
const aspect = (props: Tree["props"]) => make("UIAspectRatioConstraint", props);
const ofParent = { AspectType: enumItem("AspectType", "ScaleWithParentSize") };
const byHeight = { DominantAxis: enumItem("DominantAxis", "Height") };
const scale = (factor: number) => make("UIScale", { Scale: factor });

/** In a dock widget of 400 by 300 pixels. */
const cases: readonly (readonly [sentence: string, tree: readonly Tree[], expected: Record<string, Rectangle>])[] = [
  [
    "a largest size",
    [a({ Size: parts(1, 1) }, make("UISizeConstraint", { MaxSize: vector2(200, 100) }))],
    { a: [0, 0, 200, 100] },
  ],
  [
    "a least size",
    [a({ Size: pixels(10, 20) }, make("UISizeConstraint", { MinSize: vector2(50, 5) }))],
    { a: [0, 0, 50, 20] },
  ],
  [
    "a held size keeps its anchor",
    [
      a(
        { Size: parts(1, 1), AnchorPoint: vector2(0.5, 0.5), Position: parts(0.5, 0.5) },
        make("UISizeConstraint", { MaxSize: vector2(200, 100) }),
      ),
    ],
    { a: [100, 100, 200, 100] },
  ],
  [
    "children are measured by the held size",
    [a({ Size: parts(1, 1) }, make("UISizeConstraint", { MaxSize: vector2(200, 100) }), b({ Size: parts(0.5, 0.5) }))],
    { b: [0, 0, 100, 50] },
  ],
  [
    "a ratio is the largest within the own size: a wide one",
    [a({ Size: pixels(100, 100) }, aspect({ AspectRatio: 2 }))],
    { a: [0, 0, 100, 50] },
  ],
  [
    "a ratio is the largest within the own size: a high one",
    [a({ Size: pixels(100, 100) }, aspect({ AspectRatio: 0.5, ...byHeight }))],
    { a: [0, 0, 50, 100] },
  ],
  [
    "with ScaleWithParentSize the dominant width stays",
    [a({ Size: pixels(100, 10) }, aspect({ AspectRatio: 2, ...ofParent }))],
    { a: [0, 0, 100, 50] },
  ],
  [
    "with ScaleWithParentSize the dominant height stays",
    [a({ Size: pixels(10, 100) }, aspect({ AspectRatio: 2, ...ofParent, ...byHeight }))],
    { a: [0, 0, 200, 100] },
  ],
  [
    "ScaleWithParentSize stops at the parent",
    [a({ Size: pixels(400, 10) }, aspect({ AspectRatio: 1, ...ofParent }))],
    { a: [0, 0, 300, 300] },
  ],
  [
    "a scale multiplies the size, not the position",
    [a({ Position: pixels(10, 10), Size: pixels(100, 50) }, scale(2))],
    { a: [10, 10, 200, 100] },
  ],
  [
    "a scale grows from the anchor",
    [a({ AnchorPoint: vector2(0.5, 0.5), Position: parts(0.5, 0.5), Size: pixels(100, 50) }, scale(2))],
    { a: [100, 100, 200, 100] },
  ],
  ["a scale halves a size", [a({ Size: parts(0.5, 0.5) }, scale(0.5))], { a: [0, 0, 100, 75] }],
  [
    "a scale multiplies all that is inside",
    [a({ Size: pixels(100, 100) }, scale(2), b({ Position: pixels(10, 20), Size: udim2(0.5, 10, 0, 5) }))],
    { b: [20, 40, 120, 10] },
  ],
  [
    "scales multiply each other",
    [a({ Size: pixels(50, 50) }, scale(2), b({ Size: pixels(10, 10) }, scale(3)))],
    { b: [0, 0, 60, 60] },
  ],
  [
    "a scale multiplies padding and the padding of lists",
    [
      a(
        { Size: pixels(100, 100) },
        scale(2),
        make("UIPadding", { PaddingTop: udim(0, 5) }),
        make("UIListLayout", { Padding: udim(0, 3) }),
        b({ Size: pixels(10, 10) }),
        frame("c", { Size: pixels(10, 10) }),
      ),
    ],
    { b: [0, 10, 20, 20], c: [0, 36, 20, 20] },
  ],
  [
    "a scale multiplies constraints",
    [a({ Size: pixels(100, 100) }, scale(2), make("UISizeConstraint", { MaxSize: vector2(50, 200) }))],
    { a: [0, 0, 100, 200] },
  ],
  [
    "a scale multiplies text",
    [
      label(
        "a",
        {
          AutomaticSize: enumItem("AutomaticSize", "XY"),
          FontFace: font("Inconsolata"),
          TextSize: 20.98,
          Text: "hello",
        },
        scale(2),
      ),
    ],
    { a: [0, 0, 100, 42] },
  ],
  [
    "a scale of the widget multiplies what is in it, not the widget",
    [scale(2), a({ Size: udim2(0.5, 10, 1, 0) })],
    { a: [0, 0, 220, 300] },
  ],
  [
    "a list counts an item's scaled size",
    [make("UIListLayout"), a({ Size: pixels(10, 10) }, scale(2)), b({ Size: pixels(10, 10) })],
    { a: [0, 0, 20, 20], b: [0, 20, 10, 10] },
  ],
];

test.each(cases)("%s", async (_, tree, expected) => {
  expect(await rectanglesOf(tree, 400, 300)).toMatchObject(expected);
});
