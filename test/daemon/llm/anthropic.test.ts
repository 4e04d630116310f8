import { describe, expect, test } from "vitest";
import { anthropic } from "../../../daemon/llm/dialects/anthropic.js";
import { CONVERSATION, cuts, hear, question, READ } from "../../support/hearing.js";

const event = (value: { readonly type: string; readonly [name: string]: unknown }) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const begin = event({
  type: "message_start",
  message: {
    id: "m",
    type: "message",
    role: "assistant",
    model: "claude-x",
    content: [],
    usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 },
  },
});
const block = (index: number, content: object) => event({ type: "content_block_start", index, content_block: content });
const delta = (index: number, given: object) => event({ type: "content_block_delta", index, delta: given });
const stop = (index: number) => event({ type: "content_block_stop", index });
const text = (index: number, ...pieces: string[]) =>
  block(index, { type: "text", text: "" }) +
  pieces.map((piece) => delta(index, { type: "text_delta", text: piece })).join("") +
  stop(index);
const end = (reason: string) =>
  event({ type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 9 } }) +
  event({ type: "message_stop" });
const START = { type: "start", model: "claude-x" };
const USAGE = { type: "usage", inputTokens: 15, outputTokens: 9 };

test("what is asked: messages in turns, the system's apart, results of tools as the user's", () => {
  const asked = anthropic.chat(
    question({ messages: CONVERSATION, tools: [READ], temperature: 1.5, maxTokens: 5, stop: ["END"] }),
    "/",
  );
  expect(asked).toEqual({
    rest: "v1/messages",
    headers: [["anthropic-version", "2023-06-01"]],
    body: {
      model: "tiny",
      max_tokens: 5,
      stream: true,
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } },
            { type: "text", text: "What is in it?" },
          ],
        },
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "read", input: { path: "a" } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "a cat" }] },
        { role: "assistant", content: [{ type: "text", text: "A cat." }] },
        { role: "user", content: [{ type: "text", text: "Sure?" }] },
      ],
      tools: [{ name: "read", description: "Reads a file.", input_schema: READ.parameters }],
      temperature: 1,
      stop_sequences: ["END"],
    },
  });
});

test("two results of tools and what the user says then are one turn; an empty text is none", () => {
  const { body } = anthropic.chat(
    question({
      messages: [
        { role: "assistant", text: " ", toolCalls: [] },
        { role: "tool", text: "1", callId: "c1", name: "read" },
        { role: "tool", text: "2", callId: "c2", name: "read" },
        { role: "user", text: "And?", images: [] },
      ],
    }),
    "/v1",
  );
  expect(body).toMatchObject({
    max_tokens: 16_000,
    messages: [{ role: "user", content: [{ content: "1" }, { content: "2" }, { text: "And?" }] }],
  });
});

const CASES: readonly (readonly [says: string, answer: string, events: readonly object[]])[] = [
  [
    "text, with pings",
    begin + event({ type: "ping" }) + text(0, "Grüß", " dich 🏮") + end("end_turn"),
    [START, { type: "text", text: "Grüß dich 🏮" }, USAGE, { type: "end", reason: "stop" }],
  ],
  [
    "thinking, its signature, and what kind of event nobody knows yet",
    begin +
      block(0, { type: "thinking", thinking: "", signature: "" }) +
      delta(0, { type: "thinking_delta", thinking: "Let me see." }) +
      delta(0, { type: "signature_delta", signature: "c2ln" }) +
      stop(0) +
      event({ type: "something_new", value: 1 }) +
      text(1, "So.") +
      end("max_tokens"),
    [
      START,
      { type: "reasoning", text: "Let me see." },
      { type: "text", text: "So." },
      USAGE,
      { type: "end", reason: "length" },
    ],
  ],
  [
    "a call of a tool behind a text, and one without arguments",
    begin +
      text(0, "I look.") +
      block(1, { type: "tool_use", id: "t1", name: "read", input: {} }) +
      delta(1, { type: "input_json_delta", partial_json: "" }) +
      delta(1, { type: "input_json_delta", partial_json: '{"path": "s' }) +
      delta(1, { type: "input_json_delta", partial_json: 'rc"}' }) +
      stop(1) +
      block(2, { type: "tool_use", id: "t2", name: "read", input: {} }) +
      stop(2) +
      end("tool_use"),
    [
      START,
      { type: "text", text: "I look." },
      { type: "tool-call", id: "t1", name: "read", arguments: '{"path": "src"}' },
      { type: "tool-call", id: "t2", name: "read", arguments: "{}", invalid: "the arguments: path is missing" },
      USAGE,
      { type: "end", reason: "tool-calls" },
    ],
  ],
  ["a refusal", begin + end("refusal"), [START, USAGE, { type: "end", reason: "refused" }]],
];

describe("what is answered", () => {
  test.each(CASES)("%s", async (_says, answer, events) => {
    for (const [how, pieces] of cuts(answer)) expect(await hear(anthropic, pieces, [READ]), how).toEqual({ events });
  });
});

describe("what is no answer", () => {
  const error = (type: string, message: string) => event({ type: "error", error: { type, message } });
  test.each([
    ["no message_stop", begin + text(0, "a"), "upstream-failed", /lm broke off/],
    [
      "too much to do, in the middle",
      begin + text(0, "a") + error("overloaded_error", "Overloaded"),
      "provider-busy",
      /^lm: Overloaded\. Try again later\.$/,
    ],
    [
      "a fault, in the middle",
      begin + error("api_error", "Internal server error"),
      "upstream-error",
      /Internal server error/,
    ],
    [
      "a key that is not accepted",
      error("authentication_error", "invalid x-api-key"),
      "key-refused",
      /invalid x-api-key/,
    ],
    [
      "too much said",
      error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
      "context-too-long",
      /210000/,
    ],
  ] as const)("%s", async (_says, answer, code, detail) => {
    for (const [how, pieces] of cuts(answer)) {
      const { problem } = await hear(anthropic, pieces);
      expect(problem?.code, how).toBe(code);
      expect(problem?.detail, how).toMatch(detail);
    }
  });
});

test("models, with what is known of them", async () => {
  const data = [
    {
      type: "model",
      id: "claude-x",
      display_name: "X",
      max_input_tokens: 200_000,
      capabilities: { image_input: { supported: true } },
    },
    { type: "model", id: "claude-y" },
  ];
  const asked: unknown[] = [];
  const models = await anthropic.models(async (request) => {
    asked.push(request);
    return { data, has_more: false };
  }, "/");
  expect(asked).toEqual([{ rest: "v1/models?limit=1000", headers: [["anthropic-version", "2023-06-01"]] }]);
  expect(models).toEqual([
    { name: "claude-x", contextTokens: 200_000, images: true, tools: true },
    { name: "claude-y", tools: true },
  ]);
});
