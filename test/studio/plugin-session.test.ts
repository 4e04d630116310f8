import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { serve } from "../support/cli.js";
import { eventually, type Scene, setScene } from "./plugin-scene.js";

let scene: Scene;
afterEach(() => scene.close());

describe.each(["immediate", "deferred"] as const)("pairing and the way back, signals %s", (signals) => {
  test("a code approved in the terminal connects, and is not asked for again", async () => {
    scene = await setScene({ switches: { signals } });
    await scene.see("Not paired");
    await scene.pair();
    await scene.studio.reloadPlugin();
    await scene.see("Connected");
    expect(await scene.texts()).not.toContain("Pair with this machine");
  });

  test("a daemon that is killed and started again is found without a click, and the panel says why it was away", async () => {
    scene = await setScene({ files: { "a.luau": "return 1\n" }, switches: { signals } });
    await scene.pair();
    await scene.open("a.luau");
    await scene.see("Same as on disk");
    await scene.daemon().end("SIGKILL");
    await scene.see(/^Away, attempt/);
    await scene.see("The daemon is not running.");
    writeFileSync(scene.path("a.luau"), "return 2\n");
    await scene.restartDaemon();
    await scene.see("Connected");
    await scene.see(/^Back after \d+ s: the daemon was not running$/);
    await scene.see("Changed on disk");
  });

  test("a plugin that is unloaded leaves no widget, no button and no request", async () => {
    scene = await setScene({ files: { "a.luau": "" }, switches: { signals } });
    await scene.pair();
    await scene.see("a.luau");
    await scene.studio.unloadPlugin();
    expect(await scene.studio.widgets()).toEqual([]);
    expect(await scene.studio.toolbarButtons()).toEqual([]);
    // The long poll that was open ends with the daemon, and nothing follows it.
    await scene.daemon().end("SIGTERM");
    await eventually("the last request ends", async () => (await scene.studio.stats()).openRequests === 0 || undefined);
    const { requestsMade } = await scene.studio.stats();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await scene.studio.stats()).requestsMade).toBe(requestsMade);
    expect(scene.studio.output().filter((line) => line.kind === "error" || line.kind === "warn")).toEqual([]);
  });
});

describe("what is on the other side of the way back", () => {
  test("a file is not saved into another folder whose root has the same name", async () => {
    scene = await setScene({ files: { "a.luau": "return 1\n" } });
    await scene.pair();
    await scene.open("a.luau");
    await scene.edit("a.luau", "return 'mine'\n");
    await scene.see("Edited here");
    const { port } = scene.daemon();
    await scene.daemon().end("SIGTERM");
    const other = join(scene.home, "..", "other");
    mkdirSync(other);
    const daemon = await serve(["--root", `place=${other}`, "--port", `${port}`], { home: scene.home });
    try {
      const lines = await scene.see("Belongs to another folder of this name", 20);
      expect(lines).not.toContain("Save");
      expect(readdirSync(other)).toEqual([]);
      expect(await scene.editorText("a.luau")).toBe("return 'mine'\n");
    } finally {
      await daemon.end("SIGKILL");
    }
  });

  test("a folder that is unfolded while the daemon is away shows its content once it is back", async () => {
    scene = await setScene({ files: { "src/inner.luau": "" } });
    await scene.pair();
    await scene.see("src");
    await scene.daemon().end("SIGKILL");
    await scene.see(/^Away, attempt/);
    await scene.click("src");
    await scene.restartDaemon();
    await scene.see("Connected", 20);
    await scene.see("inner.luau");
  });
});

describe("a pairing that comes to nothing", () => {
  test("a refused code is said plainly, and another may be asked for", async () => {
    scene = await setScene();
    await scene.click("Pair with this machine");
    await scene.puente("pair", "refuse", await scene.code());
    await scene.see("The pairing was refused in the terminal.");
    await scene.click("Pair again");
    await scene.approve();
    await scene.see("Connected");
  });

  test("a pairing that is cancelled leaves nothing but the offer", async () => {
    scene = await setScene();
    await scene.click("Pair with this machine");
    await scene.code();
    await scene.click("Cancel");
    await scene.see("Pair with this machine");
    expect((await scene.studio.settings())[scene.plugin]?.["token"]).toBeUndefined();
  });
});
