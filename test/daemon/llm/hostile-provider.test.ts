import { expect, test } from "vitest";
import { createGemini } from "../../../daemon/llm/dialects/gemini.js";
import { openai } from "../../../daemon/llm/dialects/openai.js";
import { createSignatures } from "../../../daemon/llm/dialects/signatures.js";
import { schemaMisfit } from "../../../daemon/llm/tool-schema.js";
import { troubleOf } from "../../../daemon/llm/trouble.js";
import { type DialectName, resolveUpstream } from "../../../daemon/upstream/upstream.js";
import type { Output } from "../../../shared/contract/index.js";
import { ask, chatOver, daemonOf, linkTo } from "../../support/chatting.js";
import { within } from "../../support/deadline.js";
import { hear, READ } from "../../support/hearing.js";
import { type ModelVisit, modelServer } from "../../support/model-server.js";
import { until } from "../../support/relaying.js";

const CANARY = "sk-canary-77aa";

async function daemonBefore(answer: (visit: ModelVisit) => void, dialect: DialectName = "openai") {
  const server = await modelServer(answer);
  const credential = { header: "authorization", value: `Bearer ${CANARY}` };
  const daemon = await daemonOf([], 0, {
    upstreams: [resolveUpstream({ name: "lm", url: server.url, dialect, credential })],
  });
  return { server, daemon };
}

