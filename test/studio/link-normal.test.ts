import { writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { eventually, type Scene, setScene } from "./plugin-scene.js";

let scene: Scene;
afterEach(() => scene.close());

const clients = async () => (await scene.studio.stats()).streamClients;
/** Waits until the link is there. */
const linked = () =>
  eventually("the link is open", async () =>
    (await clients()).some(({ state }) => state === "Open") ? true : undefined,
  );

describe.each(["immediate", "deferred"] as const)("the plugin over the link, signals %s", (signals) => {
  test("files and changes go over one stream client, and make no request", async () => {
    scene = await setScene({ files: { "a.luau": "return 1\n" }, switches: { signals } });
    await scene.pair();
    await linked();
    await scene.see("a.luau");
    await eventually("no poll", async () => ((await scene.studio.stats()).openRequests === 0 ? true : undefined));
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
});
