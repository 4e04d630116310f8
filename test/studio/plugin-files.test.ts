import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { luau, type Scene, setScene } from "./plugin-scene.js";

const NAMES = ["with space.luau", "🎉 party.luau", "文件/脚本.luau", "ünïcödé & 100% #1+.luau"];
const MANY = Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`many/${1000 + index}.luau`, "return 1\n"]));

describe.each(["immediate", "deferred"] as const)("files in Studio, signals %s", (signals) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await setScene({ switches: { signals } });
    await scene.pair();
    await scene.see("This folder is empty.");
  });
  afterEach(() => scene.clear());
  afterAll(() => scene.close());

  const onDisk = (path: string) => readFileSync(scene.path(path), "utf8");

  test("the tree lists the real folder, and a folder's content once it is unfolded", async () => {
    scene.fill({ "src/hello.luau": "return 1\n", "art.png": new Uint8Array(2048) });
    await scene.see("art.png");
    await scene.see("2.0 KB");
    await scene.click("src");
    const lines = await scene.see("hello.luau");
    expect(lines).toContain("9 B");
  });

  test("a large folder is listed to its end, with row objects only for what is in sight", async () => {
    scene.fill(MANY);
    await scene.click("many");
    const first = await scene.see("1000.luau");
    expect(first.filter((line) => line.endsWith(".luau")).length).toBeLessThan(100);
    const pane = `game:GetService("PluginGuiService"):FindFirstChild("Upper", true)`;
    await scene.studio.until("all of it is listed", `${pane}.AbsoluteCanvasSize.Y > 450 * 24`);
    await scene.studio.run(`local pane = ${pane} pane.CanvasPosition = Vector2.new(0, pane.AbsoluteCanvasSize.Y)`);
    await scene.see("1449.luau");
    await scene.seeNo("1000.luau");
    await scene.studio.run(`${pane}.CanvasPosition = Vector2.new(0, 0)`);
    await scene.see("1000.luau");
    await scene.click("many");
  });

  test("a file made on the disk shows in an unfolded folder", async () => {
    scene.fill({ "src/hello.luau": "" });
    await scene.click("src");
    await scene.see("hello.luau");
    writeFileSync(scene.path("src/new.luau"), "");
    await scene.see("new.luau");
  });

  test("an edited script is on the disk byte for byte, with the byte order mark and line ends it had", async () => {
    scene.fill({ "hello.luau": "\uFEFF-- hello\r\nprint('hi')\r\n" });
    await scene.open("hello.luau");
    expect(await scene.editorText("hello.luau")).toBe("-- hello\r\nprint('hi')\r\n");
    await scene.edit("hello.luau", "-- hello\nprint('edited — ü')\n");
    await scene.see("Edited here");
    await scene.click("Save");
    await scene.see("Same as on disk");
    expect(onDisk("hello.luau")).toBe("\uFEFF-- hello\r\nprint('edited — ü')\r\n");
  });

  test.each(NAMES)("the name %s makes the way there and back", async (name) => {
    scene.fill({ [name]: "return 1\n" });
    await scene.open(name);
    await scene.edit(name, "return 2\n");
    await scene.click("Save");
    await scene.see("Same as on disk");
    expect(onDisk(name)).toBe("return 2\n");
  });

  test("an edit on the disk arrives as changed, and Reload takes it over", async () => {
    scene.fill({ "run.server.luau": "print(1)\n" });
    await scene.open("run.server.luau");
    await scene.see("Same as on disk");
    writeFileSync(scene.path("run.server.luau"), "print(2)\n");
    await scene.see("Changed on disk");
    expect(await scene.editorText("run.server.luau")).toBe("print(1)\n");
    await scene.click("Reload");
    await scene.see("Same as on disk");
    expect(await scene.editorText("run.server.luau")).toBe("print(2)\n");
  });

  test("a save over a changed file is refused, and neither side loses its text", async () => {
    scene.fill({ "both.luau": "return 1\n" });
    await scene.open("both.luau");
    await scene.edit("both.luau", "return 'mine'\n");
    writeFileSync(scene.path("both.luau"), "return 'theirs'\n");
    await scene.click("Save");
    await scene.see("Not saved: the file has changed on disk.");
    await scene.see("Conflict: edited here and changed on disk");
    expect(onDisk("both.luau")).toBe("return 'theirs'\n");
    expect(await scene.editorText("both.luau")).toBe("return 'mine'\n");

    await scene.click("See both");
    const lines = await scene.see("return 'mine'");
    expect(lines).toContain("return 'theirs'");
    await scene.click("Back");

    await scene.click("Keep mine");
    await scene.see("Same as on disk");
    expect(onDisk("both.luau")).toBe("return 'mine'\n");
  });

  test("in a conflict the disk's version can be taken instead", async () => {
    scene.fill({ "both.luau": "return 1\n" });
    await scene.open("both.luau");
    await scene.edit("both.luau", "return 'mine'\n");
    await scene.see("Edited here");
    writeFileSync(scene.path("both.luau"), "return 'theirs'\n");
    await scene.click("Take disk's");
    await scene.see("Same as on disk");
    expect(await scene.editorText("both.luau")).toBe("return 'theirs'\n");
    expect(onDisk("both.luau")).toBe("return 'theirs'\n");
  });

  test("its own save is no change on the disk", async () => {
    scene.fill({ "saved.luau": "return 1\n", "witness.luau": "return 1\n" });
    await scene.open("saved.luau");
    await scene.open("witness.luau");
    await scene.edit("saved.luau", "return 2\n");
    await scene.click("Save");
    await scene.sees(
      "both to be as on disk",
      (lines) => lines.filter((line) => line === "Same as on disk").length === 2,
    );
    // Changes come in order: once the later one is here, the earlier one has been heard.
    writeFileSync(scene.path("witness.luau"), "return 3\n");
    const lines = await scene.see("Changed on disk");
    expect(lines.filter((line) => line === "Changed on disk")).toHaveLength(1);
    expect(lines).toContain("Same as on disk");
  });

  test("a file removed on the disk says so, and Save makes it again", async () => {
    scene.fill({ "gone.luau": "return 1\n" });
    await scene.open("gone.luau");
    await scene.see("Same as on disk");
    rmSync(scene.path("gone.luau"));
    await scene.see("Removed on disk");
    await scene.click("Save");
    await scene.see("Same as on disk");
    expect(onDisk("gone.luau")).toBe("return 1\n");
  });

  test.each([
    ["NUL", [137, 80, 78, 71, 0, 10]],
    ["bytes that are not UTF-8", [137, 80, 78, 71, 255, 10]],
  ])("a binary file, with %s, is named as one and not opened", async (_what, bytes) => {
    scene.fill({ "art.png": new Uint8Array(bytes) });
    await scene.click("art.png");
    await scene.see(/^This is a binary file of 6 bytes\./);
    expect(
      await scene.studio.run(`return game:GetService("ServerStorage"):FindFirstChild("art.png", true) == nil`),
    ).toBe(true);
  });

  test("the name of a file says which kind of script it becomes", async () => {
    scene.fill({ "a.server.luau": "", "b.client.lua": "", "c.luau": "" });
    for (const name of ["a.server.luau", "b.client.lua", "c.luau"]) await scene.open(name);
    const kinds = (names: string[]) =>
      Promise.all(
        names.map((name) => scene.studio.run(`return game.ServerStorage.Puente.place[${luau(name)}].ClassName`)),
      );
    expect(await kinds(["a.server.luau", "b.client.lua", "c.luau"])).toEqual(["Script", "LocalScript", "ModuleScript"]);
  });

  test("opening a file is one step that Studio can undo", async () => {
    scene.fill({ "step.luau": "return 1\n" });
    await scene.open("step.luau");
    await scene.see("Same as on disk");
    await scene.studio.run(`game:GetService("ChangeHistoryService"):Undo()`);
    await scene.seeNo("place/step.luau");
    expect(onDisk("step.luau")).toBe("return 1\n");
    await scene.open("step.luau");
    await scene.see("Same as on disk");
  });

  test("edits that were not saved outlive a reload of the plugin", async () => {
    scene.fill({ "kept.luau": "return 1\n" });
    await scene.open("kept.luau");
    await scene.edit("kept.luau", "return 'kept'\n");
    await scene.see("Edited here");
    await scene.studio.reloadPlugin();
    await scene.see("Edited here");
    await scene.click("Save");
    await scene.see("Same as on disk");
    expect(onDisk("kept.luau")).toBe("return 'kept'\n");
  });

  test("a save that fails undoes nothing that the user did meanwhile", async () => {
    scene.fill({ "a.luau": "return 1\n" });
    await scene.open("a.luau");
    await scene.edit("a.luau", "return 'mine'\n");
    await scene.see("Edited here");
    process.kill(scene.daemon().pid, "SIGSTOP");
    writeFileSync(scene.path("a.luau"), "return 'theirs'\n");
    await scene.click("Save");
    await scene.see("Working…");
    await scene.edit("a.luau", "return 'typed while saving'\n");
    process.kill(scene.daemon().pid, "SIGCONT");
    await scene.see("Not saved: the file has changed on disk.");
    expect(await scene.editorText("a.luau")).toBe("return 'typed while saving'\n");
  });

  test("Keep mine overwrites no version that the user was not told of", async () => {
    scene.fill({ "a.luau": "return 1\n" });
    await scene.open("a.luau");
    await scene.edit("a.luau", "return 'mine'\n");
    writeFileSync(scene.path("a.luau"), "return 2\n");
    await scene.see("Conflict: edited here and changed on disk");
    writeFileSync(scene.path("a.luau"), "return 'never seen'\n");
    await scene.see("The disk changed again.");
    await scene.click("Keep mine");
    await scene.see("The disk changed again: not saved. See both before you keep yours.");
    expect(onDisk("a.luau")).toBe("return 'never seen'\n");
  });

  test("a text that an undo of Reload brings back is not saved over the newer file", async () => {
    scene.fill({ "a.luau": "return 1\n" });
    await scene.open("a.luau");
    const hash = `game.ServerStorage.Puente.place["a.luau"]`;
    const before = await scene.studio.run<string>(`return ${hash}:GetAttribute("PuenteHash")`);
    writeFileSync(scene.path("a.luau"), "return 2\n");
    await scene.click("Reload");
    await scene.see("Same as on disk");
    // Studio's undo brings attributes back, too; the stand-in's does not.
    await scene.studio.run(`game:GetService("ChangeHistoryService"):Undo()
      ${hash}:SetAttribute("PuenteHash", ${luau(before)})`);
    await scene.see("Changed on disk");
    expect(await scene.texts()).not.toContain("Save");
  });

  test("a file that is gone hides no other unsaved file after a reload of the plugin", async () => {
    scene.fill({ "a.luau": "return 1\n", "b.luau": "return 2\n" });
    await scene.open("a.luau");
    await scene.open("b.luau");
    await scene.edit("a.luau", "return 'a'\n");
    await scene.edit("b.luau", "return 'b'\n");
    rmSync(scene.path("a.luau"));
    await scene.see("Removed on disk");
    await scene.studio.reloadPlugin();
    await scene.see("Removed on disk");
    await scene.see("Edited here");
    expect(await scene.editorText("a.luau")).toBe("return 'a'\n");
  });

  test("two clicks on a file make one script", async () => {
    scene.fill({ "a.luau": "return 1\n" });
    await scene.see("a.luau");
    await Promise.all([scene.studio.activate("a.luau"), scene.studio.activate("a.luau")]);
    await scene.see("place/a.luau");
    // A file opened later: by then both clicks have had their effect.
    scene.fill({ "b.luau": "" });
    await scene.open("b.luau");
    expect(await scene.studio.run("return #game.ServerStorage.Puente.place:GetChildren()")).toBe(2);
  });

  test("a script that came with the place has no Save", async () => {
    scene.fill({ "build.sh": "echo ok\n" });
    await scene.open("build.sh");
    await scene.studio.run(`local ours = game.ServerStorage.Puente.place["build.sh"]
      local planted = ours:Clone()
      planted:SetAttribute("PuenteNonce", "made up") planted.Source = "evil" planted.Parent = ours.Parent ours:Destroy()`);
    await scene.studio.reloadPlugin();
    const lines = await scene.see("Comes with the place: not opened on this machine");
    expect(lines).not.toContain("Save");
  });

  test("a removed file is closed with a second click", async () => {
    scene.fill({ "a.luau": "return 1\n" });
    await scene.open("a.luau");
    rmSync(scene.path("a.luau"));
    await scene.see("Removed on disk");
    await scene.click("Close");
    await scene.click("Close and lose edits");
    await scene.seeNo("place/a.luau");
  });
});
