import { expect } from "vitest";
import { browserTest } from "../support/browser-test.ts";
import { type PageScene, pagesForTests } from "./page-scene.ts";
import type { DrawOp, Field, Widget } from "./stand-in/screen/protocol.ts";

const openPage = pagesForTests();

const PANEL: Widget = { id: 1, title: "Panel", enabled: true, dock: "right", size: [300, 200], least: [100, 100] };
const FIELD: Field = {
  text: "lamp",
  editable: true,
  multiline: false,
  wrapped: false,
  css: 'font: 400 16px "Source Sans 3"; padding: 0 8px',
};

function open(field: Partial<Field> = {}, ...more: DrawOp[]): Promise<PageScene> {
  const draw: DrawOp[] = [
    ["add", 1, 0, "widget"],
    ["place", 1, 0, 0, 400, 400],
    ["add", 2, 1, "field"],
    ["place", 2, 20, 20, 200, 60],
    ["text", 2, [{ x: 8, y: 5, height: 20, runs: [{ text: "lamp", width: 30, css: "" }] }]],
    ["field", 2, { ...FIELD, ...field }],
    ...more,
  ];
  return openPage({ widgets: [PANEL], draw }, { only: "Panel", width: 400, height: 400 });
}
const input = ({ page }: PageScene) => page.locator('[data-node="2"] > .field-input');
const ofInput = ({ page }: PageScene, expression: string) =>
  page.evaluate(`((input) => ${expression})(document.querySelector('[data-node="2"] > .field-input'))`);
const state = (scene: PageScene) => ofInput(scene, "[input.value, input.selectionStart, input.selectionEnd]");
const text = (value: string, heard?: number) => ({
  ...(heard === undefined ? {} : { heard }),
  draw: [["field", 2, { ...FIELD, text: value }] satisfies DrawOp],
});

browserTest("a text box with the focus is a real input over its element, with its look", async () => {
  const scene = await open({}, ["focus", 2, [1, 3]]);
  expect(await state(scene)).toEqual(["lamp", 1, 3]);
  expect(await input(scene).boundingBox()).toEqual({ x: 20, y: 20, width: 200, height: 60 });
  expect(await ofInput(scene, "getComputedStyle(input).paddingLeft")).toBe("8px");
  expect(await scene.page.locator('[data-node="2"] > .lines > *').isVisible()).toBe(false);
  scene.say({ draw: [["focus", 0]] });
  await scene.settled();
  expect(await input(scene).count()).toBe(0);
  expect(await scene.page.locator('[data-node="2"] > .lines > *').isVisible()).toBe(true);
});

browserTest("the widget has the keys again when the plugin takes the focus from a text box", async () => {
  const scene = await open({}, ["focus", 2]);
  scene.say({ draw: [["focus", 0]] });
  await scene.settled();
  await scene.page.keyboard.press("ArrowDown");
  expect(await scene.hears("key", ({ code }) => code === "ArrowDown")).toMatchObject({ widget: 1, type: "down" });
});

browserTest("a text box that the plugin hides for a moment keeps the focus", async () => {
  const scene = await open({}, ["focus", 2]);
  scene.say({ draw: [["style", 2, { display: "none" }]] });
  await scene.settled();
  // Chromium takes the focus from what is hidden with the frame after.
  await scene.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  scene.say({ draw: [["style", 2, { display: null }]] });
  await scene.settled();
  await scene.page.keyboard.type("s");
  expect(await scene.hears("type")).toMatchObject({ text: "lamps" });
  expect(scene.heard.map(({ kind }) => kind)).not.toContain("blur");
});

browserTest("an empty text box shows its placeholder until something is typed", async () => {
  const scene = await open({ text: "" }, ["focus", 2]);
  const drawn = scene.page.locator('[data-node="2"] > .lines > *');
  expect(await drawn.isVisible()).toBe(true);
  await scene.page.keyboard.type("x");
  await scene.hears("type");
  expect(await drawn.isVisible()).toBe(false);
});

