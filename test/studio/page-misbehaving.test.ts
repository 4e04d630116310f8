import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { browserTest } from "../support/browser-test.ts";
import { openStudio } from "./stand-in/open-studio.ts";
import { writeRbxmx } from "./stand-in/write-rbxmx.ts";

const SECONDS = 20;
const WIDGET = `
local widget = plugin:CreateDockWidgetPluginGui("w", DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Right, true, true, 300, 300))
widget.Title = "Mine"
`;

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** A Studio in the browser with a plugin of one script, `main`. */
async function show(
  source: string,
  scriptTimeoutSeconds = 1,
): Promise<{ page: Page; line(text: string | RegExp): Promise<string> }> {
  if (browser === undefined) throw new Error("there is no browser");
  const plugin = await writeRbxmx("bad", [{ name: "main", source }]);
  const studio = await openStudio({ plugins: [plugin.path], switches: { scriptTimeoutSeconds } });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  onTestFinished(async () => {
    await page.close();
    await studio.close();
    await plugin.remove();
  });
  await page.goto(studio.url);
  return {
    page,
    /** The line of the output window with this text, whole, with where it came from. */
    async line(text) {
      const found = page.locator('[data-pane="output"] [role="log"] > *').filter({ hasText: text }).first();
      await found.waitFor({ timeout: SECONDS * 1000 });
      return (await found.textContent()) ?? "";
    },
  };
}

/** The page answers a person: the theme changes at a click, and a plugin's print arrives. */
async function expectUsable(page: Page): Promise<void> {
  // Rows come with the first full picture, and so does the theme.
  await page.locator('[data-row="Workspace"]').waitFor({ timeout: SECONDS * 1000 });
  const theme = page.getByRole("button", { name: /^Theme/ });
  const before = await theme.textContent();
  await theme.click();
  await expect.poll(() => theme.textContent(), { timeout: SECONDS * 1000 }).not.toBe(before);
}

describe("a plugin that misbehaves is named in the output window, with its line, and the page stays usable", () => {
  const cases: readonly (readonly [
    what: string,
    source: string,
    text: string | RegExp,
    from: string,
    seconds?: number,
  ])[] = [
    ["fails at start", `local x = 1\nerror("no good")`, "no good", "main:2"],
    ["does not compile", `local x = 1\nlocal = 2`, /Expected identifier/, "main:2"],
    [
      "names an unknown class",
      `\n\nInstance.new("Nonsense")`,
      'Unable to create an Instance of type "Nonsense"',
      "main:3",
    ],
    [
      "sets an unknown property",
      `${WIDGET}local frame = Instance.new("Frame")\nframe.Colour = 1`,
      "Colour is not a valid member of Frame",
      "main:5",
    ],
    ["loops for ever", `print("before")\nwhile true do\n  local x = 1\nend`, "Script timeout", "main:"],
    [
      "builds 100,000 objects",
      `${WIDGET}for i = 1, 100000 do\n  Instance.new("Frame").Parent = widget\nend\nprint("built")`,
      /more than 20,000|more than 20000/,
      "main:5",
      60, // To build so much takes its time on a busy machine; it is not what is to be ended.
    ],
    [
      "fails in each frame",
      `game:GetService("RunService").Heartbeat:Connect(function()\n  error("again")\nend)`,
      "again",
      "main:2",
    ],
  ];
  for (const [what, source, text, from, seconds] of cases)
    browserTest(what, async () => {
      const { page, line } = await show(source, seconds);
      expect(await line(text)).toContain(from);
      await expectUsable(page);
    });
});

browserTest("a plugin that is no model is named, and the page stays usable", async () => {
  if (browser === undefined) throw new Error("there is no browser");
  const studio = await openStudio({ plugins: [import.meta.filename] });
  const page = await browser.newPage();
  onTestFinished(async () => {
    await page.close();
    await studio.close();
  });
  await page.goto(studio.url);
  await page
    .locator('[data-pane="output"]')
    .getByText(/page-misbehaving\.test\.ts.*model/)
    .waitFor();
  await expectUsable(page);
});
