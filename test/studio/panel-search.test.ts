import { afterAll, beforeAll, describe, test } from "vitest";
import { type Scene, setScene } from "./plugin-scene.js";

const FILES = {
  "src/a.luau": "local lantern = 1\nreturn 1\n\treturn lantern\n",
  "src/b.luau": "-- Lantern & <b>bold</b>\n",
  "docs/c.md": "lanterns\n",
};

describe("search in the panel", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene({ files: FILES });
    await scene.pair();
    await scene.see("src");
    await scene.click("Search");
  });
  afterAll(() => scene.close());

  const search = (pattern: string) => scene.studio.type("Pattern", pattern, { enter: true });
  const toggle = async (option: string) => {
    await scene.click(option);
    await scene.see(`✓ ${option}`);
  };

  test("what is found stands under its file, with its line, and in bold", async () => {
    await search("lantern");
    await scene.see("4 matches in 3 files");
    // The rows come a portion a frame.
    for (const line of [
      "place/src/a.luau",
      "local <b>lantern</b> = 1",
      "return <b>lantern</b>",
      "place/src/b.luau",
      "-- <b>Lantern</b> &amp; &lt;b&gt;bold&lt;/b&gt;",
      "place/docs/c.md",
      "<b>lantern</b>s",
    ]) {
      await scene.see(line);
    }
  });

  test("a match leads to its line and column in the editor", async () => {
    await search("lantern");
    await scene.see("4 matches in 3 files");
    await scene.click("src/a.luau:3");
    await scene.see("place/src/a.luau");
    await scene.studio.until(
      "the cursor is there",
      `local line, column
      for _, document in game:GetService("ScriptEditorService"):GetScriptDocuments() do
        if document:GetScript().Name == "a.luau" then line, column = document:GetSelection() end
      end
      return line == 3 and column == 9`,
    );
  });

  test("case, whole words, patterns and globs", async () => {
    await toggle("Match case");
    await search("lantern");
    await scene.see("3 matches in 2 files");
    await toggle("Whole word");
    await search("lantern");
    await scene.see("2 matches in 1 file");
    await scene.click("✓ Whole word");
    await scene.click("✓ Match case");
    await toggle("Regex");
    await search("lantern\\w");
    await scene.see("1 match in 1 file");
    await search("(");
    await scene.see(/^.*(pattern|Pattern).*$/);
    await scene.click("✓ Regex");
    await scene.studio.type("Include", "*.md, nothing/**", { enter: true });
    await search("lantern");
    await scene.see("1 match in 1 file");
    await scene.studio.type("Include", "", { enter: true });
  });

  test("a click on a file folds what was found in it", async () => {
    await search("lantern");
    await scene.see("4 matches in 3 files");
    await scene.click("src/a.luau");
    await scene.seeNo("local <b>lantern</b> = 1");
    await scene.click("src/a.luau");
    await scene.see("local <b>lantern</b> = 1");
  });

  test("a search that is cancelled keeps what was found until then, and says so", async () => {
    process.kill(scene.daemon().pid, "SIGSTOP");
    await search("lantern");
    await scene.see("Searching…");
    await scene.click("Cancel search");
    await scene.see("Cancelled: Nothing found until then");
    process.kill(scene.daemon().pid, "SIGCONT");
    await search("lantern");
    await scene.see("4 matches in 3 files");
  });
});
