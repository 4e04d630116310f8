import type { Dialect, Hearer, ModelFacts, Reader, Said } from "../dialect.js";
import { countOf, fieldOf, jsonOf, jsonText, listOf, NESTED, recordOf, textOf } from "../loose.js";
import { divideThoughts } from "../think.js";
import { functionsOf } from "./functions.js";

function messageOf(said: Said): object {
  switch (said.role) {
    case "system":
      return { role: "system", content: said.text };
    case "user": {
      const images = said.images.map(({ base64 }) => base64);
      return { role: "user", content: said.text, ...(images.length > 0 && { images }) };
    }
    case "assistant": {
      const calls = said.toolCalls.map(({ name, arguments: written }) => ({
        function: { name, arguments: jsonOf(written) },
      }));
      return { role: "assistant", content: said.text, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    case "tool":
      return { role: "tool", content: said.text, tool_name: said.name };
  }
}

/** @param running what is in memory, by name; absent where that is not known. */
function factsOf(entry: unknown, running: ReadonlyMap<string, unknown> | undefined): ModelFacts[] {
  const name = textOf(fieldOf(entry, "model")) ?? textOf(fieldOf(entry, "name"));
  const can = listOf(fieldOf(entry, "capabilities"));
  // What only embeds does not answer.
  if (name === undefined || (can.length > 0 && !can.includes("completion"))) return [];
  const bytes = countOf(fieldOf(entry, "size"));
  const contextTokens = countOf(fieldOf(running?.get(name), "context_length"));
  return [
    {
      name,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(bytes !== undefined && { bytes }),
      ...(running !== undefined && { running: running.has(name) }),
      ...(can.length > 0 && { images: can.includes("vision"), tools: can.includes("tools") }),
    },
  ];
}

function reader(hearer: Hearer): Reader {
  const thoughts = divideThoughts(hearer);

  return {
    take(line) {
      const model = textOf(fieldOf(line, "model"));
      if (model !== undefined) hearer.start(model);
      const message = fieldOf(line, "message");
      const thought = textOf(fieldOf(message, "thinking"));
      if (thought) hearer.reasoning(thought);
      const text = textOf(fieldOf(message, "content"));
      if (text) thoughts.take(text);
      for (const call of listOf(fieldOf(message, "tool_calls"))) {
        thoughts.end();
        const called = fieldOf(call, "function");
        const id = textOf(fieldOf(call, "id"));
        const written = jsonText(recordOf(fieldOf(called, "arguments")) ?? {}) ?? NESTED;
        hearer.toolCall({ ...(id && { id }), name: textOf(fieldOf(called, "name")) ?? "", arguments: written });
      }
      if (fieldOf(line, "done") !== true) return;
      thoughts.end();
      hearer.usage(countOf(fieldOf(line, "prompt_eval_count")), countOf(fieldOf(line, "eval_count")));
      hearer.end(fieldOf(line, "done_reason") === "length" ? "length" : "stop");
    },
    // The last line says that it is the last.
    close: () => undefined,
  };
}

/** Ollama's own API, in lines of JSON. */
export const ollama: Dialect = {
  framing: "lines",
  async models(get) {
    const listed = fieldOf(await get({ rest: "api/tags" }), "models");
    if (!Array.isArray(listed)) return undefined;
    // What is installed is told also where it is not known what runs.
    const held = fieldOf(await get({ rest: "api/ps" }).catch(() => undefined), "models");
    const running = Array.isArray(held)
      ? new Map(held.map((entry) => [textOf(fieldOf(entry, "model")) ?? textOf(fieldOf(entry, "name")) ?? "", entry]))
      : undefined;
    return listed.flatMap((entry) => factsOf(entry, running));
  },
  chat({ model, messages, tools, temperature, maxTokens, stop }) {
    const options = {
      ...(temperature !== undefined && { temperature }),
      ...(maxTokens !== undefined && { num_predict: maxTokens }),
      ...(stop.length > 0 && { stop }),
    };
    return {
      rest: "api/chat",
      body: {
        model,
        messages: messages.map(messageOf),
        stream: true,
        ...functionsOf(tools),
        ...(Object.keys(options).length > 0 && { options }),
      },
    };
  },
  reader,
};
