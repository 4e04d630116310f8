import { expect } from "vitest";
import { browserTest } from "../support/browser-test.ts";
import { type PageScene, pagesForTests } from "./page-scene.ts";
import type { DrawOp, FromPage, Widget } from "./stand-in/screen/protocol.ts";

const openPage = pagesForTests();

const PANEL: Widget = { id: 1, title: "Panel", enabled: true, dock: "right", size: [300, 200], least: [100, 100] };
const NONE = { shift: false, ctrl: false, alt: false, meta: false };

/** Two boxes that overlap, the earlier one above by its z-index, and a clipped one in a third. */
const BOXES: DrawOp[] = [
  ["add", 2, 1, "box"],
  ["place", 2, 0, 0, 100, 100],
  ["style", 2, { "z-index": "2" }],
  ["add", 3, 1, "box"],
  ["place", 3, 50, 50, 100, 100],
  ["add", 4, 1, "box"],
  ["place", 4, 200, 0, 50, 50],
  ["style", 4, { overflow: "clip" }],
  ["add", 5, 4, "text"],
  ["place", 5, 0, 0, 100, 20],
  [
    "text",
    5,
    [{ x: 0, y: 0, height: 20, runs: [{ text: "a text that is longer than the box", width: 240, css: "" }] }],
  ],
  ["add", 6, 1, "text"],
  ["place", 6, 200, 200, 50, 20],
  ["text", 6, [{ x: 0, y: 0, height: 20, runs: [{ text: "so is this, and it is not cut off", width: 150, css: "" }] }]],
];

function open(...more: DrawOp[]): Promise<PageScene> {
  const draw: DrawOp[] = [["add", 1, 0, "widget"], ["place", 1, 0, 0, 400, 400], ...BOXES, ...more];
  return openPage({ widgets: [PANEL], draw }, { only: "Panel", width: 400, height: 400 });
}
const pointers = ({ heard }: PageScene) => heard.flatMap((message) => (message.kind === "pointer" ? [message] : []));
const keys = ({ heard }: PageScene) =>
  heard.flatMap((message) => (message.kind === "key" ? [`${message.type} ${message.code}`] : []));

browserTest("a widget that is shown tells its size, and again when the window changes", async () => {
  const scene = await open();
  expect(await scene.hears("resize")).toEqual({ kind: "resize", widget: 1, width: 400, height: 400 });
  scene.forget();
  await scene.page.setViewportSize({ width: 320, height: 300 });
  expect(await scene.hears("resize", ({ height }) => height === 300)).toMatchObject({ width: 320 });
});

browserTest("what lies under the pointer is told from the uppermost down", async () => {
  const scene = await open();
  const under = async (x: number, y: number) => {
    scene.forget();
    await scene.page.mouse.move(x, y);
    return (await scene.hears("pointer", (message) => message.x === x && message.y === y)).under;
  };
  expect(await under(75, 75)).toEqual([2, 3, 1]);
  expect(await under(120, 120)).toEqual([3, 1]);
  expect(await under(220, 10)).toEqual([5, 4, 1]);
  expect(await under(220, 210)).toEqual([6, 1]);
  // Text that is longer than its element takes no pointer there.
  expect(await under(300, 210)).toEqual([1]);
  // Cut off by its parent, the text's own element is not there.
  expect(await under(270, 10)).toEqual([1]);
});

browserTest("moves are told once a frame, and before the press that follows them", async () => {
  const scene = await open();
  scene.forget();
  await scene.page.evaluate(`new Promise((done) => requestAnimationFrame(() => {
    const content = document.querySelector("[data-content]");
    const at = (type, x) => content.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 10, bubbles: true, pointerId: 1 }));
    content.setPointerCapture = () => {};
    for (let x = 1; x <= 50; x += 1) at("pointermove", x);
    at("pointerdown", 60);
    for (let x = 61; x <= 90; x += 1) at("pointermove", x);
    requestAnimationFrame(() => done());
  }))`);
  await scene.hears("pointer", ({ x }) => x === 90);
  expect(pointers(scene).map(({ type, x }) => [type, x])).toEqual([
    ["move", 50],
    ["down", 60],
    ["move", 90],
  ]);
});