browserTest("every edit and every move of the caret is told, with a number", async () => {
  const scene = await open({}, ["focus", 2]);
  await scene.page.keyboard.type("s!");
  const typed = await scene.hears("type", (message) => message.text === "lamps!");
  expect(typed).toEqual({ kind: "type", number: 2, id: 2, text: "lamps!", start: 6, end: 6 });
  await scene.page.keyboard.press("Home");
  expect(await scene.hears("type", ({ start }) => start === 0)).toMatchObject({ number: 3, text: "lamps!", end: 0 });
  await scene.page.keyboard.press("Shift+ArrowRight");
  expect(await scene.hears("type", ({ end }) => end === 1)).toMatchObject({ start: 0 });
});

browserTest("a text that the plugin sets keeps the caret where it was", async () => {
  const scene = await open({ text: "one two" }, ["focus", 2, [5, 5]]);
  scene.say(text("number one two"));
  await scene.settled();
  expect(await state(scene)).toEqual(["number one two", 12, 12]);
  scene.say(text("number one two three"));
  await scene.settled();
  expect(await state(scene)).toEqual(["number one two three", 12, 12]);
  await scene.page.keyboard.type("-");
  expect((await scene.hears("type")).text).toBe("number one t-wo three");
});

browserTest("a text that is older than what was typed since is not put in", async () => {
  const scene = await open({}, ["focus", 2]);
  await scene.page.keyboard.type("ab");
  await scene.hears("type", ({ number }) => number === 2);
  scene.say(text("LAMPA", 1));
  await scene.settled();
  expect(await state(scene)).toEqual(["lampab", 6, 6]);
  scene.say(text("LAMPAB", 2));
  await scene.settled();
  expect(await state(scene)).toEqual(["LAMPAB", 6, 6]);
});

browserTest("a text that the plugin sets waits for one that is being composed", async () => {
  const scene = await open({}, ["focus", 2]);
  const session = await scene.page.context().newCDPSession(scene.page);
  await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
  scene.say(text("plugin's"));
  await scene.settled();
  expect(await state(scene)).toEqual(["lampに", 5, 5]);
  expect(scene.heard.filter(({ kind }) => kind === "type")).toEqual([]);
  await session.send("Input.insertText", { text: "日" });
  expect((await scene.hears("type")).text).toBe("lamp日");
});

browserTest("Enter leaves a single line, and a new line stays in several", async () => {
  const single = await open({}, ["focus", 2]);
  await single.page.keyboard.press("Enter");
  expect(await single.hears("blur")).toEqual({ kind: "blur", id: 2, enter: true });
  expect(await input(single).count()).toBe(0);
  await single.page.keyboard.press("KeyB");
  await single.hears("key", ({ code }) => code === "KeyB");

  const several = await open({ multiline: true }, ["focus", 2]);
  await several.page.keyboard.press("Enter");
  expect((await several.hears("type")).text).toBe("lamp\n");
});

browserTest("Escape and a press elsewhere leave it", async () => {
  const scene = await open({}, ["focus", 2]);
  await scene.page.keyboard.press("Escape");
  expect(await scene.hears("blur")).toEqual({ kind: "blur", id: 2, enter: false });
  scene.forget();
  scene.say({ draw: [["focus", 2]] });
  await scene.settled();
  await scene.page.mouse.click(300, 300);
  expect(await scene.hears("blur")).toEqual({ kind: "blur", id: 2, enter: false });
  expect(scene.heard.filter(({ kind }) => kind === "blur")).toHaveLength(2);
});

browserTest("the focus stays while elements are moved and removed around it", async () => {
  const scene = await open({}, ["add", 8, 1, "box"], ["focus", 2]);
  scene.say({ draw: [["move", 2, 8]] });
  await scene.settled();
  await scene.page.keyboard.type("s");
  expect((await scene.hears("type")).text).toBe("lamps");
  scene.say({ draw: [["remove", 8]] });
  await scene.settled();
  await scene.page.mouse.click(300, 300);
  await scene.hears("pointer", ({ type }) => type === "up");
  expect(scene.heard.filter(({ kind }) => kind === "blur")).toEqual([]);
});

browserTest("a text box that is not editable can be read but not typed into", async () => {
  const scene = await open({ editable: false }, ["focus", 2]);
  await scene.page.keyboard.type("x");
  await scene.hears("key", ({ type }) => type === "up");
  expect(await state(scene)).toEqual(["lamp", 4, 4]);
});
