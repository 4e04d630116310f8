import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { eventually } from "../studio/plugin-scene.js";
import { openBrowser } from "../support/browser.ts";
import { browserTest as test } from "../support/browser-test.ts";
import { type Demo, startDemo } from "./demo.ts";
import { type DemoPage, openDemoPage } from "./demo-page.ts";

const FILE = "src/shared/Lantern.luau";
const CHANGE = "light.Shadows = true";

let browser: Browser | undefined;
let demo: Demo | undefined;
let studio: DemoPage;
beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  demo = await startDemo();
  studio = await openDemoPage(browser, demo, { width: 1400, height: 900 });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const ask = async (question: string) => {
  await studio.text(/^Ask something\. Enter/).click();
  // What is typed before the panel has given the box the focus goes nowhere.
  await studio.page.locator('[data-widget="Puente"] textarea').waitFor();
  await studio.page.keyboard.type(question);
  await studio.page.keyboard.press("Enter");
};
const attach = async () => {
  await studio.click("▸ Attach");
  await studio.click("Selected files (1)");
  await studio.see("Lantern.luau");
  await studio.click("▾ Attach");
};
const editorHas = (isThere: boolean) =>
  eventually(`the editor ${isThere ? "has" : "has not"} the change`, async () =>
    (await studio.editor.inputValue()).includes(CHANGE) === isThere ? true : undefined,
  );
const undo = () => studio.page.getByRole("button", { name: /^Undo/ }).click();

describe("a person without any model", () => {
  test("finds the demonstration's, and sees its answer come word by word, which says what it is", async () => {
    await studio.see("Connected");
    await studio.open(FILE);
    await studio.text("Lantern.luau").click({ modifiers: ["Control"] });
    await studio.click("Chat");
    await studio.see(/^▸ scripted-demonstration, demo$/);
    await attach();
    await ask("Can this lantern cast shadows?");
    await studio.see(/^I am Puente's scripted demonstration/);
    await studio.see("Stop");
    await studio.see(/One undo brings yours back\.$/, 30);
    await studio.see("Ask");
    await studio.see(/ to the first token · \d+ tokens\/s · \d+ tokens$/);
  });

  test("looks at the difference, applies it, and takes it back", async () => {
    await studio.click("Show the difference");
    await studio.see(/in 1\s*place\.$/);
    await studio.click("Use what is chosen");
    await editorHas(true);
    await undo();
    await editorHas(false);
  });

  test("lets it use tools, and accepts the edit that it proposes", async () => {
    await studio.click("May use tools");
    await attach();
    await ask("Now do it yourself.");
    await studio.click("Accept");
    await studio.see(/^You accepted the edit/, 30);
    await studio.see("Ask");
  });

  test("sees no error of the page", () => {
    expect(studio.wrong).toEqual([]);
  });
});
