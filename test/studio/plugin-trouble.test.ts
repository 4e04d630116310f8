import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Impostor, startImpostor } from "./impostor.js";
import { type Scene, setScene, unusedAddress } from "./plugin-scene.js";

describe("what the panel says when something else answers, or nothing", () => {
  let scene: Scene;
  let impostor: Impostor | undefined;
  beforeAll(async () => {
    scene = await setScene({ address: await unusedAddress() });
  });
  afterEach(async () => {
    await impostor?.close();
    impostor = undefined;
  });
  afterAll(() => scene.close());

  const enter = (address: string) => scene.studio.type("Address", address, { enter: true });

  test("nobody answers", async () => {
    await scene.see("The daemon is not running.");
    await scene.see("Run `npm run --silent puente -- serve FOLDER` in a terminal. Puente reconnects by itself.");
    await scene.see(/^Next try in \d s$/);
  });

  test.each([
    [
      "another program",
      { hello: { name: "other", version: "1", protocol: { min: 1, max: 1 } } },
      /^Another program answers/,
    ],
    ["a newer daemon", { hello: { name: "puente", version: "9", protocol: { min: 9, max: 9 } } }, /update the plugin/],
    ["an answer out of shape", { hello: { name: "puente", protocol: { min: 1, max: 1 } } }, /version is missing/],
    ["a page that is no answer", { status: 404 }, /^Another program answers on this port: HTTP 404\.$/],
  ])("%s answers", async (_what, behaviour, says) => {
    impostor = await startImpostor(behaviour);
    await enter(impostor.url);
    await scene.see(says);
  });

  test.each([
    ["no-pairing", 404, "Nobody approved the code in time."],
    ["too-many-tries", 429, "Five wrong codes were entered."],
  ])("a pairing that ends with %s says so, and another is offered", async (code, status, says) => {
    impostor = await startImpostor({ pairingProblem: { status, code, detail: "Five wrong codes were entered." } });
    await enter(impostor.url);
    await scene.click("Pair with this machine");
    await scene.see(says);
    await scene.see("Pair again");
    await enter(await unusedAddress());
    await scene.see("The daemon is not running.");
  });

  test.each(["http://example.com:27183", "http://127.0.0.1:80", "http://127.0.0.1:27183/x", "https://127.0.0.1:27183"])(
    "the address %s is not taken",
    async (address) => {
      await enter(await unusedAddress());
      await scene.seeNo("An address looks like http://127.0.0.1:27183");
      await enter(address);
      await scene.see("An address looks like http://127.0.0.1:27183");
    },
  );

  test("a daemon on another port is found once its address is entered", async () => {
    await scene.startDaemon();
    await enter(scene.url());
    await scene.see("Pair with this machine");
  });

  test("the panel follows Studio's theme", async () => {
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

describe("what the panel says when Studio makes no requests", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  test("HTTP requests are turned off", async () => {
    scene = await setScene({ switches: { httpEnabled: false } });
    await scene.see("Studio does not allow HTTP requests.");
    await scene.see(/Game Settings > Security > Allow HTTP Requests/);
  });

  test("the quota of requests is spent", async () => {
    scene = await setScene({ switches: { quotaPerMinute: 2 } });
    await scene.click("Pair with this machine");
    await scene.see("Studio's quota of HTTP requests is spent for this minute.");
  });
});
