import { afterEach, describe, expect, test } from "vitest";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { type ChatScene, setChat } from "./chat-scene.js";
import { startHostRename } from "./host-rename.js";
import { eventually } from "./plugin-scene.js";

let scene: ChatScene;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await scene.close();
  for (const close of closers.splice(0)) await close();
});

async function throughProxy(): Promise<ChaosProxy> {
  const made: ChaosProxy[] = [];
  scene = await setChat({
    port: async (daemon) => {
      const rename = await startHostRename(daemon);
      const proxy = await startChaosProxy(rename.port);
      rename.from(proxy.port);
      closers.push(proxy.close, rename.close);
      made.push(proxy);
      return proxy.port;
    },
  });
  return made[0] as ChaosProxy;
}

/** Luau: asks, and notes in _G.heard what is told, in order. */
const ask = (request = `{ model = "lm/tiny", messages = { { role = "user", text = "Hello?" } } }`) =>
  scene.run(`
    local heard = {}
    _G.heard = heard
    local function note(...) table.insert(heard, table.concat({ ... }, " ")) end
    _G.asked = bridge.models:chat({
      request = ${request},
      onEvent = function(event)
        note(event.type, event.text or event.name or event.reason or event.model or event.outputTokens or "")
      end,
      onText = function(text) note("onText", text) end,
      onEnd = function(reason) note("onEnd", reason) end,
      onProblem = function(problem) note("problem", problem.code, problem.detail) end,
    })`);
const heard = async () => {
  const list = await scene.studio.run<string[]>("return _G.heard");
  return Array.isArray(list) ? list : [];
};
const hears = (line: RegExp, seconds = 20) =>
  eventually(
    `to hear ${line}`,
    async () => ((await heard()).some((one) => line.test(one)) ? true : undefined),
    seconds,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; heard: ${(await heard()).join(" | ")}`);
  });

describe("the models, as another plugin uses them", () => {
  test("are listed, with the providers' states", async () => {
    scene = await setChat();
    const listed = await scene.run("return bridge.models:list():expect()");
    expect(listed).toEqual({
      models: [
        { id: "lm/tiny", name: "tiny", provider: "lm" },
        { id: "lm/other", name: "other", provider: "lm" },
      ],
      providers: [{ name: "lm", dialect: "openai", state: "ready" }],
    });
    await scene.model.close();
    const again = await scene.run<{ models: object; providers: [{ state: string }] }>(
      "return bridge.models:list({ again = true }):expect()",
    );
    expect(again.providers[0].state).toBe("unreachable");
  });

  test("take a question of two mebibytes whole", async () => {
    scene = await setChat();
    await ask(`{ model = "lm/tiny", messages = { { role = "user", text = string.rep("x", 2 * 1024 * 1024) } } }`);
    const reply = await scene.model.next();
    expect(JSON.stringify(scene.model.body()).length).toBeGreaterThan(2 * 1024 * 1024);
    reply.text("Long.").end();
    await hears(/^onEnd/);
  });

  test("tell everything in order, and the end once", async () => {
    scene = await setChat();
    await ask();
    const reply = await scene.model.next();
    reply.reasoning("Hm.");
    await hears(/^reasoning/);
    reply.text("Hi.");
    await hears(/^onText/);
    reply.call("call_1", "look", { at: 1 }).end(undefined, 3);
    await hears(/^onEnd/);
    expect(await heard()).toEqual([
      "start tiny-1",
      "reasoning Hm.",
      "text Hi.",
      "onText Hi.",
      "tool-call look",
      "usage 3",
      "end tool-calls",
      "onEnd tool-calls",
    ]);
  });

  test("are stopped by close, also at the provider, and nothing is told any more", async () => {
    scene = await setChat();
    await ask();
    const reply = await scene.model.next();
    reply.text("Hi.");
    await hears(/^text/);
    await scene.run("_G.asked:close() _G.asked:close()");
    const before = await heard();
    await eventually("the provider to be left", async () => (reply.visit.isGone() ? true : undefined));
    expect(await heard()).toEqual(before);
  });

  test.each([
    [
      "a model that is not there",
      `{ model = "nobody/none", messages = { { role = "user", text = "x" } } }`,
      /^problem no-model /,
    ],
    [
      "a request that is none",
      `{ model = "lm/tiny", messages = {}, temperature = 7 }`,
      /^problem invalid-input .*temperature/,
    ],
    ["no messages", `{ model = "lm/tiny", messages = {} }`, /^problem /],
  ])("%s is a problem", async (_what, request, says) => {
    scene = await setChat();
    scene.model.always(({ visit }) => visit.response.writeHead(400).end('{"error":{"message":"no"}}'));
    await ask(request);
    await hears(says);
    expect(await heard()).toHaveLength(1);
  });

  test("go on over a cut link where they were, nothing lost or told twice", async () => {
    const { cut, cuts } = await throughProxy();
    await ask();
    const reply = await scene.model.next();
    const words = Array.from({ length: 200 }, (_, index) => `word${index} `);
    for (const [index, word] of words.entries()) {
      reply.text(word);
      if (index % 50 === 20) await hears(new RegExp(`^text .*${word}`), 40);
      // Ten words are on their way.
      if (index % 50 === 30) cut();
    }
    reply.end();
    await hears(/^onEnd stop/, 40);
    expect(cuts()).toBe(4);
    const text = (await heard()).filter((line) => line.startsWith("text ")).map((line) => line.slice("text ".length));
    expect(text.join("")).toBe(words.join(""));
    expect(scene.model.questions()).toBe(1);
  });

  test("end with connection-lost where the daemon is another one", async () => {
    scene = await setChat();
    await ask();
    (await scene.model.next()).text("Hi.");
    await hears(/^text/);
    await scene.daemon.restart();
    await hears(/^problem (connection-lost|shutting-down) /, 40);
    expect((await heard()).filter((line) => line.startsWith("problem"))).toHaveLength(1);
  });

  test("that are asked while nobody answers on the port fail with connection-lost", async () => {
    scene = await setChat();
    await scene.daemon.close();
    await ask();
    await hears(/^problem (connection-lost|daemon-offline|shutting-down) /, 40);
  });

  test("end when the bridge is closed, also at the provider", async () => {
    scene = await setChat();
    await ask();
    const reply = await scene.model.next();
    reply.text("Hi.");
    await hears(/^text/);
    await scene.run("bridge:close()");
    await eventually("the provider to be left", async () => (reply.visit.isGone() ? true : undefined), 20);
  });
});
