import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { bake } from "../../daemon/cli/bake.js";
import { type Impostor, startImpostor } from "./impostor.js";
import { eventually, PACKED, type Scene, setScene } from "./plugin-scene.js";

let scene: Scene;
let impostor: Impostor | undefined;
afterEach(async () => {
  await scene.close();
  await impostor?.close();
  impostor = undefined;
});

const tokenIn = async () => (await scene.studio.settings())[scene.plugin]?.["token"];

describe.each(["immediate", "deferred"] as const)("pairing and the way back, signals %s", (signals) => {
  test("a code approved in the terminal connects, and is not asked for again", async () => {
    scene = await setScene({ switches: { signals } });
    await scene.see("Not paired");
    await scene.pair();
    await scene.studio.reloadPlugin();
    await scene.see("Connected");
    expect(await scene.texts()).not.toContain("Pair with this machine");
  });

  test("a refused code is said plainly, and another may be asked for", async () => {
    scene = await setScene({ switches: { signals } });
    await scene.click("Pair with this machine");
    await scene.puente("pair", "refuse", await scene.code());
    await scene.see("The pairing was refused in the terminal.");
    await scene.click("Pair again");
    await scene.approve();
    await scene.see("Connected");
  });

  test("a pairing that is cancelled leaves nothing but the offer", async () => {
    scene = await setScene({ switches: { signals } });
    await scene.click("Pair with this machine");
    await scene.code();
    await scene.click("Cancel");
    await scene.see("Pair with this machine");
    expect(await tokenIn()).toBeUndefined();
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

describe("tokens", () => {
  test("a plugin with a token baked in connects with no code", async () => {
    scene = await setScene();
    const { stdout } = await scene.puente("token", "create", "--name", "baked", "--scope", "files:read,files:write");
    const baked = join(scene.home, "baked.rbxmx");
    writeFileSync(baked, bake(readFileSync(PACKED, "utf8"), { url: scene.url(), token: stdout.trim() }));
    const first = scene;
    scene = await setScene({ plugin: baked, address: first.url() });
    await scene.see("Connected");
    await first.close();
  });

  test("a revoked token is forgotten, and pairing is offered", async () => {
    scene = await setScene();
    await scene.pair();
    const { stdout } = await scene.puente("token", "list");
    const name = /studio-[0-9a-f]+/.exec(stdout)?.[0] ?? "";
    await scene.puente("token", "revoke", name);
    await scene.see("Not paired", 30);
    await scene.click("Pair again");
    await scene.approve();
    await scene.see("Connected");
  }, 60_000);

  test("a token that the daemon never knew is not sent", async () => {
    scene = await setScene({ settings: { token: "0123456789abcdef.secret" } });
    await scene.see("What answers on this port does not know this Studio's token. The token was not sent.");
    await scene.click("Pair again");
    await scene.approve();
    await scene.see("Connected");
  });

  test("a process that sits on the daemon's port never sees the token", async () => {
    impostor = await startImpostor({});
    scene = await setScene({ address: impostor.url, settings: { token: "0123456789abcdef.the-secret" } });
    await scene.see(/The token was not sent\.$/);
    await scene.click("Try now");
    await eventually("a second challenge", async () => impostor?.asked("session/prove").at(1));
    expect(impostor.everything()).toContain("0123456789abcdef");
    expect(impostor.everything()).not.toContain("the-secret");
    const [first, second] = impostor.asked("session/prove");
    expect(first).not.toEqual(second);
  });

  test("neither the diagnosis nor the output holds the token", async () => {
    scene = await setScene();
    await scene.pair();
    await scene.click("Copy diagnosis");
    await scene.see(/^Puente plugin /);
    const token = String(await tokenIn());
    expect(token).toMatch(/^\w+\.[\w-]{20,}$/);
    const shown = [...(await scene.texts()), ...scene.studio.output().map((line) => line.text)].join("\n");
    expect(shown).toContain(`address: ${scene.url()}`);
    expect(shown).not.toContain(token.split(".")[1]);
  });
});

describe("what the panel says when something is wrong", () => {
  test.each(["ConnectFail", "NetFail", "Unknown"] as const)("no daemon, where Studio calls it %s", async (text) => {
    scene = await setScene({ address: "http://127.0.0.1:9", switches: { connectFailText: text } });
    await scene.see("The daemon is not running.");
    await scene.see("Run `puente serve FOLDER` in a terminal. Puente reconnects by itself.");
    await scene.see(/^Next try in \d+ s$/);
  });

  test("HTTP requests are turned off", async () => {
    scene = await setScene({ switches: { httpEnabled: false } });
    await scene.see("Studio does not allow HTTP requests.");
    await scene.see(/Game Settings > Security > Allow HTTP Requests/);
  });

  test("the quota of requests is spent", async () => {
    scene = await setScene({ switches: { quotaPerMinute: 3 } });
    await scene.click("Pair with this machine");
    await scene.see("Studio's quota of HTTP requests is spent for this minute.", 20);
  });

  test.each([
    ["another program", { hello: { name: "other", version: "1", protocol: { min: 1, max: 1 } } }, /^Another program answers/],
    ["a newer daemon", { hello: { name: "puente", version: "9", protocol: { min: 9, max: 9 } } }, /update the plugin/],
    ["an answer out of shape", { hello: { name: "puente", protocol: { min: 1, max: 1 } } }, /version is missing/],
    ["a page instead of an answer", { status: 404 }, /^HTTP 404 without a problem/],
  ])("%s answers", async (_what, behaviour, says) => {
    impostor = await startImpostor(behaviour);
    scene = await setScene({ address: impostor.url });
    await scene.see(says);
  });

  test("the address can be entered, and only one of this machine", async () => {
    scene = await setScene({ address: "http://127.0.0.1:9" });
    await scene.see("The daemon is not running.");
    await scene.studio.type("Address", "http://example.com:80", { enter: true });
    await scene.see("An address looks like http://127.0.0.1:27183");
    await scene.studio.type("Address", scene.url(), { enter: true });
    await scene.see("Pair with this machine");
  });

  test("the panel follows the theme", async () => {
    scene = await setScene();
    const colour = () =>
      scene.studio.run<string>(
        `for _, each in game:GetService("PluginGuiService"):GetDescendants() do
          if each:IsA("ScrollingFrame") then return each.BackgroundColor3:ToHex() end
        end`,
      );
    const dark = await colour();
    await scene.studio.setTheme("Light");
    expect(await colour()).not.toBe(dark);
  });
});
