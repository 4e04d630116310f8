import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { eventually } from "../studio/plugin-scene.js";
import { openBrowser } from "../support/browser.ts";
import { browserTest as test } from "../support/browser-test.ts";
import { type Demo, startDemo } from "./demo.ts";
import { type DemoPage, openDemoPage } from "./demo-page.ts";

/** The panel's own background: the first that is not transparent. */
const FIRST_BACKGROUND = `[...document.querySelectorAll('[data-widget="Puente"] [data-kind]')]
  .map((element) => getComputedStyle(element).backgroundColor)
  .find((colour) => !/, 0\\)$/.test(colour))`;
const FILE = "src/shared/Lantern.luau";

let browser: Browser | undefined;
let demo: Demo | undefined;
let studio: DemoPage;
beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  demo = await startDemo();
  studio = await openDemoPage(browser, demo, { width: 1400, height: 900 });
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
  if (demo !== undefined) expect(existsSync(demo.folder), "the copy of the place is gone").toBe(false);
});

const theDemo = () => {
  if (demo === undefined) throw new Error("the demo has not started");
  return demo;
};
const onDisk = () => join(theDemo().folder, FILE);
const hasText = (label: string, fits: (text: string) => boolean) =>
  eventually(label, async () => {
    const text = await studio.editor.inputValue();
    return fits(text) ? text : undefined;
  });

describe("a person with the plugin in the browser", () => {
  test("finds it connected, with the served folder", async () => {
    await studio.see("Connected");
    await studio.see("place");
  });

  test("browses the tree and opens a file in the script editor", async () => {
    await studio.open(FILE);
    await studio.see("Same as on disk");
    await hasText("the editor shows the file", (text) => text === readFileSync(onDisk(), "utf8"));
  });

  test("edits it there, saves it with the panel's button, and it is on disk", async () => {
    const before = readFileSync(onDisk(), "utf8");
    await studio.editor.focus();
    await studio.page.keyboard.press("Control+Home");
    await studio.page.keyboard.type("-- by hand ✓\n");
    await studio.see("Edited here");
    expect(readFileSync(onDisk(), "utf8")).toBe(before);
    await studio.click("Save");
    await studio.see("Same as on disk");
    expect(readFileSync(onDisk(), "utf8")).toBe(`-- by hand ✓\n${before}`);
  });

  test("sees what changes on disk, and takes it", async () => {
    writeFileSync(onDisk(), "return 'from outside'\n");
    await studio.see("Changed on disk");
    await studio.click("Reload");
    await hasText("the editor shows the new text", (text) => text === "return 'from outside'\n");
    await studio.see("Same as on disk");
  });

  test("undoes and redoes that in Studio", async () => {
    await studio.page.getByRole("button", { name: /^Undo/ }).click();
    await hasText("the older text is back", (text) => text.startsWith("-- by hand"));
    await studio.see("Edited here");
    await studio.page.getByRole("button", { name: /^Redo/ }).click();
    await hasText("the newer text is back", (text) => text === "return 'from outside'\n");
  });

  test("is told of a conflict, and keeps both until the choice", async () => {
    await studio.editor.fill("return 'mine'\n");
    await studio.see("Edited here");
    writeFileSync(onDisk(), "return 'theirs'\n");
    await studio.see("Conflict: edited here and changed on disk");
    expect(await studio.editor.inputValue()).toBe("return 'mine'\n");
    expect(readFileSync(onDisk(), "utf8")).toBe("return 'theirs'\n");
    await studio.click("Keep mine");
    await studio.see("Same as on disk");
    expect(readFileSync(onDisk(), "utf8")).toBe("return 'mine'\n");
  });

  test("is told when the daemon is gone, and is connected again when it is back", async () => {
    await theDemo().stopDaemon();
    await studio.see(/^Away, attempt \d+$/);
    await studio.see("The daemon is not running.");
    await theDemo().startDaemon();
    await studio.see("Connected", 30);
  });

  test("sees no error of the page", () => {
    expect(studio.wrong).toEqual([]);
  });
});

describe.each(["Light", "Dark"] as const)("in the %s theme", (theme) => {
  for (const width of [320, 800]) {
    test(`the panel alone fits ${width} pixels`, async () => {
      if (browser === undefined) throw new Error("there is no browser");
      const themed = await startDemo({ theme });
      try {
        const panel = await openDemoPage(browser, themed, { width, height: 700, only: true });
        await panel.see("Connected");
        await panel.open(FILE);
        const background = await panel.page.evaluate<string>(FIRST_BACKGROUND);
        const [red = 0] = (/\d+/.exec(background) ?? []).map(Number);
        expect(theme === "Light" ? red > 200 : red < 80, `the background is ${background}`).toBe(true);
        const beyond = await panel.page
          .locator('[data-widget="Puente"] [data-kind="text"]:visible')
          .evaluateAll(
            (elements, right) =>
              elements
                .filter((element) => element.getBoundingClientRect().right > right)
                .map((each) => each.textContent),
            width,
          );
        expect(beyond).toEqual([]);
        expect(panel.wrong).toEqual([]);
        await panel.page.close();
      } finally {
        await themed.close();
      }
    });
  }
});
