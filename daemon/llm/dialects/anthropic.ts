import type { Dialect, Hearer, ModelFacts, Reader, Reason, Said } from "../dialect.js";
import { countOf, fieldOf, jsonOf, textOf } from "../loose.js";
import { restBelow } from "../rest-below.js";
import { createToolCalls } from "../tool-calls.js";
import { inTurns } from "./turns.js";

/** Every request names the version of the API that it means. */
const HEADERS = [["anthropic-version", "2023-06-01"]] as const;
/** It must be said how long an answer may be; less than what any current model writes at most. */
const MOST_TOKENS = 16_000;

const REASONS = new Map<string, Reason>([
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool-calls"],
  ["refusal", "refused"],
]);

/** Empty texts are refused. */
function textBlocks(text: string): object[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function blocksOf(said: Said): object[] {
  switch (said.role) {
    case "system":
      return [];
    case "user": {
      const images = said.images.map(({ type, base64 }) => ({
        type: "image",
        source: { type: "base64", media_type: type, data: base64 },
      }));
      return [...images, ...textBlocks(said.text)];
    }
    case "assistant": {
      const calls = said.toolCalls.map(({ id, name, arguments: written }) => ({
        type: "tool_use",
        id,
        name,
        input: jsonOf(written),
      }));
      return [...textBlocks(said.text), ...calls];
    }
    case "tool":
      return [{ type: "tool_result", tool_use_id: said.callId, content: said.text }];
  }
}

function factsOf(entry: unknown): ModelFacts[] {
  const name = textOf(fieldOf(entry, "id"));
  if (name === undefined) return [];
  const contextTokens = countOf(fieldOf(entry, "max_input_tokens"));
  const images = fieldOf(fieldOf(fieldOf(entry, "capabilities"), "image_input"), "supported");
  return [
    {
      name,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(typeof images === "boolean" && { images }),
      tools: true,
    },
  ];
}

function sumOf(usage: unknown, names: readonly string[]): number | undefined {
  const counts = names.map((name) => countOf(fieldOf(usage, name))).filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function reader(hearer: Hearer): Reader {
  const calls = createToolCalls();
  let reason: Reason = "stop";
  let input: number | undefined;
  let output: number | undefined;

  function count(usage: unknown): void {
    input = sumOf(usage, ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]) ?? input;
    output = countOf(fieldOf(usage, "output_tokens")) ?? output;
  }

  function takeDelta(delta: unknown, index: number): void {
    const text = textOf(fieldOf(delta, "text"));
    if (text) hearer.text(text);
    const thought = textOf(fieldOf(delta, "thinking"));
    if (thought) hearer.reasoning(thought);
    const piece = textOf(fieldOf(delta, "partial_json"));
    if (piece) calls.add({ index, arguments: piece });
  }

  function begin(block: unknown, index: number): void {
    if (fieldOf(block, "type") === "tool_use") {
      calls.add({ index, id: textOf(fieldOf(block, "id")), name: textOf(fieldOf(block, "name")) });
    } else takeDelta(block, index);
  }

  return {
    take(event) {
      const index = countOf(fieldOf(event, "index")) ?? 0;
      switch (fieldOf(event, "type")) {
        case "message_start": {
          const message = fieldOf(event, "message");
          hearer.start(textOf(fieldOf(message, "model")) ?? "");
          count(fieldOf(message, "usage"));
          break;
        }
        case "content_block_start":
          begin(fieldOf(event, "content_block"), index);
          break;
        case "content_block_delta":
          takeDelta(fieldOf(event, "delta"), index);
          break;
        case "content_block_stop":
          for (const call of calls.take()) hearer.toolCall(call);
          break;
        case "message_delta":
          reason = REASONS.get(textOf(fieldOf(fieldOf(event, "delta"), "stop_reason")) ?? "") ?? "stop";
          count(fieldOf(event, "usage"));
          break;
        case "message_stop":
          for (const call of calls.take()) hearer.toolCall(call);
          hearer.usage(input, output);
          hearer.end(reason);
      }
    },
    // The last event says that it is the last.
    close: () => undefined,
  };
}

/** Anthropic's messages. */
export const anthropic: Dialect = {
  framing: "events",
  async models(get, basePath) {
    const listed = fieldOf(await get({ rest: restBelow(basePath, "v1/models?limit=1000"), headers: HEADERS }), "data");
    return Array.isArray(listed) ? listed.flatMap(factsOf) : undefined;
  },
  chat({ model, messages, tools, temperature, maxTokens, stop }, basePath) {
    const system = messages.flatMap((said) => (said.role === "system" ? textBlocks(said.text) : []));
    return {
      rest: restBelow(basePath, "v1/messages"),
      headers: HEADERS,
      body: {
        model,
        max_tokens: maxTokens ?? MOST_TOKENS,
        stream: true,
        ...(system.length > 0 && { system }),
        messages: inTurns(messages, blocksOf).map(({ isModel, parts }) => ({
          role: isModel ? "assistant" : "user",
          content: parts,
        })),
        ...(tools.length > 0 && {
          tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
        }),
        ...(temperature !== undefined && { temperature: Math.min(temperature, 1) }),
        ...(stop.length > 0 && { stop_sequences: stop }),
      },
    };
  },
  reader,
};
