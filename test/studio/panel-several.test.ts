import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { reach } from "./panel-look.js";
import { type Scene, setScene } from "./plugin-scene.js";

describe("several files at once", () => {
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeAll(async () => {
    scene = await setScene();
    hands = await reach(scene);
    await hands.resize(320, 900);
    await scene.pair();
    await scene.see("Over the link");
    await scene.see("This folder is empty.");
  });
  afterEach(() => scene.clear());
  afterAll(async () => {
    hands.leave();
    await scene.close();
  });

  const onDisk = (path: string) => readFileSync(scene.path(path), "utf8");
  const fill = async (...names: string[]) => {
    scene.fill(Object.fromEntries(names.map((name) => [name, `return "${name}"\n`])));
    for (const name of names) await scene.see(name);
  };
  /** Opens and edits. */
  const edit = async (...names: string[]) => {
    for (const name of names) {
      await scene.open(name);
      await scene.edit(name, `return "mine, ${name}"\n`);
    }
  };

  test("files are selected with Ctrl and Shift, and opened together", async () => {
    await fill("a.luau", "b.luau", "c.luau", "d.luau", "e.luau");
    await hands.click("a.luau", { ctrl: true });
    await scene.see("1 file selected");
    await hands.click("c.luau", { ctrl: true });
    await hands.click("e.luau", { shift: true });
    await scene.see("4 files selected");
    await hands.click("d.luau", { ctrl: true });
    await scene.see("3 files selected");
    await scene.click("Open all");
    for (const name of ["a.luau", "c.luau", "e.luau"]) await scene.see(`place/${name}`);
    expect(await scene.texts()).not.toContain("place/d.luau");
  });

  test("opening many shows how far it is, and a cancel leaves out what has not begun", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `f${10 + index}.luau`);
    await fill("f10.luau", ...names);
    await hands.click("f10.luau", { ctrl: true });
    await hands.click("f39.luau", { shift: true });
    await scene.see("30 files selected");
    await scene.click("Open all");
    await scene.see(/^Opening files: [2-9] of 30$/);
    await scene.click("Cancel");
    await scene.sees("it to end", (lines) => !lines.some((line) => line.startsWith("Opening files")));
    const open = (await scene.texts()).filter((line) => line.startsWith("place/"));
    expect(open.length).toBeGreaterThan(1);
    expect(open.length).toBeLessThan(30);
  });

  test("a file that cannot be opened keeps no other from it", async () => {
    await fill("a.luau", "c.luau");
    scene.fill({ "b.png": new Uint8Array([137, 80, 0]) });
    await scene.see("b.png");
    await hands.click("a.luau", { ctrl: true });
    await hands.click("c.luau", { shift: true });
    await scene.click("Open all");
    await scene.see("place/c.luau");
    await scene.see(/^This is a binary file of 3 bytes\./);
    expect(await scene.texts()).toContain("place/a.luau");
  });

  test("Save all writes what is edited as one operation", async () => {
    await fill("a.luau", "b.luau", "c.luau");
    await edit("a.luau", "b.luau");
    await scene.click("Save all (2)");
    await scene.sees("both to be saved", (lines) => lines.filter((line) => line === "Same as on disk").length === 2);
    expect(onDisk("a.luau")).toBe('return "mine, a.luau"\n');
    expect(onDisk("b.luau")).toBe('return "mine, b.luau"\n');
    await scene.click("History");
    await scene.click("Edits a.luau and 1 more");
    await scene.see("place/a.luau\nplace/b.luau");
    await scene.click("Undo");
    await scene.see("Undone: 2 paths put back.");
    expect(onDisk("a.luau")).toBe('return "a.luau"\n');
    expect(onDisk("b.luau")).toBe('return "b.luau"\n');
    await scene.click("Edits a.luau and 1 more");
    await scene.see(/^This cannot be undone: /);
    await scene.click("Files");
  });

  test("Save all saves nothing where one file has changed since, and says which", async () => {
    await fill("a.luau", "b.luau");
    await edit("a.luau", "b.luau");
    // As the daemon does not tell of it before it is asked to save: the watch of a stopped process is late.
    process.kill(scene.daemon().pid, "SIGSTOP");
    writeFileSync(scene.path("b.luau"), "theirs\n");
    await scene.click("Save all (2)");
    process.kill(scene.daemon().pid, "SIGCONT");
    await scene.see("Not saved: the file has changed on disk.");
    await scene.see("Conflict: edited here and changed on disk");
    await scene.see(/^Not saved, for all are saved or none: /);
    expect(onDisk("a.luau")).toBe('return "a.luau"\n');
    expect(onDisk("b.luau")).toBe("theirs\n");
  });

  test("an undo of what has changed since says so, and changes nothing", async () => {
    await fill("a.luau");
    await edit("a.luau");
    await scene.click("Save");
    await scene.see("Same as on disk");
    writeFileSync(scene.path("a.luau"), "theirs\n");
    await scene.click("History");
    await scene.click("Write a.luau");
    await scene.click("Undo");
    await scene.see(/^a\.luau: .*The file is not as expected/);
    expect(onDisk("a.luau")).toBe("theirs\n");
    await scene.click("Files");
  });
});