browserTest("a double click counts two, a right click is told with its button and what is held", async () => {
  const scene = await open();
  await scene.page.mouse.dblclick(10, 10);
  await scene.hears("pointer", ({ type, clicks }) => type === "up" && clicks === 2);
  const presses = pointers(scene).filter(({ type }) => type === "down" || type === "up");
  expect(presses.map(({ type, clicks, button }) => [type, clicks, button])).toEqual([
    ["down", 1, 0],
    ["up", 1, 0],
    ["down", 2, 0],
    ["up", 2, 0],
  ]);
  await scene.page.keyboard.down("Shift");
  await scene.page.mouse.click(300, 300, { button: "right" });
  const down = await scene.hears("pointer", ({ type, button }) => type === "down" && button === 2);
  expect(down).toEqual({
    ...{ kind: "pointer", type: "down", widget: 1, x: 300, y: 300, under: [1] },
    ...{ button: 2, clicks: 1, wheel: [0, 0], held: { ...NONE, shift: true } },
  });
});

browserTest("a drag is followed beyond the widget, and the pointer's leaving is told", async () => {
  const draw: DrawOp[] = [
    ["add", 1, 0, "widget"],
    ["place", 1, 0, 0, 300, 600],
  ];
  const scene = await openPage({ widgets: [PANEL], draw }, { width: 1000, height: 600 });
  const box = await scene.page.locator('[data-widget="Panel"] [data-content]').boundingBox();
  if (box === null) throw new Error("the widget is not shown");
  await scene.page.mouse.move(box.x + 20, box.y + 20);
  await scene.page.mouse.down();
  await scene.page.mouse.move(box.x - 50, box.y + 20);
  expect(await scene.hears("pointer", ({ x }) => x === -50)).toMatchObject({ type: "move", under: [] });
  await scene.page.mouse.up();
  await scene.hears("pointer", ({ type }) => type === "up");
  await scene.page.mouse.move(box.x - 60, box.y + 20);
  await scene.hears("pointer", ({ type }) => type === "leave");
});

browserTest("the wheel is told in pixels, and scrolls nothing of the page", async () => {
  const draw: DrawOp[] = [
    ["add", 1, 0, "widget"],
    ["place", 1, 0, 0, 320, 600],
  ];
  const scene = await openPage({ widgets: [PANEL], draw }, { width: 320, height: 500 });
  await scene.page.locator("[data-content]").hover();
  await scene.page.mouse.wheel(0, 120);
  expect(await scene.hears("pointer", ({ type }) => type === "wheel")).toMatchObject({ wheel: [0, 120], under: [1] });
  await scene.settled();
  expect(await scene.page.evaluate("scrollY")).toBe(0);
  // Over anything else it does.
  await scene.page.locator(".top-bar").hover();
  await scene.page.mouse.wheel(0, 120);
  await expect.poll(() => scene.page.evaluate("scrollY")).toBe(120);
});

browserTest("keys are told while a widget has the focus, those of the browser are not", async () => {
  const scene = await open();
  await scene.page.mouse.click(300, 300);
  await scene.page.keyboard.press("KeyA");
  await scene.page.keyboard.press("Control+KeyL");
  await scene.page.keyboard.press("Tab");
  await scene.page.keyboard.press("F12");
  await scene.page.keyboard.press("ArrowDown");
  await scene.hears("key", ({ type, code }) => type === "up" && code === "ArrowDown");
  const control = ["down ControlLeft", "up ControlLeft"];
  const tab = ["down Tab", "up Tab"];
  expect(keys(scene)).toEqual(["down KeyA", "up KeyA", ...control, ...tab, "down ArrowDown", "up ArrowDown"]);
});

browserTest("Escape and then Tab leave a widget", async () => {
  const draw: DrawOp[] = [
    ["add", 1, 0, "widget"],
    ["place", 1, 0, 0, 300, 600],
  ];
  const scene = await openPage({ widgets: [PANEL], draw }, { width: 1000, height: 600 });
  const focused = () => scene.page.evaluate(`document.activeElement.hasAttribute("data-content")`);
  await scene.page.locator("[data-content]").focus();
  await scene.page.keyboard.press("Tab");
  expect(await focused()).toBe(true);
  await scene.page.keyboard.press("Escape");
  await scene.page.keyboard.press("Shift+Tab");
  expect(await focused()).toBe(false);
});

browserTest("a key that is held when the focus goes is told to be up", async () => {
  const scene = await open();
  await scene.page.mouse.click(300, 300);
  await scene.page.keyboard.down("KeyW");
  await scene.page.evaluate(`document.activeElement.blur()`);
  const up: FromPage = { kind: "key", type: "up", widget: 1, code: "KeyW", held: NONE };
  expect(await scene.hears("key", ({ type }) => type === "up")).toEqual(up);
});
