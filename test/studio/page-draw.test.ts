import { expect } from "vitest";
import { browserTest } from "../support/browser-test.ts";
import { type PageScene, pagesForTests } from "./page-scene.ts";
import type { DrawOp, ToPage, Widget } from "./stand-in/screen/protocol.ts";

const openPage = pagesForTests();

const PANEL: Widget = { id: 1, title: "Panel", enabled: true, dock: "right", size: [300, 200], least: [100, 100] };
const drawn = (...draw: DrawOp[]): ToPage => ({
  widgets: [PANEL],
  draw: [["add", 1, 0, "widget"], ["place", 1, 0, 0, 300, 400], ...draw],
});
const open = (...draw: DrawOp[]) => openPage(drawn(...draw), { only: "Panel", width: 400, height: 400 });
const node = ({ page }: PageScene, id: number) => page.locator(`[data-node="${id}"]`);
const ids = ({ page }: PageScene, within: number) =>
  page.evaluate(
    `[...document.querySelectorAll('[data-node="${within}"] [data-node]')].map((e) => Number(e.dataset.node))`,
  );
const style = (scene: PageScene, id: number, name: string) =>
  scene.page.evaluate(`getComputedStyle(document.querySelector('[data-node="${id}"]')).getPropertyValue("${name}")`);

browserTest("an element lies where it was placed, within its parent", async () => {
  const scene = await open(
    ["add", 2, 1, "box"],
    ["place", 2, 10, 20, 100, 50],
    ["add", 3, 2, "box"],
    ["place", 3, 5.5, 6, 40, 30],
  );
  expect(await node(scene, 2).boundingBox()).toEqual({ x: 10, y: 20, width: 100, height: 50 });
  expect(await node(scene, 3).boundingBox()).toEqual({ x: 15.5, y: 26, width: 40, height: 30 });
  scene.say({ draw: [["place", 2, 30, 40, 100, 50]] });
  await scene.settled();
  expect(await node(scene, 3).boundingBox()).toEqual({ x: 35.5, y: 46, width: 40, height: 30 });
});

browserTest("a declaration is set, and taken away by null", async () => {
  const scene = await open(["add", 2, 1, "box"], ["style", 2, { "background-color": "rgb(1, 2, 3)", opacity: "0.5" }]);
  expect(await style(scene, 2, "background-color")).toBe("rgb(1, 2, 3)");
  scene.say({ draw: [["style", 2, { "background-color": null }]] });
  await scene.settled();
  expect(await style(scene, 2, "background-color")).toBe("rgba(0, 0, 0, 0)");
  expect(await style(scene, 2, "opacity")).toBe("0.5");
});

browserTest("elements are added last, moved to the end, and removed with what is in them", async () => {
  const scene = await open(["add", 2, 1, "box"], ["add", 3, 1, "box"], ["add", 4, 2, "box"]);
  expect(await ids(scene, 1)).toEqual([2, 4, 3]);
  scene.say({ draw: [["move", 4, 3]] });
  scene.say({ draw: [["move", 2, 1]] });
  await scene.settled();
  expect(await ids(scene, 1)).toEqual([3, 4, 2]);
  // Ids within what was removed are free of it: 4 is gone, and 5 can be added to 2.
  scene.say({
    draw: [
      ["remove", 3],
      ["add", 5, 2, "box"],
    ],
  });
  await scene.settled();
  expect(await ids(scene, 1)).toEqual([2, 5]);
});

browserTest("each line of a text lies where it was drawn, its runs as wide as they were measured", async () => {
  const css = 'font: 400 16px "Source Sans 3"';
  const scene = await open(
    ["add", 2, 1, "text"],
    ["place", 2, 10, 10, 200, 60],
    [
      "text",
      2,
      [
        { x: 4, y: 0, height: 20, runs: [{ text: "one  AV", width: 50.25, css }] },
        {
          x: 0,
          y: 20,
          height: 30,
          runs: [
            { text: "two", width: 30, css },
            { text: "big", width: 40, css: 'font: 700 24px "Source Sans 3"' },
          ],
        },
      ],
    ],
  );
  const [first, second] = await node(scene, 2).locator(".lines > *").all();
  expect(await first?.boundingBox()).toEqual({ x: 14, y: 10, width: 50.25, height: 20 });
  expect(await first?.textContent()).toBe("one  AV");
  expect(await second?.boundingBox()).toMatchObject({ x: 10, y: 30, height: 30 });
  const [two, big] = (await second?.locator("span").all()) ?? [];
  expect(await two?.boundingBox()).toMatchObject({ x: 10, width: 30 });
  expect(await big?.boundingBox()).toMatchObject({ x: 40, y: 30, width: 40 });
  scene.say({ draw: [["text", 2, [{ x: 0, y: 0, height: 20, runs: [{ text: "<b>new</b>", width: 50, css }] }]]] });
  await scene.settled();
  expect(await node(scene, 2).textContent()).toBe("<b>new</b>");
});

