import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { browserTest, openBrowser } from "./browser.ts";
import { openPage, type PageOptions, type PageScene } from "./page-scene.ts";
import type { ToPage } from "./stand-in/screen/protocol.ts";

let browser: Browser | undefined;
const scenes: PageScene[] = [];
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});
afterAll(async () => {
  await browser?.close();
});

async function open(first: ToPage, options?: PageOptions): Promise<PageScene> {
  if (browser === undefined) throw new Error("no browser");
  const scene = await openPage(browser, first, options);
  scenes.push(scene);
  return scene;
}

browserTest("the first message is the key of the address", async () => {
  const { heard } = await open({});
  expect(heard[0]).toEqual({ kind: "hello", key: "test-key" });
});
