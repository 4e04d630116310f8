import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { within } from "../support/deadline.js";
import { parseEvents } from "../support/event-parser.js";
import { until } from "../support/relaying.js";
import { TOP } from "../support/sources.js";
import { DEMO_MODEL, type DemoModel, startDemoModel } from "./model.js";
import { answerTo } from "./model-script.js";

const SAYS_SO = /scripted demonstration and no real model/;
const SCRIPTS = ["src/shared/Lantern.luau", "src/shared/Palette.luau", "src/shared/Path.luau"];
const ask = (content: string) => answerTo([{ role: "user", content }]).text;
const codeOf = (answer: string) => /```luau\n([\s\S]*?)\n```/.exec(answer)?.[1];

describe("what the demonstration says", () => {
  test.each(["Hello!", "What is a raycast?", "", "Change this:\n```luau\nreturn 1\n```"])(
    "to %j that it is one",
    (text) => {
      expect(ask(text)).toMatch(SAYS_SO);
    },
  );

  test.each([...SCRIPTS, "src/server/Main.server.luau"])("of %s is the whole script with a small change", (path) => {
    const script = readFileSync(join(TOP, "examples", "place", path), "utf8");
    const once = codeOf(ask(`Make it better.\n\n${path}:\n\`\`\`luau\n${script}\`\`\``)) ?? "";
    const lines = once.split("\n");
    const kept = script.trimEnd().split("\n");
    expect(lines.filter((line) => !kept.includes(line))).toHaveLength(1);
    expect(kept.filter((line) => !lines.includes(line))).toEqual([]);
    const twice = codeOf(ask(`Again.\n\`\`\`luau\n${once}\n\`\`\``)) ?? "";
    expect(twice.split("\n")).toHaveLength(lines.length + 1);
  });

  test.each([
    ["Output last errors:\n```\nLantern:3: oops\nmore\n```\n\nWhy?", /^> Lantern:3: oops$/m],
    ["File place/lanterns.json:\n```\n{}\n```\n\nChange it.", /place\/lanterns\.json.* leave it as it is/],
  ])("of %j is no script", (question, says) => {
    expect(ask(question)).toMatch(says);
    expect(ask(question)).toMatch(SAYS_SO);
    expect(ask(question)).not.toContain("--!strict");
  });

  test("where it has tools: it proposes an edit, looks what there is, and says how it went", () => {
    const tools = ["list_scripts", "propose_edit"];
    const call = (content: string) => answerTo([{ role: "user", content }], tools).call;
    const code = "```luau\nreturn 1\n```\n\nBetter, please.";
    const new_text = "--!strict\nreturn 1\n";
    expect(call(`Script ServerStorage.One:\n${code}`)).toEqual({
      name: "propose_edit",
      arguments: { script: "ServerStorage.One", new_text },
    });
    expect(call(`File place/src/One.luau:\n${code}`)).toEqual({
      name: "propose_edit",
      arguments: { root: "place", path: "src/One.luau", new_text },
    });
    expect(call("What is there?")).toEqual({ name: "list_scripts", arguments: {} });
    expect(call("Hello!")).toBeUndefined();
    for (const told of ["The user accepted this edit.", "The user refused it.", "This failed: gone", "Workspace.One"]) {
      const { text, call } = answerTo([{ role: "tool", content: told }], tools);
      expect(text).toMatch(SAYS_SO);
      expect(call).toBeUndefined();
    }
  });

  test("is about the last question, whatever was said before", () => {
    const before = { role: "user", content: "```luau\nreturn 'before'\n```" };
    const between = { role: "assistant", content: "```luau\nreturn 'between'\n```" };
    const parts = [{ type: "text", text: "Now this:\n````luau\nreturn '```'\n````" }];
    const { text } = answerTo([before, between, { role: "user", content: parts }]);
    expect(text).toContain("````luau\n--!strict\nreturn '```'\n````");
    expect(text).not.toMatch(/'before'|'between'/);
  });
});

describe("the demonstration's server", () => {
  let model: DemoModel;
  beforeAll(async () => {
    model = await startDemoModel();
  });
  afterAll(() => model.close());
  const post = (body: string, signal?: AbortSignal) =>
    fetch(`${model.url}/v1/chat/completions`, { method: "POST", body, ...(signal && { signal }) });
  const question = JSON.stringify({ model: DEMO_MODEL, stream: true, messages: [{ role: "user", content: "Hello!" }] });

  test("is on loopback, and names its one model", async () => {
    expect(new URL(model.url).hostname).toBe("127.0.0.1");
    expect(await (await fetch(`${model.url}/v1/models`)).json()).toMatchObject({ data: [{ id: DEMO_MODEL }] });
  });

  test("streams its answer as chat completions", async () => {
    const response = await post(question);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = parseEvents(new Uint8Array(await within(15, "the answer", response.arrayBuffer())));
    expect(events.at(-1)?.data).toBe("[DONE]");
    const told = events.slice(0, -1).map(({ data }) => JSON.parse(data));
    const choices = told.flatMap(({ choices: [choice] }) => choice ?? []);
    expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe(ask("Hello!"));
    expect(choices.at(-1).finish_reason).toBe("stop");
    expect(told.at(-1).usage.completion_tokens).toBeGreaterThan(20);
  });

  test("stops writing once nobody listens", async () => {
    const stop = new AbortController();
    const response = await post(question, stop.signal);
    await response.body?.getReader().read();
    expect(model.writing()).toBe(1);
    stop.abort();
    await until("nothing is written", () => model.writing() === 0);
  });

  test("says what is wrong with what it is not asked for", async () => {
    expect((await fetch(`${model.url}/api/chat`)).status).toBe(404);
    const response = await post("{");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});