browserTest("text is set in the fonts that it was measured with, without kerning or ligatures", async () => {
  const scene = await open(["add", 2, 1, "text"]);
  expect(await style(scene, 2, "font-kerning")).toBe("none");
  expect(await style(scene, 2, "font-variant-ligatures")).toBe("none");
  const faces = await scene.page.evaluate(
    `[...document.fonts].filter((f) => f.status === "loaded").map((f) => [f.family.replaceAll('"', ""), f.weight, f.style].join(" ")).sort()`,
  );
  const sans = ["300 normal", "400 italic", "400 normal", "500 normal", "600 normal", "700 italic", "700 normal"];
  expect(faces).toEqual([
    "Inconsolata 400 normal",
    "Inconsolata 700 normal",
    ...sans.map((face) => `Source Sans 3 ${face}`),
  ]);
});

browserTest("a scrolling element moves its canvas, and a drag of its bar asks for more", async () => {
  const bars = [{ axis: "y", rect: [90, 0, 10, 25], css: "background: gray" }] as const;
  const scene = await open(
    ["add", 2, 1, "scroll"],
    ["place", 2, 10, 10, 100, 100],
    ["style", 2, { overflow: "clip" }],
    ["add", 3, 2, "box"],
    ["place", 3, 0, 50, 80, 20],
    ["scroll", 2, { canvas: [90, 400], position: [0, 30], bars }],
  );
  expect(await node(scene, 3).boundingBox()).toMatchObject({ x: 10, y: 30 });
  const bar = node(scene, 2).locator('[data-bar="y"]');
  expect(await bar.boundingBox()).toEqual({ x: 100, y: 10, width: 10, height: 25 });
  await bar.hover();
  await scene.page.mouse.down();
  await scene.page.mouse.move(105, 22.5 + 30);
  // 300 pixels of canvas are out of sight, and the bar has a way of 75.
  const { x, y } = await scene.hears("scroll", (message) => message.y > 30);
  expect([x, y]).toEqual([0, 30 + 30 * 4]);
  await scene.page.mouse.up();
  expect(scene.heard.filter((message) => message.kind === "pointer" && message.type === "down")).toEqual([]);
  scene.say({ draw: [["scroll", 2, { canvas: [90, 100], position: [0, 0], bars: [] }]] });
  await scene.settled();
  expect(await bar.count()).toBe(0);
});

browserTest("messages that come before a frame are applied in order, in one go that is measured", async () => {
  const scene = await open();
  await scene.page.evaluate(`performance.clearMeasures()`);
  const many = Array.from({ length: 5_000 }, (_, index): DrawOp => ["add", 100 + index, 1, "box"]);
  scene.say({ draw: many });
  await scene.settled();
  expect(await scene.page.locator("[data-node]").count()).toBe(5_001);
  const measures = await scene.page.evaluate(
    `performance.getEntriesByName("studio-batch").map(({ entryType, detail }) => ({ entryType, detail }))`,
  );
  expect(measures).toContainEqual({ entryType: "measure", detail: { ops: 5_000 } });
});

browserTest("after the connection was lost, everything is drawn anew", async () => {
  const scene = await openPage(
    { ...drawn(["add", 2, 1, "box"]), output: [{ kind: "print", text: "old" }] },
    { width: 800, height: 600 },
  );
  scene.forget();
  scene.dropConnection({ reset: true, ...drawn(["add", 9, 1, "box"]), output: [{ kind: "print", text: "new" }] });
  await scene.hears("hello");
  await scene.hears("resize");
  await scene.settled();
  expect(await ids(scene, 1)).toEqual([9]);
  expect(await scene.page.locator('[data-pane="output"] .output-text').allTextContents()).toEqual(["new"]);
  expect(await scene.page.locator('[data-banner="connection"]').isVisible()).toBe(false);
});

browserTest("a page with a wrong key says so and does not try again", async () => {
  const scene = await openPage({}, { refuse: 4401, width: 800 });
  const said = scene.page.locator('[data-banner="connection"]');
  await said.waitFor({ timeout: 5_000 });
  expect(await said.textContent()).toContain("key");
  expect(scene.heard).toEqual([{ kind: "hello", key: "test-key" }]);
});