test("what a provider says is the matter is understood in no time, however long it is", () => {
  const words = ["error ", "model ", "failed ", "maximum context "];
  const started = performance.now();
  for (const word of words) {
    for (const [message, kind] of [
      [word.repeat(20_000), ""],
      ["short", word.repeat(20_000)],
    ] as const) {
      troubleOf({ message, kind }, { name: "lm", conceal: (text) => text, status: 404 });
    }
  }
  // A minute, where the patterns see all of it.
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("a list in a list in a list is no complaint, and holds up no other provider's models", async () => {
  const depth = 30_000;
  const { daemon } = await daemonBefore(({ response }) => {
    response.writeHead(500, { "content-type": "application/json" });
    response.end("[".repeat(depth) + "]".repeat(depth));
  });
  const response = await daemon.call("llm/models", { again: true });
  const { providers } = (await response.json()) as Output<"llm/models">;
  expect(providers).toMatchObject([{ name: "lm", state: "failed" }]);
  expect(daemon.logged.join()).not.toContain("fault");
});

test("blanks without end are told as they come, and not kept", async () => {
  const piece = `data: ${JSON.stringify({ choices: [{ delta: { content: " ".repeat(1000) } }] })}\n\n`;
  const { daemon } = await daemonBefore(({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(piece);
  });
  const link = await linkTo(daemon);
  let letters = 0;
  const stream = link.open("llm/chat", ask("lm/tiny"), {
    onMessage: (message) => {
      letters += (JSON.parse(message.toString()) as { text?: string }).text?.length ?? 0;
    },
  });
  await until("the blanks", () => letters === 1000);
  stream.close();
  await within(5, "the end", stream.over);
});

test("a key that comes back as a content type is not told", async () => {
  const { daemon } = await daemonBefore(({ response }) => {
    response.writeHead(200, { "content-type": `text/${CANARY}; ${"x".repeat(8000)}` });
    response.end("hello");
  });
  const { problem } = await chatOver(await linkTo(daemon), ask("lm/tiny"));
  expect(problem).toMatchObject({ code: "upstream-failed" });
  expect(JSON.stringify(problem)).not.toContain(CANARY);
  expect(problem?.detail?.length).toBeLessThan(1000);
});

for (const dialect of ["ollama", "openai", "gemini"] as const) {
  test(`arguments that are nested too deeply for anybody are no fault of the daemon's: ${dialect}`, async () => {
    const depth = 200_000;
    const written = `{"path":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const call = `{"name":"read","arguments":${written},"args":${written}}`;
    const { daemon } = await daemonBefore(({ response }) => {
      const isLines = dialect === "ollama";
      response.writeHead(200, { "content-type": isLines ? "application/x-ndjson" : "text/event-stream" });
      if (isLines) response.end(`{"message":{"tool_calls":[{"function":${call}}]},"done":true}\n`);
      else if (dialect === "openai") {
        response.write(`data: {"choices":[{"delta":{"tool_calls":[{"function":${call}}]}}]}\n\n`);
        response.end("data: [DONE]\n\n");
      } else {
        const candidate = `{"content":{"parts":[{"functionCall":${call}}]},"finishReason":"STOP"}`;
        response.end(`data: {"candidates":[${candidate}]}\n\n`);
      }
    }, dialect);
    const { events, problem } = await chatOver(await linkTo(daemon), ask("lm/tiny", { tools: [READ] }));
    expect(problem).toBeUndefined();
    expect(events).toContainEqual(
      expect.objectContaining({ type: "tool-call", invalid: "the arguments are not a JSON object" }),
    );
    expect(daemon.logged.join()).not.toContain("fault");
  });
}

test("arguments in a text that are nested too deeply do not fit, and can be told again", async () => {
  const depth = 200_000;
  const written = `{"path":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const call = { function: { name: "read", arguments: written } };
  const answer = `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] })}\n\ndata: [DONE]\n\n`;
  const { events } = await hear(openai, [Buffer.from(answer)], [READ]);
  expect(events).toContainEqual(expect.objectContaining({ invalid: "path must be string, not (nested too deeply)" }));
  const { daemon, server } = await daemonBefore(({ response }) => response.end());
  const { problem } = await chatOver(
    await linkTo(daemon),
    ask("lm/tiny", { messages: [{ role: "assistant", toolCalls: [{ id: "a", name: "read", arguments: written }] }] }),
  );
  expect(problem?.code).not.toBe("internal");
  expect(server.visits.length).toBe(1);
});

test("parameters of a tool that are nested too deeply are the asker's fault", async () => {
  const depth = 200_000;
  const { daemon, server } = await daemonBefore(() => undefined, "ollama");
  const response = await fetch(`${daemon.url}/v1/llm/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${daemon.token}` },
    body: `{"model":"lm/tiny","messages":[{"role":"user","text":"hi"}],"tools":[{"name":"t","description":"","parameters":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}]}`,
  });
  expect(await within(10, "the answer", response.text())).toContain('"invalid-input"');
  expect(server.visits).toEqual([]);
});

test("a schema that lists very much is looked at for a moment only", () => {
  const many = Array.from({ length: 10_000 }, () => ({ $ref: "#/$defs/wrong" }));
  const rows: readonly [object, unknown][] = [
    [{ maxLength: 1 }, "é".repeat(500_000)],
    [{ type: "string" }, { a: Array.from({ length: 50_000 }, () => ({})) }],
    [{ enum: Array.from({ length: 50_000 }, (_item, at) => at) }, "x"],
  ];
  const started = performance.now();
  for (const [wrong, path] of rows) {
    schemaMisfit({ properties: { path: { anyOf: many } }, $defs: { wrong } }, { path });
  }
  // Minutes, where each of the forms takes as long as the first.
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("what Gemini's calls are signed with is bounded with the ids of the calls", () => {
  const signatures = createSignatures();
  const id = (at: number) => `${at}`.padEnd(100_000, "x");
  for (let at = 0; at < 100; at += 1) signatures.put(id(at), "");
  expect(signatures.get(id(0))).toBeUndefined();
  expect(signatures.get(id(99))).toBe("");
  signatures.put("y".repeat(300_000), "z");
  expect(signatures.get("y".repeat(300_000))).toBeUndefined();
});

test("of models that think, the last that were listed are known", async () => {
  const gemini = createGemini();
  const isThinking = (name: string) =>
    JSON.stringify(gemini.chat({ id: "q", model: name, messages: [], tools: [], stop: [] }, "/")).includes("Thoughts");
  const list = (names: readonly string[]) =>
    gemini.models(async () => {
      const methods = { thinking: true, supportedGenerationMethods: ["generateContent"] };
      return { models: names.map((name) => ({ name: `models/${name}`, ...methods })) };
    }, "/");
  await list(["first"]);
  expect(isThinking("first")).toBe(true);
  await list(Array.from({ length: 3000 }, (_item, at) => `m${at}`));
  expect(isThinking("first")).toBe(false);
  expect(isThinking("m2999")).toBe(true);
});

test("chats with a local server that is not there look for it once, however many they are", async () => {
  let looks = 0;
  const server = await modelServer(() => {
    looks += 1; // It never answers.
  });
  const locals = [{ name: "jan", title: "Jan", port: server.port, dialect: "openai" as const }];
  const daemon = await daemonOf([], 0, {}, undefined, locals);
  await until("the look at the start", () => looks === 1);
  const link = await linkTo(daemon);
  const heard = await Promise.all(Array.from({ length: 60 }, () => chatOver(link, ask("jan/tiny"))));
  expect(heard.every(({ problem }) => problem?.code === "upstream-unreachable")).toBe(true);
  expect(looks).toBeLessThan(4);
});

test("a model is named with its provider", async () => {
  const { daemon, server } = await daemonBefore(() => undefined);
  const { problem } = await chatOver(await linkTo(daemon), ask("lmx"));
  expect(problem?.code).toBe("no-model");
  expect(server.visits).toEqual([]);
});
