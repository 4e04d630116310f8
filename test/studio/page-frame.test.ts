import { expect } from "vitest";
import { browserTest } from "../support/browser-test.ts";
import { type PageScene, pagesForTests } from "./page-scene.ts";
import type { Explorer, OutputLine, ToolbarButton, Widget } from "./stand-in/screen/protocol.ts";

const openPage = pagesForTests();

const WIDGET: Widget = { id: 1, title: "Panel", enabled: true, dock: "right", size: [300, 200], least: [120, 100] };
const BUTTON: ToolbarButton = {
  id: 3,
  toolbar: "Demo",
  text: "Open",
  tooltip: "Opens it",
  enabled: true,
  active: false,
};
const row = (id: number, name: string, more: Partial<Explorer["rows"][number]> = {}): Explorer["rows"][number] => ({
  ...{ id, name, depth: 0, class: "Folder", expandable: false, expanded: false, selected: false, script: false },
  ...more,
});
const outputTexts = ({ page }: PageScene) => page.locator(".output-text").allTextContents();

browserTest("the first message is the key of the address, and the theme is Studio's", async () => {
  const scene = await openPage({ theme: "Dark" });
  expect(scene.heard[0]).toEqual({ kind: "hello", key: "test-key" });
  const themeSwitch = scene.page.locator("[data-theme-switch]");
  expect(await scene.page.locator("html").getAttribute("data-theme")).toBe("Dark");
  await themeSwitch.click();
  expect(await scene.hears("theme")).toEqual({ kind: "theme", theme: "Light" });
});

browserTest("a plugin's button shows whether it is active, and can be clicked unless it is disabled", async () => {
  const scene = await openPage({ toolbar: [BUTTON, { ...BUTTON, id: 4, text: "Off", enabled: false }] });
  const button = scene.page.locator('[data-toolbar-button="Open"]');
  expect(await button.getAttribute("title")).toBe("Opens it");
  expect(await scene.page.getByRole("toolbar", { name: "Demo" }).getByRole("button").count()).toBe(2);
  expect(await scene.page.locator('[data-toolbar-button="Off"]').isDisabled()).toBe(true);
  await button.click();
  expect(await scene.hears("toolbar")).toEqual({ kind: "toolbar", id: 3 });
  scene.say({ toolbar: [{ ...BUTTON, active: true }] });
  await scene.settled();
  expect(await button.getAttribute("aria-pressed")).toBe("true");
  expect(await scene.page.locator("[data-toolbar-button]").count()).toBe(1);
});

browserTest("undo and redo name their step, and are off where there is none", async () => {
  const scene = await openPage({});
  scene.say({ history: { undo: "Set colour" } });
  const undo = scene.page.getByTitle("Undo: Set colour");
  await undo.click();
  await scene.hears("undo");
  expect(await scene.page.locator('[data-history="redo"]').isDisabled()).toBe(true);
  scene.say({ history: { redo: "Set colour" } });
  await scene.page.getByTitle("Redo: Set colour").click();
  await scene.hears("redo");
});

