import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Scene, setScene } from "./plugin-scene.js";

const LINES = Array.from({ length: 30 }, (_, index) => `local line${index} = ${index}`);
const withLine = (lines: readonly string[], at: number, text: string) => lines.with(at, text);

describe("both versions of a file in conflict", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.pair();
    await scene.see("This folder is empty.");
  });
  afterEach(() => scene.clear());
  afterAll(() => scene.close());

  const mine = withLine(withLine(LINES, 2, "mine 2"), 20, "mine 20").join("\n");
  const theirs = withLine(withLine(LINES, 2, "theirs 2"), 20, "theirs 20").join("\n");
  const enter = async () => {
    scene.fill({ "a.luau": LINES.join("\n") });
    await scene.open("a.luau");
    await scene.edit("a.luau", mine);
    await scene.see("Edited here");
    writeFileSync(scene.path("a.luau"), theirs);
    await scene.see("Conflict: edited here and changed on disk");
    await scene.click("See both");
    await scene.see("Studio's on the left, the disk's on the right, in 2 places.");
    await scene.see("theirs 20");
  };
  /** Clicks a button of the hunk that begins at a line. */
  const choose = (line: number, side: "Studio's" | "Disk's") =>
    scene.studio
      .run(`
      local hunk = game:GetService("PluginGuiService"):FindFirstChild("Hunk ${line}", true)
      hunk:FindFirstChild("${side}", true).Button.Name = "choice"`)
      .then(() => scene.click("choice"));

  test("stand side by side where they differ, with what is before it", async () => {
    await enter();
    const lines = await scene.texts();
    for (const line of ["Line 3", "mine 2", "theirs 2", "Line 21", "mine 20", LINES.slice(0, 2).join("\n")]) {
      expect(lines).toContain(line);
    }
    const x = (text: string) =>
      scene.studio.run<number>(`
        for _, each in game:GetService("PluginGuiService"):GetDescendants() do
          if each:IsA("TextLabel") and each.Text == "${text}" then return each.AbsolutePosition.X end
        end`);
    expect(await x("mine 2")).toBeLessThan(await x("theirs 2"));
    await scene.click("Back");
  });

  test("of each place one is chosen; the result is an edit of the disk's version, and is saved", async () => {
    await enter();
    await choose(21, "Disk's");
    await scene.click("Use what is chosen");
    await scene.see("Edited here");
    const both = withLine(withLine(LINES, 2, "mine 2"), 20, "theirs 20").join("\n");
    expect(await scene.editorText("a.luau")).toBe(both);
    expect(readFileSync(scene.path("a.luau"), "utf8")).toBe(theirs);
    await scene.click("Save");
    await scene.see("Same as on disk");
    expect(readFileSync(scene.path("a.luau"), "utf8")).toBe(both);
  });

  test("with all of the disk's chosen there is nothing left to save", async () => {
    await enter();
    await scene.click("Choose all of the disk's");
    await scene.click("Use what is chosen");
    await scene.see("Same as on disk");
    expect(await scene.editorText("a.luau")).toBe(theirs);
  });

  test("what was typed since is not replaced, and a disk that has changed again is still a conflict", async () => {
    await enter();
    await scene.edit("a.luau", "typed since");
    await scene.click("Use what is chosen");
    await scene.see("Not taken: the text was edited meanwhile.");
    expect(await scene.editorText("a.luau")).toBe("typed since");
    await scene.click("See both");
    await scene.see("Both versions");
    writeFileSync(scene.path("a.luau"), "never seen");
    await scene.see("The disk changed again.");
    await scene.click("Use what is chosen");
    await scene.see("Conflict: edited here and changed on disk");
    expect(readFileSync(scene.path("a.luau"), "utf8")).toBe("never seen");
  });
});
