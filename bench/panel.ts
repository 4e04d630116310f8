import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDemo } from "../test/demo/demo.ts";
import type { Studio } from "../test/studio/stand-in/index.ts";
import { milliseconds, printTable } from "./table.ts";

const ENTRIES = 10_000;
const FILES = 50;
const MATCHES = 5_000;
const ROW = 24;
const BUDGET = "≤ 8 ms";

/** What the longest frame of the stand-in took while something was done, beside that of a panel at rest. */
async function longestWhile(studio: Studio, work: () => Promise<unknown>): Promise<number> {
  await studio.stats({ begin: true });
  await work();
  return (await studio.stats()).longestFrameMilliseconds;
}

/** Luau: whether a list of the panel has so many rows. */
const listIs = (list: string, rows: number) => `
  local found = game:GetService("PluginGuiService"):FindFirstChild("${list}", true)
  return found ~= nil and found.Size.Y.Offset >= ${rows * ROW}`;

const SHOWN = `
  for _, each in game:GetService("PluginGuiService"):GetDescendants() do
    if each:IsA("TextLabel") and each.Text == TEXT then return true end
  end`;

function scrollTo(share: number): string {
  return `
    local pane = game:GetService("PluginGuiService"):FindFirstChild("Upper", true)
    pane.CanvasPosition = Vector2.new(0, (pane.AbsoluteCanvasSize.Y - pane.AbsoluteWindowSize.Y) * ${share})
    task.wait() task.wait()`;
}

/** The panel with a large folder and a large search: what its longest frame takes, in the stand-in's own time. */
export async function benchPanel(): Promise<void> {
  const demo = await startDemo();
  const studio = demo.studio();
  const rows: string[][] = [["", "longest frame", "target"]];
  const measure = async (what: string, work: () => Promise<unknown>, target = BUDGET) =>
    rows.push([what, milliseconds(await longestWhile(studio, work)), target]);
  const see = (text: string) =>
    studio.until(`to see ${text}`, SHOWN.replace("TEXT", JSON.stringify(text)), { seconds: 60 });
  try {
    mkdirSync(join(demo.folder, "many"));
    for (let index = 0; index < ENTRIES; index++)
      writeFileSync(join(demo.folder, "many", `${10_000 + index}.luau`), "");
    for (let index = 0; index < FILES; index++)
      writeFileSync(join(demo.folder, `${100 + index}.luau`), "needle\n".repeat(MATCHES / FILES));
    await studio.until("all is listed", listIs("TreeRows", FILES + 6), { seconds: 60 });
    await studio.run("task.wait(1)");
    await measure("at rest, 1 s", () => studio.run("task.wait(1)"), "");
    await measure(`a folder of ${ENTRIES} entries is opened`, async () => {
      await studio.activate("many");
      await studio.until("all is listed", listIs("TreeRows", ENTRIES), { seconds: 60 });
    });
    await measure("scrolled through it in 20 leaps", async () => {
      for (let leap = 1; leap <= 20; leap++) await studio.run(scrollTo(leap / 20));
    });
    await studio.run(scrollTo(0));
    await studio.activate("Search");
    await measure(`${MATCHES} matches are found`, async () => {
      await studio.type("Pattern", "needle", { enter: true });
      await see(`${MATCHES} matches in ${FILES} files`);
    });
  } finally {
    await demo.close();
  }
  printTable("Panel: the longest frame of the stand-in, which interprets what Studio runs natively", rows);
}