browserTest("the Explorer's rows are selected, expanded and opened by mouse and by keys", async () => {
  const rows = [
    row(1, "Workspace", { expandable: true }),
    row(2, "Storage", { expandable: true, expanded: true, selected: true }),
    row(3, "Main", { depth: 1, class: "Script", script: true }),
  ];
  const scene = await openPage({ explorer: { rows, hidden: 2 } });
  const at = (name: string) => scene.page.locator(`[data-row="${name}"]`);
  expect(await scene.page.locator(`[role=treeitem][aria-selected=true] .row-name`).allTextContents()).toEqual([
    "Storage",
  ]);
  expect(await scene.page.locator('[data-pane="explorer"]').textContent()).toContain("2 more rows");

  await at("Main").click();
  expect(await scene.hears("select")).toEqual({ kind: "select", ids: [3] });
  scene.forget();
  await at("Main").click({ modifiers: ["Control"] });
  expect(await scene.hears("select")).toEqual({ kind: "select", ids: [2, 3] });
  scene.forget();
  await at("Workspace").click({ modifiers: ["Shift"] });
  expect(await scene.hears("select")).toEqual({ kind: "select", ids: [1, 2, 3] });
  await at("Workspace").locator(".row-arrow").click();
  expect(await scene.hears("expand")).toEqual({ kind: "expand", id: 1, expanded: true });
  await at("Main").dblclick();
  expect(await scene.hears("open")).toEqual({ kind: "open", id: 3 });

  scene.forget();
  await at("Main").press("ArrowLeft");
  expect(await scene.hears("select")).toEqual({ kind: "select", ids: [2] });
  await at("Storage").press("ArrowLeft");
  expect(await scene.hears("expand")).toEqual({ kind: "expand", id: 2, expanded: false });
  await at("Storage").press("ArrowUp");
  await scene.page.keyboard.press("ArrowRight");
  expect(await scene.hears("expand", ({ id }) => id === 1)).toMatchObject({ expanded: true });
  await at("Workspace").press("End");
  await scene.page.keyboard.press("Enter");
  expect(await scene.hears("open")).toEqual({ kind: "open", id: 3 });
  // The focus stays on its row while others come and go around it.
  scene.say({ explorer: { rows: [row(9, "Camera"), ...rows.slice(1)], hidden: 0 } });
  await scene.settled();
  expect(await scene.page.evaluate("document.activeElement.dataset.row")).toBe("Main");
});

browserTest("output is text and never HTML, in the colour of its kind, with its origin", async () => {
  const evil = `<img src=x onerror="document.title = 'evil'"><b>bold</b>`;
  const output: OutputLine[] = [
    { kind: "print", text: evil, from: "user_x.main:12" },
    { kind: "error", text: "broken\n\tat line 2" },
  ];
  const scene = await openPage({ output });
  expect(await outputTexts(scene)).toEqual([evil, "broken\n\tat line 2"]);
  expect(await scene.page.locator(".output-from").allTextContents()).toEqual(["user_x.main:12"]);
  expect(await scene.page.locator('[data-pane="output"] :is(img, b)').count()).toBe(0);
  const colours = await scene.page.evaluate(
    `[...document.querySelectorAll(".output-text")].map((line) => getComputedStyle(line).color)`,
  );
  expect(new Set(colours as string[]).size).toBe(2);
  await scene.page.locator('[data-pane="output"]').getByRole("button", { name: "Clear" }).click();
  expect(await outputTexts(scene)).toEqual([]);
});

browserTest("the output stays at its end unless the user has scrolled up, and keeps the last 5,000 lines", async () => {
  const lines = (count: number, from: number) =>
    Array.from({ length: count }, (_, index): OutputLine => ({ kind: "print", text: `line ${from + index}` }));
  const scene = await openPage({ output: lines(100, 0) });
  const fromEnd = () =>
    scene.page.evaluate(
      `((log) => log.scrollHeight - log.scrollTop - log.clientHeight)(document.querySelector("[role=log]"))`,
    );
  expect(await fromEnd()).toBeLessThanOrEqual(1);
  scene.say({ output: lines(4_950, 100) });
  await scene.settled();
  expect(await fromEnd()).toBeLessThanOrEqual(1);
  expect(await scene.page.locator(".output-line").count()).toBe(5_000);
  expect(await scene.page.locator(".output-line").first().textContent()).toBe("line 50");
  await scene.page.evaluate(`document.querySelector("[role=log]").scrollTop = 300`);
  scene.say({ output: lines(1, 5_050) });
  await scene.settled();
  expect(await fromEnd()).toBeGreaterThan(1_000);
});

