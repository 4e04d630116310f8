import { expect, test } from "vitest";
import { boxesOf, enumItem, frame, make, parts, pixels, type Tree, udim, udim2, vector2 } from "./layout-scene.js";

/** A ScrollingFrame of 200 by 100 pixels at 10, 10, with bars of 12 pixels. */
const scrolling = (props: Tree["props"], ...children: Tree[]): Tree => ({
  class: "ScrollingFrame",
  name: "frame",
  props: { Position: pixels(10, 10), Size: pixels(200, 100), ...props },
  children,
});
const a = (props: Tree["props"]) => frame("a", props ?? {});
const inset = (bar: "Vertical" | "Horizontal", name: string) => ({
  [`${bar}ScrollBarInset`]: enumItem("ScrollBarInset", name),
});
const direction = (name: string) => ({ ScrollingDirection: enumItem("ScrollingDirection", name) });
const grows = (name: string) => ({ AutomaticCanvasSize: enumItem("AutomaticSize", name), CanvasSize: pixels(0, 0) });
const content = (width: number, height: number) => ({ Size: pixels(width, height) });

interface Expected {
  readonly canvas?: readonly [number, number];
  readonly window?: readonly [number, number];
  readonly position?: readonly [number, number];
  readonly a?: readonly [number, number, number, number];
}

const cases: readonly (readonly [sentence: string, tree: Tree, expected: Expected])[] = [
  [
    "the canvas is twice as high as the frame, if nothing else is said",
    scrolling({}),
    { canvas: [200, 200], window: [200, 100], position: [0, 0] },
  ],
  [
    "a canvas is as large as the window at least",
    scrolling({ CanvasSize: pixels(50, 50) }),
    { canvas: [200, 100], window: [200, 100] },
  ],
  ["scale and offset of the canvas", scrolling({ CanvasSize: udim2(1, 50, 1, 30) }), { canvas: [250, 130] }],
  [
    "children are measured by the canvas",
    scrolling({ CanvasSize: pixels(0, 400) }, a({ Size: parts(1, 0.5) })),
    { a: [10, 10, 200, 200] },
  ],
  [
    "children move against the canvas position",
    scrolling({ CanvasSize: pixels(0, 400), CanvasPosition: vector2(0, 70) }, a(content(50, 50))),
    { position: [0, 70], a: [10, -60, 50, 50] },
  ],
  [
    "the canvas position stops at the end",
    scrolling({ CanvasPosition: vector2(30, 1000) }, a(content(50, 50))),
    { position: [0, 100], a: [10, -90, 50, 50] },
  ],
  ["the canvas position stops at the start", scrolling({ CanvasPosition: vector2(-5, -5) }), { position: [0, 0] }],
  [
    "no position in a direction that does not scroll",
    scrolling({ CanvasSize: pixels(400, 400), CanvasPosition: vector2(50, 50), ...direction("X") }),
    { position: [50, 0] },
  ],
  [
    "an automatic canvas grows to its children",
    scrolling(grows("XY"), a({ Position: pixels(20, 30), ...content(300, 200) })),
    { canvas: [320, 230] },
  ],
  [
    "an automatic canvas grows along its axis only",
    scrolling(grows("Y"), a(content(300, 200))),
    { canvas: [200, 200] },
  ],
  [
    "an automatic canvas grows to a list, with padding",
    scrolling(
      grows("Y"),
      make("UIPadding", { PaddingTop: udim(0, 10), PaddingBottom: udim(0, 20) }),
      make("UIListLayout"),
      a({ Size: udim2(1, 0, 0, 150) }),
      frame("b", content(10, 50)),
    ),
    { canvas: [200, 230], a: [10, 20, 200, 150] },
  ],
  [
    "an automatic canvas with little in it has the window's size",
    scrolling(grows("XY"), a(content(20, 20))),
    { canvas: [200, 100] },
  ],
  [
    "CanvasSize is the least of an automatic canvas",
    scrolling({ ...grows("Y"), CanvasSize: pixels(0, 300) }, a(content(20, 200))),
    { canvas: [200, 300] },
  ],
  [
    "without an inset the bar covers the canvas",
    scrolling({ CanvasSize: pixels(0, 200) }, a({ Size: parts(1, 0.1) })),
    { window: [200, 100], a: [10, 10, 200, 20] },
  ],
  [
    "an inset leaves room for a bar that shows",
    scrolling({ CanvasSize: pixels(0, 200), ...inset("Vertical", "ScrollBar") }, a({ Size: parts(1, 0.1) })),
    { canvas: [188, 200], window: [188, 100], a: [10, 10, 188, 20] },
  ],
  [
    "an inset leaves no room for a bar that does not show",
    scrolling({ CanvasSize: pixels(0, 100), ...inset("Vertical", "ScrollBar") }),
    { window: [200, 100] },
  ],
  [
    "Always leaves room for a bar that does not show",
    scrolling({ CanvasSize: pixels(0, 0), ...inset("Vertical", "Always"), ...inset("Horizontal", "Always") }),
    { canvas: [188, 88], window: [188, 88] },
  ],
  [
    "a bar's room can make the other bar needed",
    scrolling({ CanvasSize: pixels(195, 150), ...inset("Vertical", "ScrollBar"), ...inset("Horizontal", "ScrollBar") }),
    { canvas: [195, 150], window: [188, 88] },
  ],
  [
    "a bar on the left moves the canvas",
    scrolling(
      {
        CanvasSize: pixels(0, 200),
        ...inset("Vertical", "ScrollBar"),
        VerticalScrollBarPosition: enumItem("VerticalScrollBarPosition", "Left"),
      },
      a(content(5, 5)),
    ),
    { a: [22, 10, 5, 5] },
  ],
  [
    "a bar of no thickness takes no room",
    scrolling({ CanvasSize: pixels(0, 200), ScrollBarThickness: 0, ...inset("Vertical", "Always") }),
    { window: [200, 100] },
  ],
  [
    "a direction that does not scroll has no bar",
    scrolling({ CanvasSize: pixels(300, 200), ...direction("Y"), ...inset("Horizontal", "ScrollBar") }),
    { window: [200, 100] },
  ],
];

test.each(cases)("%s", (_, tree, expected) => {
  const boxes = boxesOf([tree], 400, 300);
  const { canvas, window, position } = boxes["frame"]?.scroll ?? {};
  const { x, y, width, height } = boxes["a"]?.rect ?? { x: 0, y: 0, width: 0, height: 0 };
  const found = {
    canvas: [canvas?.x, canvas?.y],
    window: [window?.x, window?.y],
    position: [position?.x, position?.y],
    a: [x, y, width, height],
  };
  expect(found).toMatchObject(expected);
});
