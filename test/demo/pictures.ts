// npm run pictures: writes docs/pictures/*.png, which the README shows.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../support/browser.ts";
import { TOP } from "../support/sources.ts";
import { type Demo, startDemo } from "./demo.ts";
import { type DemoPage, type Look, openDemoPage } from "./demo-page.ts";

const FOLDER = join(TOP, "docs", "pictures");
const FILE = "src/shared/Lantern.luau";
const OTHER = "src/shared/Palette.luau";

interface Picture {
  readonly name: string;
  readonly theme: "Light" | "Dark";
  readonly look: Look;
  /** Brings the page into the state that is shown. */
  readonly scene: (page: DemoPage, demo: Demo) => Promise<void>;
}

const type = async ({ editor, page }: DemoPage, text: string) => {
  await editor.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type(text);
};

/** Asks the demonstration's model to change the file that is open, and waits for the end of the answer. */
const chat = async (page: DemoPage) => {
  await page.see("Connected");
  await page.open(FILE);
  await page.text("Lantern.luau").click({ modifiers: ["Control"] });
  await page.click("Chat");
  await page.see(/^▸ scripted-demonstration/);
  await page.click("▸ Attach");
  await page.click("Selected files (1)");
  await page.see("Lantern.luau");
  await page.click("▾ Attach");
  await page.text(/^Ask something\. Enter/).click();
  await page.page.keyboard.type("Can this lantern cast shadows?");
  await page.page.keyboard.press("Enter");
  await page.see(/One undo brings yours back\.$/, 30);
  await page.see(/tokens\/s/);
};

const PICTURES: readonly Picture[] = [
  {
    name: "studio",
    theme: "Dark",
    look: { width: 1280, height: 800 },
    async scene(page) {
      await page.see("Connected");
      await page.open(FILE);
      await type(page, "-- Lanterns burn all night.\n");
      await page.see("Edited here");
    },
  },
  {
    name: "panel-dark",
    theme: "Dark",
    look: { width: 320, height: 640, only: true },
    async scene(page) {
      await page.see("Connected");
      await page.open(FILE);
      await page.see("Same as on disk");
    },
  },
  {
    name: "conflict-light",
    theme: "Light",
    look: { width: 1280, height: 800 },
    async scene(page, demo) {
      await page.see("Connected");
      await page.open(FILE);
      await page.click(OTHER.split("/").at(-1) ?? "");
      await page.see(`place/${OTHER}`);
      await type(page, "-- edited in Studio\n");
      await page.see("Edited here");
      writeFileSync(join(demo.folder, OTHER), "-- changed by another editor\nreturn {}\n");
      await page.see("Conflict: edited here and changed on disk");
    },
  },
  {
    name: "away-light",
    theme: "Light",
    look: { width: 320, height: 640, only: true },
    async scene(page, demo) {
      await page.see("Connected");
      await demo.stopDaemon();
      await page.see("The daemon is not running.");
    },
  },
  { name: "chat-dark", theme: "Dark", look: { width: 1280, height: 800 }, scene: chat },
  { name: "chat-light", theme: "Light", look: { width: 320, height: 640, only: true }, scene: chat },
];

const browser = await openBrowser();
if (browser === undefined) throw new Error("there is no Chromium; CHROMIUM may name one");
mkdirSync(FOLDER, { recursive: true });
for (const { name, theme, look, scene } of PICTURES) {
  const demo = await startDemo({ theme });
  try {
    const page = await openDemoPage(browser, demo, look);
    await scene(page, demo);
    await page.page.mouse.move(0, 0);
    await page.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" });
    await page.page.close();
    console.log(`docs/pictures/${name}.png`);
  } finally {
    await demo.close();
  }
}
await browser.close();
