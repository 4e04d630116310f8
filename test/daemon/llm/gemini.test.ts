import { describe, expect, test } from "vitest";
import type { Said } from "../../../daemon/llm/dialect.js";
import { createGemini } from "../../../daemon/llm/dialects/gemini.js";
import { CONVERSATION, cuts, hear, question, READ } from "../../support/hearing.js";

const data = (value: object) => `data: ${JSON.stringify(value)}\r\n\r\n`;
const parts = (given: object[], more: object = {}) =>
  data({ candidates: [{ content: { parts: given, role: "model" }, index: 0, ...more }], modelVersion: "gemini-x" });
const end = (reason: string, more: object = {}) =>
  data({
    candidates: [{ content: { parts: [{ text: "" }], role: "model" }, finishReason: reason, ...more }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 3, thoughtsTokenCount: 4, totalTokenCount: 15 },
    modelVersion: "gemini-x",
  });
const START = { type: "start", model: "gemini-x" };
const USAGE = { type: "usage", inputTokens: 8, outputTokens: 7 };

test("what is asked: contents in turns, the system's apart, functions with their schema", () => {
  const asked = createGemini().chat(
    question({
      model: "gemini-2.5-flash",
      messages: CONVERSATION,
      tools: [READ],
      temperature: 0,
      maxTokens: 5,
      stop: ["END"],
    }),
    "/",
  );
  expect(asked).toEqual({
    rest: "v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    body: {
      contents: [
        { role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "iVBO" } }, { text: "What is in it?" }] },
        { role: "model", parts: [{ functionCall: { id: "c1", name: "read", args: { path: "a" } } }] },
        { role: "user", parts: [{ functionResponse: { id: "c1", name: "read", response: { result: "a cat" } } }] },
        { role: "model", parts: [{ text: "A cat." }] },
        { role: "user", parts: [{ text: "Sure?" }] },
      ],
      systemInstruction: { parts: [{ text: "Be brief." }] },
      tools: [
        {
          functionDeclarations: [{ name: "read", description: "Reads a file.", parametersJsonSchema: READ.parameters }],
        },
      ],
      generationConfig: { temperature: 0, maxOutputTokens: 5, stopSequences: ["END"] },
    },
  });
});

test("a tuned model, and an address with the version in it", () => {
  expect(createGemini().chat(question({ model: "tunedModels/my one" }), "/v1beta").rest).toBe(
    "tunedModels/my%20one:streamGenerateContent?alt=sse",
  );
});

const CASES: readonly (readonly [says: string, answer: string, events: readonly object[]])[] = [
  [
    "text",
    parts([{ text: "Grüß" }]) + parts([{ text: " dich" }, { text: " 🏮" }]) + end("STOP"),
    [START, { type: "text", text: "Grüß dich 🏮" }, USAGE, { type: "end", reason: "stop" }],
  ],
  [
    "thoughts",
    parts([{ text: "Let me see.", thought: true }]) + parts([{ text: "So." }]) + end("MAX_TOKENS"),
    [
      START,
      { type: "reasoning", text: "Let me see." },
      { type: "text", text: "So." },
      USAGE,
      { type: "end", reason: "length" },
    ],
  ],
  [
    "calls",
    parts([
      { functionCall: { id: "f1", name: "read", args: { path: "ä" } }, thoughtSignature: "c2ln" },
      { functionCall: { id: "f2", name: "read" } },
    ]) + end("STOP"),
    [
      START,
      { type: "tool-call", id: "f1", name: "read", arguments: '{"path":"ä"}' },
      { type: "tool-call", id: "f2", name: "read", arguments: "{}", invalid: "the arguments: path is missing" },
      USAGE,
      { type: "end", reason: "tool-calls" },
    ],
  ],
  [
    "an answer that is held back",
    parts([{ text: "a" }]) + end("SAFETY"),
    [START, { type: "text", text: "a" }, USAGE, { type: "end", reason: "refused" }],
  ],
  [
    "a question that is held back",
    data({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, modelVersion: "gemini-x" }),
    [START, { type: "end", reason: "refused" }],
  ],
];

describe("what is answered", () => {
  test.each(CASES)("%s", async (_says, answer, events) => {
    for (const [how, pieces] of cuts(answer)) {
      expect(await hear(createGemini(), pieces, [READ]), how).toEqual({ events });
    }
  });
});

describe("what is no answer", () => {
  test.each([
    ["no reason to end", parts([{ text: "a" }]), "upstream-failed", /lm broke off/],
    [
      "an end that is a failure",
      end("MALFORMED_FUNCTION_CALL", { finishMessage: "Malformed call" }),
      "upstream-error",
      /Malformed call/,
    ],
    [
      "an error in the middle",
      parts([{ text: "a" }]) +
        data({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
      "provider-busy",
      /overloaded/,
    ],
    [
      "a key that is none",
      data({ error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } }),
      "key-refused",
      /not valid/,
    ],
    [
      "too much said",
      data({
        error: {
          code: 400,
          message: "The input token count (9) exceeds the maximum number of tokens allowed (8).",
          status: "INVALID_ARGUMENT",
        },
      }),
      "context-too-long",
      /token count/,
    ],
  ] as const)("%s", async (_says, answer, code, detail) => {
    for (const [how, pieces] of cuts(answer)) {
      const { problem } = await hear(createGemini(), pieces);
      expect(problem?.code, how).toBe(code);
      expect(problem?.detail, how).toMatch(detail);
    }
  });
});

test("a call comes back with the signature that it was made with, and otherwise with the word for none", async () => {
  const gemini = createGemini();
  const call = { functionCall: { id: "f1", name: "read", args: {} }, thoughtSignature: "c2ln" };
  await hear(gemini, [Buffer.from(parts([call]) + end("STOP"))]);
  const said = (...ids: string[]): Said => ({
    role: "assistant",
    text: "",
    toolCalls: ids.map((id) => ({ id, name: "read", arguments: "{}" })),
  });
  const signed = (model: string, ...ids: string[]) =>
    (
      gemini.chat(question({ model, messages: [said(...ids)] }), "/").body as {
        contents: { parts: { thoughtSignature?: string }[] }[];
      }
    ).contents[0]?.parts.map(({ thoughtSignature }) => thoughtSignature);
  expect(signed("gemini-3-pro", "f1", "other")).toEqual(["c2ln", undefined]);
  expect(signed("gemini-3-pro", "other", "f1")).toEqual(["skip_thought_signature_validator", "c2ln"]);
  expect(signed("gemini-2.5-pro", "other")).toEqual([undefined]);
});

test("models that answer; those that say that they think are asked for their thoughts", async () => {
  const gemini = createGemini();
  const models = [
    {
      name: "models/gemini-a",
      inputTokenLimit: 1_048_576,
      supportedGenerationMethods: ["generateContent"],
      thinking: true,
    },
    { name: "models/gemini-b", supportedGenerationMethods: ["generateContent", "countTokens"] },
    { name: "models/embedder", supportedGenerationMethods: ["embedContent"], thinking: true },
  ];
  expect(await gemini.models(async () => ({ models }), "/")).toEqual([
    { name: "gemini-a", contextTokens: 1_048_576 },
    { name: "gemini-b" },
  ]);
  const config = (model: string) =>
    (gemini.chat(question({ model }), "/").body as { generationConfig: object }).generationConfig;
  expect(config("gemini-a")).toEqual({ thinkingConfig: { includeThoughts: true } });
  expect(config("gemini-b")).toEqual({});
});