browserTest(
  "when Studio has ended, the reason and a restart are offered, and only the output can be reached",
  async () => {
    const scene = await openPage({ output: [{ kind: "print", text: "before" }], toolbar: [BUTTON] });
    scene.say({ ended: "Script timeout" });
    await scene.settled();
    const banner = scene.page.locator('[data-banner="ended"]');
    expect(await banner.textContent()).toContain("Script timeout");
    expect(await outputTexts(scene)).toEqual(["before"]);
    expect(await scene.page.locator(".top-bar").evaluate("document.querySelector('.top-bar').inert")).toBe(true);
    await banner.getByRole("button", { name: "Restart" }).click();
    await scene.hears("restart");
    scene.say({ reset: true, output: [{ kind: "print", text: "anew" }] });
    await scene.settled();
    expect(await banner.isVisible()).toBe(false);
    expect(await outputTexts(scene)).toEqual(["anew"]);
  },
);

browserTest("a dock widget lies where it is docked, can be made wider, and is closed by its cross", async () => {
  const float: Widget = { ...WIDGET, id: 2, title: "Float", dock: "float" };
  const off: Widget = { ...WIDGET, id: 4, title: "Off", enabled: false };
  const scene = await openPage(
    { widgets: [WIDGET, float, off], draw: [["add", 1, 0, "widget"]] },
    { width: 1400, height: 800 },
  );
  const pane = scene.page.locator('[data-widget="Panel"]');
  expect(await pane.boundingBox()).toMatchObject({ x: 1100, width: 300 });
  expect(await scene.page.locator('[data-widget="Off"]').isVisible()).toBe(false);
  expect(await scene.page.locator('[data-widget="Float"] .widget-content').boundingBox()).toMatchObject({
    width: 300,
    height: 200,
  });
  const divider = scene.page.getByRole("separator", { name: "Width of the widgets at the right" });
  scene.forget();
  await divider.press("ArrowLeft");
  expect(await scene.hears("resize", ({ widget }) => widget === 1)).toMatchObject({ width: 316 });
  scene.forget();
  await divider.hover();
  await scene.page.mouse.down();
  await scene.page.mouse.move(1000, 400);
  await scene.page.mouse.up();
  expect((await scene.hears("resize", ({ widget, width }) => widget === 1 && width > 390)).width).toBeLessThan(410);
  await pane.getByRole("button", { name: "Close Panel" }).click();
  expect(await scene.hears("close-widget")).toEqual({ kind: "close-widget", id: 1 });
});

browserTest("side by side in a wide window, one above the other in a narrow one", async () => {
  const float: Widget = { ...WIDGET, id: 2, title: "Float", dock: "float" };
  const scene = await openPage({ widgets: [WIDGET, float] }, { width: 800, height: 600 });
  const box = async (selector: string) => {
    const found = await scene.page.locator(selector).boundingBox();
    if (found === null) throw new Error(`${selector} is not shown`);
    return found;
  };
  const panel = await box('[data-widget="Panel"]');
  const editor = await box('[data-pane="editor"]');
  expect(editor.x + editor.width).toBeLessThanOrEqual(panel.x);
  await scene.page.setViewportSize({ width: 320, height: 640 });
  const stacked = await box('[data-widget="Panel"]');
  expect(stacked).toMatchObject({ x: 0, width: 320 });
  expect(stacked.height).toBeGreaterThan(300);
  expect((await box('[data-widget="Float"] [data-content]')).height).toBe(200);
  for (const pane of ["editor", "explorer", "output"]) {
    expect(await box(`[data-pane="${pane}"]`)).toMatchObject({ x: 0, width: 320 });
  }
  expect(await scene.page.evaluate("document.documentElement.scrollWidth")).toBe(320);
});

browserTest("with `only`, one widget fills the window", async () => {
  const other: Widget = { ...WIDGET, id: 2, title: "Other" };
  const scene = await openPage(
    {
      widgets: [WIDGET, other],
      draw: [
        ["add", 1, 0, "widget"],
        ["add", 2, 0, "widget"],
      ],
    },
    { only: "Panel", width: 320, height: 500 },
  );
  expect(await scene.page.locator('[data-widget="Panel"] [data-content]').boundingBox()).toEqual({
    x: 0,
    y: 0,
    width: 320,
    height: 500,
  });
  expect(await scene.page.locator('[data-widget="Other"]').count()).toBe(0);
  expect(await scene.page.locator(".top-bar").isVisible()).toBe(false);
});
