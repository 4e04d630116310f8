import { describe, expect, test } from "vitest";
import { openai } from "../../../daemon/llm/dialects/openai.js";
import { CONVERSATION, cuts, hear, question, READ } from "../../support/hearing.js";

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish: string | null = null) =>
  data({
    id: "c",
    object: "chat.completion.chunk",
    model: "tiny-q4",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
const call = (index: number, piece: object, more: object = {}) =>
  chunk({ tool_calls: [{ index, type: "function", function: piece, ...more }] });
const usage = data({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 } });
const DONE = "data: [DONE]\n\n";
const START = { type: "start", model: "tiny-q4" };

test("what is asked: chat completions as a stream, with the usage", () => {
  const asked = openai.chat(
    question({ messages: CONVERSATION, tools: [READ], temperature: 0, maxTokens: 5, stop: ["END"] }),
    "/",
  );
  expect(asked).toEqual({
    rest: "v1/chat/completions",
    body: {
      model: "tiny",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is in it?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } },
          ],
        },
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "c1", type: "function", function: { name: "read", arguments: '{"path":"a"}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "a cat" },
        { role: "assistant", content: "A cat." },
        { role: "user", content: "Sure?" },
      ],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: "function", function: READ }],
      temperature: 0,
      max_tokens: 5,
      stop: ["END"],
    },
  });
});

test("an address may end with the version of the API or not", () => {
  expect(
    ["/", "/v1", "/v1/", "/openai/v1", "/v1beta/openai", "/lm"].map((path) => openai.chat(question(), path).rest),
  ).toEqual([
    "v1/chat/completions",
    "chat/completions",
    "chat/completions",
    "chat/completions",
    "chat/completions",
    "v1/chat/completions",
  ]);
});

test("KoboldCpp's work has a key, and is ended by it", () => {
  const asked = question({ model: "koboldcpp/tiny" });
  expect(openai.chat(asked, "/").body).toMatchObject({ genkey: "q1" });
  expect(openai.cancel?.(asked, "/")).toEqual({ rest: "api/extra/abort", body: { genkey: "q1" } });
  expect(openai.cancel?.(question(), "/")).toBeUndefined();
  expect(openai.chat(question(), "/").body).not.toHaveProperty("genkey");
});

const CASES: readonly (readonly [says: string, answer: string, events: readonly object[]])[] = [
  [
    "text, with comments and pings between, and the usage behind it",
    `: ping\n\n${chunk({ role: "assistant", content: "" })}${chunk({ content: "Grüß" })}${chunk({ content: " dich 🏮" })}${chunk({}, "stop")}${usage}${DONE}`,
    [
      START,
      { type: "text", text: "Grüß dich 🏮" },
      { type: "usage", inputTokens: 12, outputTokens: 7 },
      { type: "end", reason: "stop" },
    ],
  ],
  [
    "lines that end in CRLF",
    `${chunk({ content: "a" })}${chunk({}, "length")}${DONE}`.replaceAll("\n", "\r\n"),
    [START, { type: "text", text: "a" }, { type: "end", reason: "length" }],
  ],
  [
    "a character in two halves",
    `data: {"model":"tiny-q4","choices":[{"delta":{"content":"a\\ud83c"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\udfeeb"}}]}\n\n${DONE}`,
    [START, { type: "text", text: "a🏮b" }, { type: "end", reason: "stop" }],
  ],
  [
    "reasoning by itself, under both its names",
    `${chunk({ reasoning_content: "Let me " })}${chunk({ reasoning: "see." })}${chunk({ content: "So." })}${chunk({}, "stop")}${DONE}`,
    [START, { type: "reasoning", text: "Let me see." }, { type: "text", text: "So." }, { type: "end", reason: "stop" }],
  ],
  [
    "reasoning in the text, in marks that are cut",
    `${chunk({ content: "\n<thi" })}${chunk({ content: "nk>\nHm, a <b> </thin" })}${chunk({ content: "ner> thought</th" })}${chunk({ content: "ink>\n\nSo: <think>." })}${chunk({}, "stop")}${DONE}`,
    [
      START,
      { type: "reasoning", text: "Hm, a <b> </thinner> thought" },
      { type: "text", text: "So: <think>." },
      { type: "end", reason: "stop" },
    ],
  ],
  [
    "what only begins like a mark",
    `${chunk({ content: "<thi" })}${chunk({ content: "rd>" })}${chunk({}, "stop")}${DONE}`,
    [START, { type: "text", text: "<third>" }, { type: "end", reason: "stop" }],
  ],
  [
    "nothing but the beginning of a mark",
    `${chunk({ content: "<think" })}${chunk({}, "stop")}${DONE}`,
    [START, { type: "text", text: "<think" }, { type: "end", reason: "stop" }],
  ],
  [
    "two calls, put together from pieces that take turns",
    `${call(0, { name: "read", arguments: "" }, { id: "c1" })}${call(1, { name: "write", arguments: "{}" }, { id: "c2" })}${call(0, { arguments: '{"pa' })}${call(0, { arguments: 'th":"ä"}' })}${chunk({}, "tool_calls")}${DONE}`,
    [
      START,
      { type: "tool-call", id: "c1", name: "read", arguments: '{"path":"ä"}' },
      { type: "tool-call", id: "c2", name: "write", arguments: "{}", invalid: 'there is no tool named "write"' },
      { type: "end", reason: "tool-calls" },
    ],
  ],
  [
    "two whole calls under one index, as some servers have them, and a reason that forgets them",
    `${call(0, { name: "read", arguments: '{"path":"a"}' }, { id: "c1" })}${call(0, { name: "read", arguments: '{"path":1}' }, { id: "c2" })}${chunk({}, "stop")}${DONE}`,
    [
      START,
      { type: "tool-call", id: "c1", name: "read", arguments: '{"path":"a"}' },
      { type: "tool-call", id: "c2", name: "read", arguments: '{"path":1}', invalid: "path must be string, not 1" },
      { type: "end", reason: "tool-calls" },
    ],
  ],
  [
    "a call whose arguments are no JSON",
    `${call(0, { name: "read", arguments: '{"path":' }, { id: "c1" })}${chunk({}, "tool_calls")}${DONE}`,
    [
      START,
      {
        type: "tool-call",
        id: "c1",
        name: "read",
        arguments: '{"path":',
        invalid: "the arguments are not a JSON object",
      },
      { type: "end", reason: "tool-calls" },
    ],
  ],
  [
    "the end without its mark, once it was said why",
    `${chunk({ content: "a" })}${chunk({}, "content_filter")}`,
    [START, { type: "text", text: "a" }, { type: "end", reason: "refused" }],
  ],
];

