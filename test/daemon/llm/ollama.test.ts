import { describe, expect, test } from "vitest";
import { ollama } from "../../../daemon/llm/dialects/ollama.js";
import { CONVERSATION, cuts, hear, question, READ } from "../../support/hearing.js";

const line = (value: object) => `${JSON.stringify(value)}\n`;
const said = (message: object) =>
  line({
    model: "tiny:1b",
    created_at: "2026-01-01T00:00:00Z",
    message: { role: "assistant", ...message },
    done: false,
  });
const done = (more: object = { done_reason: "stop" }) =>
  line({
    model: "tiny:1b",
    message: { role: "assistant", content: "" },
    done: true,
    prompt_eval_count: 26,
    eval_count: 3,
    total_duration: 1,
    ...more,
  });
const START = { type: "start", model: "tiny:1b" };
const USAGE = { type: "usage", inputTokens: 26, outputTokens: 3 };

test("what is asked: its own chat, with arguments as objects and pictures as base64", () => {
  const asked = ollama.chat(
    question({ messages: CONVERSATION, tools: [READ], temperature: 0.5, maxTokens: 5, stop: ["END"] }),
    "/",
  );
  expect(asked).toEqual({
    rest: "api/chat",
    body: {
      model: "tiny",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "What is in it?", images: ["iVBO"] },
        { role: "assistant", content: "", tool_calls: [{ function: { name: "read", arguments: { path: "a" } } }] },
        { role: "tool", content: "a cat", tool_name: "read" },
        { role: "assistant", content: "A cat." },
        { role: "user", content: "Sure?" },
      ],
      stream: true,
      tools: [{ type: "function", function: READ }],
      options: { temperature: 0.5, num_predict: 5, stop: ["END"] },
    },
  });
  expect(ollama.chat(question(), "/").body).toEqual({
    model: "tiny",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
  });
});

const CASES: readonly (readonly [says: string, answer: string, events: readonly object[]])[] = [
  [
    "text, and blank lines between",
    `${said({ content: "Grüß" })}\n${said({ content: " dich 🏮" })}\r\n${done()}`,
    [START, { type: "text", text: "Grüß dich 🏮" }, USAGE, { type: "end", reason: "stop" }],
  ],
  [
    "a last line without its end",
    (said({ content: "a" }) + done({ done_reason: "length" })).trimEnd(),
    [START, { type: "text", text: "a" }, USAGE, { type: "end", reason: "length" }],
  ],
  [
    "thinking",
    `${said({ content: "", thinking: "Let me " })}${said({ content: "", thinking: "see." })}${said({ content: "So." })}${done()}`,
    [
      START,
      { type: "reasoning", text: "Let me see." },
      { type: "text", text: "So." },
      USAGE,
      { type: "end", reason: "stop" },
    ],
  ],
  [
    "thinking in the text",
    `${said({ content: "<think>" })}${said({ content: "Hm.</think> " })}${said({ content: "So." })}${done()}`,
    [START, { type: "reasoning", text: "Hm." }, { type: "text", text: "So." }, USAGE, { type: "end", reason: "stop" }],
  ],
  [
    "calls with an id",
    `${said({
      content: "",
      tool_calls: [
        { id: "c1", function: { name: "read", arguments: { path: "ä" } } },
        { id: "c2", function: { index: 1, name: "read", arguments: {} } },
      ],
    })}${done()}`,
    [
      START,
      { type: "tool-call", id: "c1", name: "read", arguments: '{"path":"ä"}' },
      { type: "tool-call", id: "c2", name: "read", arguments: "{}", invalid: "the arguments: path is missing" },
      USAGE,
      { type: "end", reason: "tool-calls" },
    ],
  ],
  [
    "counts that are missing",
    line({ model: "tiny:1b", message: { content: "a" }, done: true, done_reason: "stop" }),
    [START, { type: "text", text: "a" }, { type: "end", reason: "stop" }],
  ],
];

describe("what is answered", () => {
  test.each(CASES)("%s", async (_says, answer, events) => {
    for (const [how, pieces] of cuts(answer)) expect(await hear(ollama, pieces, [READ]), how).toEqual({ events });
  });

  test("a call without an id gets one of ours", async () => {
    const calls = [{ function: { name: "read", arguments: { path: "a" } } }];
    const { events } = await hear(ollama, [Buffer.from(said({ tool_calls: calls }) + done())], [READ]);
    expect(events[1]).toEqual({
      type: "tool-call",
      id: expect.stringMatching(/^call-[0-9a-f]{16}$/),
      name: "read",
      arguments: '{"path":"a"}',
    });
  });
});

describe("what is no answer", () => {
  test.each([
    ["no end", said({ content: "a" }), "upstream-failed", /lm broke off/],
    ["half a line", said({ content: "a" }).slice(0, -9), "upstream-failed", /not JSON/],
    [
      "an error in the middle",
      `${said({ content: "a" })}{"error":"an error was encountered"}\n`,
      "upstream-error",
      /^lm: an error was encountered\.$/,
    ],
    [
      "a model that breaks down",
      '{"error":"llama runner process has terminated: exit status 2"}\n',
      "model-not-loaded",
      /exit status 2/,
    ],
  ] as const)("%s", async (_says, answer, code, detail) => {
    for (const [how, pieces] of cuts(answer)) {
      const { problem } = await hear(ollama, pieces);
      expect(problem?.code, how).toBe(code);
      expect(problem?.detail, how).toMatch(detail);
    }
  });
});

describe("models", () => {
  const listing = (answers: { readonly [rest: string]: unknown }) =>
    ollama.models(async ({ rest }) => answers[rest] ?? Promise.reject(new Error(`${rest} was asked for`)), "/");

  test("with what is in memory, and what they can where that is told", async () => {
    const tags = [
      { name: "tiny:1b", model: "tiny:1b", size: 1_300_000, details: { family: "llama" } },
      { name: "eye:4b", model: "eye:4b", size: 5, capabilities: ["completion", "vision", "tools"] },
      { name: "embedder", model: "embedder", size: 6, capabilities: ["embedding"] },
    ];
    const ps = { models: [{ name: "eye:4b", model: "eye:4b", context_length: 4096 }] };
    expect(await listing({ "api/tags": { models: tags }, "api/ps": ps })).toEqual([
      { name: "tiny:1b", bytes: 1_300_000, running: false },
      { name: "eye:4b", bytes: 5, contextTokens: 4096, running: true, images: true, tools: true },
    ]);
    expect(await listing({ "api/tags": { models: tags.slice(0, 1) } })).toEqual([
      { name: "tiny:1b", bytes: 1_300_000 },
    ]);
  });

  test("what is no list", async () => {
    for (const other of [{}, { models: {} }, []]) expect(await listing({ "api/tags": other })).toBeUndefined();
  });
});
