import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { look, reach } from "./panel-look.js";
import { type Scene, setScene } from "./plugin-scene.js";

/** Luau: whether the card of a file is wholly inside its pane. */
const isInSight = (path: string) => `
  local card = game:GetService("PluginGuiService"):FindFirstChild("Lower", true):FindFirstChild("${path}", true)
  local pane = card:FindFirstAncestorWhichIsA("ScrollingFrame")
  local top = card.AbsolutePosition.Y - pane.AbsolutePosition.Y
  return top >= 0 and top + card.AbsoluteSize.Y <= pane.AbsoluteWindowSize.Y`;

describe("what does not move", () => {
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeEach(async () => {
    scene = await setScene({ files: { "a.luau": "return 1\n", "b.luau": "return 2\n" } });
    hands = await reach(scene);
    await hands.resize(260, 640);
  });
  afterEach(async () => {
    hands.leave();
    await scene.close();
  });

  /** Where every text object is that is there, whatever it says. */
  const places = async () => (await look(scene)).map(({ path, x, y }) => `${path} ${x}, ${y}`);
  /** Waits for another text that matches. */
  const change = async (pattern: RegExp) => {
    const before = (await scene.see(pattern)).find((line) => pattern.test(line));
    await scene.sees(`another than ${before}`, (lines) => lines.some((line) => pattern.test(line) && line !== before));
  };

  test("anything, while the seconds of a code pass", async () => {
    await scene.click("Pair with this machine");
    await scene.see(/^\d+ s left$/);
    const before = await places();
    await change(/^\d+ s left$/);
    expect(await places()).toEqual(before);
  });

  test("anything, from one attempt to connect to the next", async () => {
    await scene.pair();
    await scene.see("Over the link");
    await scene.see("b.luau");
    await scene.daemon().end("SIGKILL");
    // The first reason may be another: that the connection was lost.
    await scene.see("The daemon is not running.");
    await scene.see(/^Next try in/);
    const before = await places();
    await change(/^(Next try in|Trying now)/);
    expect(await places()).toEqual(before);
    await change(/^Away, attempt/);
    await scene.see(/^Next try in/);
    expect(await places()).toEqual(before);
  });

  test("the buttons of a file and what is below them, while it is saved", async () => {
    await scene.pair();
    await scene.see("Over the link");
    await scene.open("a.luau");
    await scene.open("b.luau");
    await scene.edit("a.luau", "return 'mine'\n");
    await scene.see("Edited here");
    const before = await places();
    process.kill(scene.daemon().pid, "SIGSTOP");
    await scene.click("Save");
    await scene.see("Working…");
    expect(await places()).toEqual(before);
    await expect(scene.studio.activate("Save")).rejects.toThrow("is not active");
    process.kill(scene.daemon().pid, "SIGCONT");
    await scene.seeNo("Working…");
  });

  test("the rows of the tree, when a file is opened or the last request fails", async () => {
    scene.fill({ "art.png": new Uint8Array([137, 80, 0]) });
    await scene.pair();
    await scene.see("Over the link");
    // The last of the rows.
    await scene.see("b.luau");
    const rows = async () =>
      (await look(scene)).filter(({ pane }) => pane === "Upper").map(({ text, y }) => `${text} ${y}`);
    const before = await rows();
    await scene.open("a.luau");
    await scene.click("art.png");
    await scene.see(/^This is a binary file/);
    expect(await rows()).toEqual(before);
  });

  test("what moves is the list of open files: to the one that was clicked", async () => {
    scene.fill(Object.fromEntries(["c", "d", "e", "f", "g"].map((name) => [`${name}.luau`, ""])));
    await scene.pair();
    await scene.see("Over the link");
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
      await scene.open(`${name}.luau`);
      await scene.studio.until(`${name}.luau is in sight`, isInSight(`${name}.luau`));
    }
    await scene.click("a.luau");
    await scene.studio.until("a.luau is in sight again", isInSight("a.luau"));
  });
});