describe("what is answered", () => {
  test.each(CASES)("%s", async (_says, answer, events) => {
    for (const [how, pieces] of cuts(answer)) {
      const heard = await hear(openai, pieces, [READ]);
      expect(heard, how).toEqual({ events });
    }
  });
});

const BAD: readonly (readonly [says: string, answer: string, code: string, detail: RegExp])[] = [
  ["no end", chunk({ content: "a" }), "upstream-failed", /lm broke off/],
  ["nothing at all", "", "upstream-failed", /lm broke off/],
  ["no JSON", `${chunk({ content: "a" })}data: {oops\n\n`, "upstream-failed", /not JSON/],
  [
    "an error in the middle",
    `${chunk({ content: "a" })}${data({ error: { message: "the GPU is gone", type: "server_error", code: null } })}`,
    "upstream-error",
    /^lm: the GPU is gone\.$/,
  ],
  [
    "an error as LM Studio sends it",
    `event: error\n${data({ error: { message: "Failed to load model. Not enough memory" } })}`,
    "model-not-loaded",
    /Not enough memory/,
  ],
  [
    "an error as vLLM used to send it",
    data({
      object: "error",
      message: "This model's maximum context length is 4096 tokens.",
      type: "BadRequestError",
      code: 400,
    }),
    "context-too-long",
    /4096 tokens/,
  ],
];

describe("what is no answer", () => {
  test.each(BAD)("%s", async (_says, answer, code, detail) => {
    for (const [how, pieces] of cuts(answer)) {
      const { problem } = await hear(openai, pieces);
      expect(problem?.code, how).toBe(code);
      expect(problem?.detail, how).toMatch(detail);
    }
  });

  test("half a character at the end, and bytes that are none", async () => {
    const whole = Buffer.from(chunk({ content: "ü" }));
    for (const bytes of [whole.subarray(0, whole.indexOf(0xbc)), Buffer.from([0x64, 0xff, 0x0a])]) {
      expect(await hear(openai, [bytes])).toMatchObject({
        problem: { code: "upstream-failed", detail: "lm sent something that is not UTF-8 text." },
      });
    }
  });
});

describe("models", () => {
  const listing = (answers: { readonly [rest: string]: unknown }) =>
    openai.models(async ({ rest }) => answers[rest] ?? Promise.reject(new Error(`${rest} was asked for`)), "/");

  test("of llama.cpp's server, of vLLM, and of others", async () => {
    const own = [
      { id: "qwen.gguf", object: "model", owned_by: "llamacpp", meta: { n_ctx_train: 32768, size: 4_000_000 } },
      { id: "router-a", owned_by: "llamacpp", status: { value: "loaded" } },
      { id: "router-b", owned_by: "llamacpp", status: { value: "unloaded" } },
      { id: "org/big", owned_by: "vllm", max_model_len: 8192 },
      { id: "other" },
      { object: "no model" },
      7,
    ];
    expect(await listing({ "v1/models": { object: "list", data: own } })).toEqual([
      { name: "qwen.gguf", contextTokens: 32768, bytes: 4_000_000 },
      { name: "router-a", running: true },
      { name: "router-b", running: false },
      { name: "org/big", contextTokens: 8192, running: true },
      { name: "other" },
    ]);
  });

  test("of LM Studio, with what its own list says; of an old one that has none, by name", async () => {
    const listed = { data: ["eye", "embedder", "coder"].map((id) => ({ id, owned_by: "organization_owner" })) };
    const own = [
      { id: "eye", type: "vlm", state: "loaded", max_context_length: 9000, loaded_context_length: 4000 },
      { id: "embedder", type: "embeddings", state: "not-loaded" },
      { id: "coder", type: "llm", state: "not-loaded", max_context_length: 9000, capabilities: ["tool_use"] },
    ];
    expect(await listing({ "v1/models": listed, "api/v0/models": { data: own } })).toEqual([
      { name: "eye", contextTokens: 4000, running: true, images: true },
      { name: "coder", contextTokens: 9000, running: false, images: false, tools: true },
    ]);
    expect(await listing({ "v1/models": listed })).toEqual([{ name: "eye" }, { name: "embedder" }, { name: "coder" }]);
  });

  test("what is no list", async () => {
    for (const other of [{}, { data: {} }, [], "data"]) expect(await listing({ "v1/models": other })).toBeUndefined();
  });
});
