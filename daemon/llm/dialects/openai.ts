import type { Dialect, Hearer, ModelFacts, Question, Reader, Reason, Request, Said } from "../dialect.js";
import { countOf, fieldOf, jsonText, listOf, NESTED, recordOf, textOf } from "../loose.js";
import { restBelow } from "../rest-below.js";
import { divideThoughts } from "../think.js";
import { createToolCalls } from "../tool-calls.js";
import { functionsOf } from "./functions.js";
import { LM_STUDIO, lmStudioFacts } from "./lmstudio.js";

/** Of whom it is known that what they list is loaded. */
const LOADED = new Set(["vllm", "koboldcpp"]);

const REASONS = new Map<string, Reason>([
  ["length", "length"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["content_filter", "refused"],
]);

function messageOf(said: Said): object {
  switch (said.role) {
    case "system":
      return { role: "system", content: said.text };
    case "user": {
      if (said.images.length === 0) return { role: "user", content: said.text };
      const images = said.images.map(({ type, base64 }) => ({
        type: "image_url",
        image_url: { url: `data:${type};base64,${base64}` },
      }));
      return { role: "user", content: [...(said.text === "" ? [] : [{ type: "text", text: said.text }]), ...images] };
    }
    case "assistant": {
      const calls = said.toolCalls.map(({ id, name, arguments: written }) => ({
        id,
        type: "function",
        function: { name, arguments: written },
      }));
      return { role: "assistant", content: said.text, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    case "tool":
      return { role: "tool", tool_call_id: said.callId, content: said.text };
  }
}

function factsOf(entry: unknown): ModelFacts[] {
  const name = textOf(fieldOf(entry, "id"));
  if (name === undefined) return [];
  const meta = fieldOf(entry, "meta");
  const tokens = [
    fieldOf(entry, "max_model_len"),
    fieldOf(meta, "n_ctx"),
    fieldOf(meta, "n_ctx_train"),
    fieldOf(entry, "context_length"),
  ];
  const contextTokens = tokens.map(countOf).find((count) => count !== undefined);
  const bytes = countOf(fieldOf(meta, "size"));
  const state = textOf(fieldOf(fieldOf(entry, "status"), "value"));
  const isRunning = state === undefined ? LOADED.has(textOf(fieldOf(entry, "owned_by")) ?? "") : state === "loaded";
  return [
    {
      name,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(bytes !== undefined && { bytes }),
      ...((isRunning || state !== undefined) && { running: isRunning }),
    },
  ];
}

/** KoboldCpp names its models so; others may work for it at the same time, and each work has a key. */
function isKobold({ model }: Question): boolean {
  return model.startsWith("koboldcpp/");
}

function reader(hearer: Hearer): Reader {
  const thoughts = divideThoughts(hearer);
  const calls = createToolCalls();
  let reason: Reason | undefined;

  function end(): void {
    thoughts.end();
    for (const call of calls.take()) hearer.toolCall(call);
    hearer.end(reason ?? "stop");
  }

  function takeCall(piece: unknown, place: number): void {
    const called = fieldOf(piece, "function");
    const given = fieldOf(called, "arguments");
    calls.add({
      index: countOf(fieldOf(piece, "index")) ?? place,
      id: textOf(fieldOf(piece, "id")),
      name: textOf(fieldOf(called, "name")),
      arguments: recordOf(given) === undefined ? textOf(given) : (jsonText(given) ?? NESTED),
    });
  }

  return {
    take(message) {
      if (message === "[DONE]") {
        end();
        return;
      }
      const model = textOf(fieldOf(message, "model"));
      const choice = listOf(fieldOf(message, "choices"))[0];
      if (choice !== undefined) hearer.start(model ?? "");
      const delta = fieldOf(choice, "delta");
      const thought = textOf(fieldOf(delta, "reasoning_content")) ?? textOf(fieldOf(delta, "reasoning"));
      if (thought) hearer.reasoning(thought);
      const text = textOf(fieldOf(delta, "content"));
      if (text) thoughts.take(text);
      for (const [place, piece] of listOf(fieldOf(delta, "tool_calls")).entries()) takeCall(piece, place);
      const finish = textOf(fieldOf(choice, "finish_reason"));
      if (finish) reason = REASONS.get(finish) ?? "stop";
      const usage = recordOf(fieldOf(message, "usage"));
      if (usage !== undefined) hearer.usage(countOf(usage["prompt_tokens"]), countOf(usage["completion_tokens"]));
    },
    close() {
      // Some leave out the mark of the end; whoever said why it is over has said all.
      if (reason !== undefined) end();
    },
  };
}

/** Chat completions over an event stream: llama.cpp's server, LM Studio, vLLM, Jan, KoboldCpp and many more. */
export const openai: Dialect = {
  framing: "events",
  async models(get, basePath) {
    const listed = fieldOf(await get({ rest: restBelow(basePath, "v1/models") }), "data");
    if (!Array.isArray(listed)) return undefined;
    const models = listed.flatMap(factsOf);
    const isLmStudio = basePath === "/" && listed.some((entry) => fieldOf(entry, "owned_by") === LM_STUDIO);
    if (!isLmStudio) return models;
    // An older one has no such list.
    const more = lmStudioFacts(await get({ rest: "api/v0/models" }).catch(() => undefined));
    return models.flatMap((facts) => {
      const own = more.get(facts.name);
      return more.has(facts.name) && own === undefined ? [] : [{ ...facts, ...own }];
    });
  },
  chat(question, basePath): Request {
    const { model, messages, tools, temperature, maxTokens, stop } = question;
    return {
      rest: restBelow(basePath, "v1/chat/completions"),
      body: {
        model,
        messages: messages.map(messageOf),
        stream: true,
        stream_options: { include_usage: true },
        ...functionsOf(tools),
        ...(temperature !== undefined && { temperature }),
        ...(maxTokens !== undefined && { max_tokens: maxTokens }),
        ...(stop.length > 0 && { stop }),
        ...(isKobold(question) && { genkey: question.id }),
      },
    };
  },
  reader,
  cancel(question, basePath) {
    const isReachable = isKobold(question) && basePath === "/";
    return isReachable ? { rest: "api/extra/abort", body: { genkey: question.id } } : undefined;
  },
};
