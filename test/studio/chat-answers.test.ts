import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { type ChatScene, setChat } from "./chat-scene.js";
import { startHostRename } from "./host-rename.js";

describe.each(["immediate", "deferred"] as const)("a conversation, signals %s", (signals) => {
  let scene: ChatScene;
  beforeAll(async () => {
    scene = await setChat({ switches: { signals } });
  });
  beforeEach(async () => {
    scene.model.always();
    await scene.run("conversation:clear() _G.troubles = {}");
  });
  afterAll(() => scene.close());

  test("an answer grows as it comes, and is then done; the model is told what was said before", async () => {
    await scene.ask("Hello?");
    const reply = await scene.model.next("Hello?");
    expect(await scene.run("return conversation.isBusy()")).toBe(true);
    await scene.until("it waits", `last.role == "assistant" and last.state() == "loading"`);
    reply.reasoning("Hm.").text("Good ");
    await scene.until(
      "the beginning",
      `last.state() == "streaming" and #last.pieces() == 2 and last.pieces()[2].text() == "Good"`,
    );
    reply.text("day.").end("stop", 5);
    await scene.rested();
    await scene.ask("And now?");
    (await scene.model.next("And now?")).text("Night.").end();
    await scene.rested();
    expect(await scene.told()).toEqual([
      { role: "user", state: "done", text: "Hello?", trouble: "" },
      { role: "assistant", state: "done", text: "reasoning: Hm.\nGood day.", trouble: "" },
      { role: "user", state: "done", text: "And now?", trouble: "" },
      { role: "assistant", state: "done", text: "Night.", trouble: "" },
    ]);
    expect(scene.model.messages().slice(1)).toEqual([
      { role: "user", content: "Hello?" },
      { role: "assistant", content: "Good day." },
      { role: "user", content: "And now?" },
    ]);
    expect(scene.model.messages()[0]?.role).toBe("system");
    expect(scene.model.body()["tools"]).toBeUndefined();
    const pace = await scene.run<{ firstSeconds: number; tokens: number }>("return conversation.turns()[2].pace()");
    expect(pace.tokens).toBe(5);
    expect(pace.firstSeconds).toBeGreaterThanOrEqual(0);
  });

  test("stop ends it here and at the provider, and keeps what has come", async () => {
    await scene.ask("Count.");
    const reply = await scene.model.next("Count.");
    reply.text("one ", "two ");
    await scene.until("two", `last.pieces()[1] and last.pieces()[1].text() == "one two"`);
    await scene.run("conversation:stop()");
    expect(await scene.told()).toMatchObject([{ role: "user" }, { state: "stopped", text: "one two", trouble: "" }]);
    expect(await scene.run("return conversation.isBusy()")).toBe(false);
    await expect.poll(() => reply.visit.isGone(), { timeout: 10_000 }).toBe(true);
    await scene.ask("Go on.");
    (await scene.model.next("Go on.")).text("three").end();
    await scene.rested();
    expect(scene.model.messages().at(-2)).toEqual({ role: "assistant", content: "one two " });
  });

  test("stop before anything has come, and before the model was asked", async () => {
    await scene.ask("Think.");
    const reply = await scene.model.next("Think.");
    await scene.run("conversation:stop()");
    await expect.poll(() => reply.visit.isGone(), { timeout: 10_000 }).toBe(true);
    await scene.run(`conversation:ask("Again.", "lm/tiny") conversation:stop()`);
    expect(await scene.told()).toMatchObject([
      { role: "user", text: "Think." },
      { role: "assistant", state: "stopped", text: "" },
      { role: "user", text: "Again." },
      { role: "assistant", state: "stopped", text: "" },
    ]);
    await scene.ask("Well?");
    (await scene.model.next("Well?")).text("Yes.").end();
    await scene.rested();
    expect(scene.model.messages().slice(1)).toEqual([{ role: "user", content: "Think.\n\nAgain.\n\nWell?" }]);
  });

  test("a provider that fails in the middle: what has come stays, why is said, and retry asks the same again", async () => {
    await scene.ask("Tell.");
    const reply = await scene.model.next("Tell.");
    reply.text("Once ");
    await scene.until("the beginning", `last.pieces()[1] ~= nil`);
    reply.write(`data: {"error":{"message":"the GPU fell over","type":"server_error"}}\n\n`).visit.response.end();
    await scene.rested();
    const [, answer] = await scene.told();
    expect(answer).toMatchObject({ state: "failed", text: "Once" });
    expect(answer?.trouble).toContain("the GPU fell over");
    await scene.run(`conversation:retry("lm/tiny")`);
    (await scene.model.next()).text("Once upon a time.").end();
    await scene.rested();
    expect(await scene.told()).toMatchObject([{ text: "Tell." }, { state: "done", text: "Once upon a time." }]);
    expect(scene.model.messages().slice(1)).toEqual([{ role: "user", content: "Tell." }]);
  });

  test.each([
    ["a model that is not there", `conversation:ask("Hi", "lm/none")`, /none/],
    ["a provider that is not there", `conversation:ask("Hi", "gone/none")`, /gone/],
  ])("%s is said, and nothing is left running", async (_what, luau, says) => {
    scene.model.always(({ visit }) => {
      visit.response.writeHead(404, { "content-type": "application/json" });
      visit.response.end(
        JSON.stringify({ error: { message: "the model none does not exist", code: "model_not_found" } }),
      );
    });
    await scene.run(luau);
    await scene.rested();
    const answer = (await scene.told()).at(-1);
    expect(answer?.state).toBe("failed");
    expect(answer?.trouble).toMatch(says);
  });

  test.each([
    ["length", "The answer was cut off"],
    ["content_filter", "The model refused"],
  ])("an answer that ends with %s says so", async (reason, says) => {
    scene.model.always((reply) => reply.text("Well").end(reason));
    await scene.ask("Hi");
    await scene.rested();
    const answer = (await scene.told()).at(-1);
    expect(answer).toMatchObject({ state: "done", text: "Well" });
    expect(answer?.trouble).toContain(says);
  });

  test("an answer without anything says so", async () => {
    scene.model.always((reply) => reply.end());
    await scene.ask("Hi");
    await scene.rested();
    expect((await scene.told()).at(-1)).toMatchObject({ state: "done", trouble: "The model answered nothing." });
  });

  test("what comes at once is taken in over several frames, in order and whole", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `line ${index} of the answer\n`);
    scene.model.always((reply) => reply.text("```\n", ...lines, "```").end());
    await scene.ask("Much.");
    await scene.until("some of it", `last.state() == "streaming" and #last.pieces() > 0`);
    await scene.rested();
    const whole = await scene.run<string>("return conversation.turns()[2].pieces()[1].whole()");
    expect(whole).toBe(lines.join("").trimEnd());
  });

  test("an answer without end is stopped, also at the provider", async () => {
    const much = "word ".repeat(60_000);
    let gone = () => false;
    scene.model.always((reply) => {
      gone = reply.visit.isGone;
      reply.text(much).text(much);
    });
    await scene.ask("Forever.");
    await scene.rested(60);
    expect(await scene.run("return conversation.turns()[2].state()")).toBe("stopped");
    await expect.poll(() => gone(), { timeout: 10_000 }).toBe(true);
  });

  test("a blank question is none, nor is a second while the first is answered", async () => {
    await scene.ask("  \n");
    expect(await scene.told()).toEqual([]);
    await scene.ask("One");
    await scene.ask("Two");
    (await scene.model.next("One")).text("1").end();
    await scene.rested();
    expect(await scene.told()).toHaveLength(2);
  });

  test("clear ends what is under way and begins anew", async () => {
    await scene.run("conversation:allowTools(true)");
    await scene.ask("One");
    const reply = await scene.model.next("One");
    await scene.run("conversation:clear()");
    await expect.poll(() => reply.visit.isGone(), { timeout: 10_000 }).toBe(true);
    expect(await scene.told()).toEqual([]);
    expect(await scene.run("return { conversation.isBusy(), conversation.mayUseTools() }")).toEqual([false, false]);
  });
});

