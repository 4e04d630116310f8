import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { serve } from "../support/cli.js";
import { eventually, type Scene, setScene } from "./plugin-scene.js";

let scene: Scene;
afterEach(() => scene.close());

const clients = async () => (await scene.studio.stats()).streamClients;
const noPolls = () =>
  eventually(
    "no request is open",
    async () => ((await scene.studio.stats()).openRequests === 0 ? true : undefined),
    40,
  );
const warnings = () => scene.studio.output().filter(({ kind }) => kind === "error" || kind === "warn");

describe.each([
  ["immediate", "Error"],
  ["deferred", "ErrorThenClosed"],
  ["immediate", "ClosedThenError"],
] as const)("the plugin over the link, signals %s, failures told as %s", (signals, streamFailure) => {
  const switches = { signals, streamFailure, streamSlotFreedBy: "Close", errorAfterClose: true } as const;

  test("files and changes go over one stream client, and make no request", async () => {
    scene = await setScene({ files: { "a.luau": "return 1\n" }, switches });
    await scene.pair();
    await scene.see("Over the link");
    await scene.see("a.luau");
    await noPolls();
    const { requestsMade } = await scene.studio.stats();
    await scene.open("a.luau");
    await scene.see("Same as on disk");
    await scene.edit("a.luau", "return 2\n");
    await scene.click("Save");
    await scene.see("Same as on disk");
    writeFileSync(scene.path("b.luau"), "");
    await scene.see("b.luau");
    expect((await scene.studio.stats()).requestsMade).toBe(requestsMade);
    expect(await clients()).toMatchObject([{ type: "WebSocket", state: "Open" }]);
  });

  test("a daemon that is killed is noticed at once; once it is back, so is the link, and nothing was missed", async () => {
    scene = await setScene({ files: { "a.luau": "" }, switches });
    await scene.pair();
    await scene.see("Over the link");
    await scene.see("a.luau");
    await scene.daemon().end("SIGKILL");
    await scene.see(/^Away, attempt/, 5);
    writeFileSync(scene.path("b.luau"), "");
    await scene.restartDaemon();
    await scene.see("Over the link", 20);
    await scene.see("b.luau");
    writeFileSync(scene.path("c.luau"), "");
    await scene.see("c.luau");
    expect(await clients()).toMatchObject([{ type: "WebSocket", state: "Open" }]);
    expect(warnings()).toEqual([]);
  });

  test("a daemon that is ended and started anew is found by the link again", async () => {
    scene = await setScene({ files: { "a.luau": "" }, switches });
    await scene.pair();
    await scene.see("Over the link");
    const { port } = scene.daemon();
    await scene.daemon().end("SIGTERM");
    await scene.see(/^Away, attempt/, 5);
    const daemon = await serve([scene.folder, "--port", `${port}`], { home: scene.home });
    try {
      await scene.see("Over the link", 20);
      expect(warnings()).toEqual([]);
    } finally {
      await daemon.end("SIGKILL");
    }
  });

  test("a plugin that is loaded anew, again and again, leaks no client", async () => {
    scene = await setScene({ switches: { ...switches, streamClients: 2 } });
    await scene.pair();
    for (let load = 0; load < 5; load += 1) {
      await scene.see("Over the link");
      await scene.studio.reloadPlugin();
      expect((await clients()).filter(({ leaked }) => leaked)).toEqual([]);
    }
    await scene.see("Over the link");
    await scene.studio.unloadPlugin();
    expect(await clients()).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test("another address is another daemon's: nothing goes to the one before any more", async () => {
    scene = await setScene({ files: { "old.luau": "" }, switches });
    await scene.pair();
    await scene.see("Over the link");
    await scene.see("old.luau");
    const other = mkdtempSync(join(tmpdir(), "puente-other-"));
    writeFileSync(join(other, "new.luau"), "");
    const daemon = await serve(["--root", `place=${other}`, "--port", "0"], { home: scene.home });
    try {
      await scene.studio.type("Address", daemon.url, { enter: true });
      await scene.see("new.luau", 20);
      await scene.see("Over the link", 20);
      expect(await scene.texts()).not.toContain("old.luau");
      expect(await clients()).toMatchObject([{ state: "Open", url: `${daemon.url.replace("http", "ws")}/v1/link` }]);
    } finally {
      await daemon.end("SIGKILL");
      rmSync(other, { recursive: true, force: true });
    }
  });
});
