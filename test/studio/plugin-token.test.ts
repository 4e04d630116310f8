import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { bake } from "../../daemon/cli/bake.js";
import { puente } from "../support/cli.js";
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

describe("tokens", () => {
  test("a plugin with a token baked in connects with no code", async () => {
    scene = await setScene({
      async plugin({ url, home }) {
        const made = await puente(["token", "create", "--name", "baked", "--scope", "files:read,files:write"], {
          home,
        });
        const baked = join(home, "..", "baked.rbxmx");
        writeFileSync(baked, bake(readFileSync(PACKED, "utf8"), { url, token: made.stdout.trim() }));
        return baked;
      },
    });
    await scene.see("Connected");
    expect(await tokenIn()).toBeUndefined();
  });

  test("a revoked token is not sent any more, and pairing is offered", async () => {
    scene = await setScene();
    await scene.pair();
    const { stdout } = await scene.puente("token", "list");
    const name = /^Roblox Studio .*-[0-9a-f]{8}(?=\t)/m.exec(stdout)?.[0] ?? "";
    expect(await scene.puente("token", "revoke", name)).toMatchObject({ code: 0 });
    await scene.see("What answers on this port does not know this Studio's token. The token was not sent.", 30);
    await scene.click("Pair again");
    await scene.approve();
    await scene.see("Connected");
  });

  test("a token is forgotten where it is refused by whoever has just proved to know it", async () => {
    impostor = await startImpostor({ secret: "the-secret", refuses: ["session/who"] });
    scene = await setScene({ address: impostor.url, settings: { token: "0123456789abcdef.the-secret" } });
    await scene.see("Not paired");
    expect(await tokenIn()).toBeUndefined();
  });

  test.each(["session/hello", "session/prove"])("a process that refuses %s makes no token forgotten", async (name) => {
    impostor = await startImpostor({ refuses: [name] });
    scene = await setScene({ address: impostor.url, settings: { token: "0123456789abcdef.the-secret" } });
    await scene.see(/The token was not sent\.$/);
    expect(await tokenIn()).toBe("0123456789abcdef.the-secret");
  });

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