test("the seconds until something comes are counted, and the pace is told while it comes", async () => {
  const scene = await setChat({ switches: { timeScale: 10 } });
  onTestFinished(() => scene.close());
  await scene.ask("Slow.");
  const reply = await scene.model.next("Slow.");
  await scene.until("three seconds", `last.state() == "loading" and last.waiting() >= 3`);
  reply.text("One two three four. ");
  await scene.until("it comes", `last.state() == "streaming" and last.pace().firstSeconds >= 3`);
  await scene.run("_G.at = os.clock()");
  await scene.studio.until("a second", "os.clock() - _G.at > 1");
  reply.text("Five six.");
  await scene.until("a pace", "last.pace().perSecond and last.pace().perSecond > 0 and last.pace().tokens == nil");
  reply.end("stop", 30);
  await scene.rested();
  expect(await scene.run("return conversation.turns()[2].pace().tokens")).toBe(30);
});

test("an answer goes on over a cut link, and fails only where the daemon does not know of it any more", async () => {
  const closers: (() => Promise<void>)[] = [];
  const proxies: ChaosProxy[] = [];
  const scene = await setChat({
    port: async (daemon) => {
      const rename = await startHostRename(daemon);
      const proxy = await startChaosProxy(rename.port);
      rename.from(proxy.port);
      proxies.push(proxy);
      closers.push(proxy.close, rename.close);
      return proxy.port;
    },
  });
  onTestFinished(async () => {
    await scene.close();
    for (const close of closers) await close();
  });
  await scene.ask("Tell.");
  const reply = await scene.model.next("Tell.");
  reply.text("Once ");
  await scene.until("the beginning", `last.pieces()[1] ~= nil`);
  for (const proxy of proxies) proxy.cut();
  reply.text("upon a time.").end();
  await scene.rested(40);
  expect((await scene.told()).at(-1)).toMatchObject({ state: "done", text: "Once upon a time." });

  await scene.ask("More.");
  (await scene.model.next("More.")).text("And ");
  await scene.until("the beginning", `last.pieces()[1] ~= nil`);
  await scene.daemon.restart();
  await scene.rested(40);
  const answer = (await scene.told()).at(-1);
  expect(answer).toMatchObject({ state: "failed", text: "And" });
  expect(answer?.trouble).not.toBe("");
});
