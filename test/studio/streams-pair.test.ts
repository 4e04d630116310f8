import { afterEach, expect, test } from "vitest";
import { puente } from "../support/cli.js";
import { eventually, luau } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: StreamsScene;
afterEach(() => scene.close());

const open = (upstream: string) =>
  scene.run(`_G.it = watch("it", _G.own.createWebStreamClient(Type.RawStream, { Url = "puente://${upstream}/a" }))`);

test("a plugin that pairs by itself asks for the scopes it needs, and gets those and no others", async () => {
  scene = await setStreams();
  const module = `require(game:GetService("ServerStorage"):FindFirstChild("bridge", true))`;
  await scene.run(`_G.code, _G.token = nil, nil
    ${module}.pair({
      url = ${luau(scene.url)}, client = "Lantern", scopes = { "relay:up" },
      onCode = function(given) _G.code = given.code end, isWanted = function() return true end,
    }):andThen(function(token) _G.token = token end)`);
  const code = await eventually(
    "a code",
    async () => (await scene.run<string | undefined>("return _G.code")) || undefined,
  );
  expect(scene.daemon.announced).toMatchObject([{ client: "Lantern", scopes: ["relay:up"], code }]);
  const approved = await puente(["pair", "approve", code], { home: scene.daemon.state.folder });
  expect(approved.stdout).toBe("Paired: Lantern, for relay:up.\n");
  await scene.studio.until("the token", "return _G.token");
  await scene.run(`_G.own = ${module}.connect({ url = ${luau(scene.url)}, token = _G.token }):expect()`);

  await open("up");
  (await scene.origin.next()).response.writeHead(200).end("relayed");
  await scene.hear(/^Message relayed/);
  await open("gone");
  await scene.hear(/^Error 403 scope-missing: /);
  expect((await scene.heard())[0]).toContain(
    "The token lacks the scope relay:gone. Make a token that has it, with `npm run --silent puente -- token create --name NAME --scope relay:gone`, or pair again and ask for it.",
  );
  const [ok, refused] = await scene.run<[boolean, string]>(`local ok, problem = _G.own.files:roots():await()
    return { ok, problem.code }`);
  expect([ok, refused]).toEqual([false, "scope-missing"]);
  await scene.run("_G.own:close()");
});
