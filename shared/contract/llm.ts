import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { anything, choice, flag, integer, list, number, record, text } from "../schema.js";
import { path, root } from "./files.js";

/** How model servers are spoken to; `openai` is what most local ones understand. */
export const DIALECTS = ["ollama", "openai", "anthropic", "gemini"] as const;

/** 2^53 - 1. */
const MOST = 9_007_199_254_740_991;
const count = integer(0, MOST);
const provider = text(64);
/** `<provider>/<the provider's own name of it>`; only the first `/` divides. */
const model = text(512);
const callId = text(256);
const toolName = text(128);
const message = text(LIMITS.chatBytes);

/** JSON of an object, as the model wrote it. */
const toolArguments = text(LIMITS.chatBytes);

/** What a model asks to be done, as it was told in a `tool-call`. */
const toolCall = record({ id: callId, name: toolName, arguments: toolArguments });

/**
 * What was said so far. `system` and `user` have `text`; `user` may have pictures (PNG, JPEG, GIF or WebP) of the roots.
 * `assistant` has `text`, `toolCalls`, or both. `tool` answers the call of the id `callId` with `text`.
 */
const said = record(
  { role: choice("system", "user", "assistant", "tool") },
  {
    text: message,
    images: list(record({ root, path }), LIMITS.chatImages),
    toolCalls: list(toolCall, LIMITS.chatTools),
    callId,
  },
);

/** `parameters` is a JSON Schema of an object. */
const tool = record({ name: toolName, description: text(8192), parameters: anything() });

export const llm = {
  "llm/models": {
    form: "call",
    scope: "llm",
    input: record({}, { again: flag() }),
    output: record({
      models: list(
        record(
          { id: model, provider, name: text(512) },
          /** `running`: held in memory now, as far as its provider tells. `images`, `tools`: whether it takes them, as far as known. */
          { contextTokens: count, bytes: count, running: flag(), images: flag(), tools: flag() },
        ),
        LIMITS.models,
      ),
      providers: list(
        record(
          {
            name: provider,
            dialect: choice(...DIALECTS),
            state: choice("ready", "unreachable", "refused", "failed"),
          },
          /** What is the matter, and what to do. */
          { detail: text(4096) },
        ),
        LIMITS.upstreams,
      ),
    }),
    does: "Tells every model of every provider: those of the configuration, and the local servers that were found. `again` looks for local servers anew and asks every provider anew; without it, what was learnt less than a minute ago is told again. A provider that does not answer is told with its `state` and never holds up the rest.",
    problems: ["shutting-down"],
  },
  "llm/chat": {
    form: "feed",
    events: "type",
    scope: "llm",
    input: record(
      { model, messages: list(said, LIMITS.chatMessages) },
      {
        tools: list(tool, LIMITS.chatTools),
        temperature: number(0, 2),
        maxTokens: integer(1, 10_000_000),
        stop: list(text(256), 8),
      },
    ),
    inputBytes: LIMITS.chatBytes,
    output: record(
      { type: choice("loading", "start", "text", "reasoning", "tool-call", "usage", "end") },
      {
        /** loading: since the question was put. */
        seconds: count,
        /** start: the model that answers, as its provider names it. */
        model: text(512),
        /** text, reasoning: what came, never half a character. */
        text: message,
        /** tool-call: whole, in the order of the model's. */
        id: callId,
        name: toolName,
        arguments: toolArguments,
        /** tool-call: why it cannot be carried out: no such tool, or arguments that are not what it takes. */
        invalid: text(4096),
        /** usage: as far as the provider tells. */
        inputTokens: count,
        outputTokens: count,
        /** end */
        reason: choice("stop", "length", "tool-calls", "refused"),
      },
    ),
    does: "Asks a model and tells its answer as it comes: `loading` every few seconds until there is something to tell, `start`, then any of `text`, `reasoning`, `tool-call`, at most one `usage`, and `end` last. What arrives together is told together, and nothing is held back for it. A failure at any moment is a problem, with the provider's own message in `detail`. To stop, close the stream: the provider's work is ended at once. Pictures need the scope `files:read` too.",
    problems: [
      "no-model",
      "model-not-loaded",
      "context-too-long",
      "key-refused",
      "provider-busy",
      "too-many-chats",
      "upstream-unreachable",
      "upstream-timeout",
      "upstream-failed",
      "upstream-error",
      "upstream-redirect",
      "upstream-encoding",
      "too-large",
      "not-found",
      "no-root",
      "scope-missing",
    ],
  },
} as const satisfies { readonly [name: string]: Operation };
