import { LIMITS } from "../../../shared/protocol.js";
import { callIdOf } from "../call-id.js";
import type { Dialect, Hearer, ModelFacts, Question, Reader, Reason, Said } from "../dialect.js";
import { countOf, fieldOf, jsonOf, jsonText, listOf, NESTED, recordOf, textOf } from "../loose.js";
import { restBelow } from "../rest-below.js";
import type { Complain } from "../trouble.js";
import { createSignatures, type Signatures } from "./signatures.js";
import { inTurns } from "./turns.js";

const REASONS = new Map<string, Reason>([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
]);
const REFUSED = /SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED|SPII|ARMOR/;
/** From the third generation on a call of a tool is refused that comes back without its signature. */
const SIGNED = /gemini-(?:[3-9]|\d\d)/;
/** Of the name of a model that thinks; a longer one cannot be asked. */
const NAME_LETTERS = 512;
/** In place of one that is not known any more, as Google's documentation has it. */
const NO_SIGNATURE = "skip_thought_signature_validator";

function textParts(text: string): object[] {
  return text === "" ? [] : [{ text }];
}

function partsOf(said: Said, model: string, signatures: Signatures): object[] {
  switch (said.role) {
    case "system":
      return [];
    case "user": {
      const images = said.images.map(({ type, base64 }) => ({ inlineData: { mimeType: type, data: base64 } }));
      return [...images, ...textParts(said.text)];
    }
    case "assistant": {
      const calls = said.toolCalls.map(({ id, name, arguments: written }, index) => {
        const signature = signatures.get(id) ?? (index === 0 && SIGNED.test(model) ? NO_SIGNATURE : undefined);
        return {
          functionCall: { id, name, args: jsonOf(written) },
          ...(signature !== undefined && { thoughtSignature: signature }),
        };
      });
      return [...textParts(said.text), ...calls];
    }
    case "tool":
      return [{ functionResponse: { id: said.callId, name: said.name, response: { result: said.text } } }];
  }
}

/** The path of a model; its own name has the kind of model only where that is not the usual one. */
function pathOf(model: string): string {
  const named = model.includes("/") ? model : `models/${model}`;
  return named.split("/").map(encodeURIComponent).join("/");
}

function factsOf(entry: unknown): ModelFacts[] {
  const name = textOf(fieldOf(entry, "name"))?.replace(/^models\//, "");
  const methods = listOf(fieldOf(entry, "supportedGenerationMethods"));
  if (name === undefined || !methods.includes("generateContent")) return [];
  const contextTokens = countOf(fieldOf(entry, "inputTokenLimit"));
  return [{ name, ...(contextTokens !== undefined && { contextTokens }) }];
}

function readerOf(hearer: Hearer, complain: Complain, signatures: Signatures): Reader {
  let reason: Reason | undefined;

  function takeCall(call: unknown, signature: string | undefined): void {
    const id = callIdOf(textOf(fieldOf(call, "id")));
    if (signature !== undefined) signatures.put(id, signature);
    const written = jsonText(recordOf(fieldOf(call, "args")) ?? {}) ?? NESTED;
    hearer.toolCall({ id, name: textOf(fieldOf(call, "name")) ?? "", arguments: written });
  }

  function takePart(part: unknown): void {
    const text = textOf(fieldOf(part, "text"));
    if (text && fieldOf(part, "thought") === true) hearer.reasoning(text);
    else if (text) hearer.text(text);
    const call = fieldOf(part, "functionCall");
    if (call !== undefined) takeCall(call, textOf(fieldOf(part, "thoughtSignature")));
  }

  function finish(named: string, message: string | undefined): void {
    reason = REASONS.get(named) ?? (REFUSED.test(named) ? "refused" : undefined);
    if (reason === undefined) complain({ message: message ?? `it ended with ${named}`, kind: named });
  }

  return {
    take(message) {
      const candidate = listOf(fieldOf(message, "candidates"))[0];
      const blocked = textOf(fieldOf(fieldOf(message, "promptFeedback"), "blockReason"));
      if (candidate !== undefined || blocked !== undefined) {
        hearer.start(textOf(fieldOf(message, "modelVersion")) ?? "");
      }
      for (const part of listOf(fieldOf(fieldOf(candidate, "content"), "parts"))) takePart(part);
      const usage = recordOf(fieldOf(message, "usageMetadata"));
      if (usage !== undefined) {
        const output = ["candidatesTokenCount", "thoughtsTokenCount"].map((name) => countOf(usage[name]));
        const isTold = output.some((count) => count !== undefined);
        hearer.usage(countOf(usage["promptTokenCount"]), isTold ? (output[0] ?? 0) + (output[1] ?? 0) : undefined);
      }
      const finished = textOf(fieldOf(candidate, "finishReason"));
      if (finished !== undefined) finish(finished, textOf(fieldOf(candidate, "finishMessage")));
      else if (blocked !== undefined) reason = "refused";
    },
    close() {
      if (reason !== undefined) hearer.end(reason);
    },
  };
}

/** Gemini's streamGenerateContent. It keeps what the models of its answers expect to be told again. */
export function createGemini(): Dialect {
  const signatures = createSignatures();
  /** The models that say that they think; only these may be asked for their thoughts. */
  const thinking = new Set<string>();

  function note(name: string): void {
    thinking.delete(name);
    thinking.add(name.slice(0, NAME_LETTERS));
    for (const oldest of thinking) {
      if (thinking.size <= LIMITS.models) break;
      thinking.delete(oldest);
    }
  }

  function configOf({ model, temperature, maxTokens, stop }: Question): object {
    return {
      ...(temperature !== undefined && { temperature }),
      ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
      ...(stop.length > 0 && { stopSequences: stop }),
      ...(thinking.has(model) && { thinkingConfig: { includeThoughts: true } }),
    };
  }

  return {
    framing: "events",
    async models(get, basePath) {
      const listed = fieldOf(await get({ rest: restBelow(basePath, "v1beta/models?pageSize=1000") }), "models");
      if (!Array.isArray(listed)) return undefined;
      for (const entry of listed) {
        if (fieldOf(entry, "thinking") === true) for (const { name } of factsOf(entry)) note(name);
      }
      return listed.flatMap(factsOf);
    },
    chat(question, basePath) {
      const { model, messages, tools } = question;
      const system = messages.flatMap((said) => (said.role === "system" ? textParts(said.text) : []));
      return {
        rest: restBelow(basePath, `v1beta/${pathOf(model)}:streamGenerateContent?alt=sse`),
        body: {
          contents: inTurns(messages, (said) => partsOf(said, model, signatures)).map(({ isModel, parts }) => ({
            role: isModel ? "model" : "user",
            parts,
          })),
          ...(system.length > 0 && { systemInstruction: { parts: system } }),
          ...(tools.length > 0 && {
            tools: [
              {
                functionDeclarations: tools.map(({ name, description, parameters }) => ({
                  name,
                  description,
                  parametersJsonSchema: parameters,
                })),
              },
            ],
          }),
          generationConfig: configOf(question),
        },
      };
    },
    reader: (hearer, complain) => readerOf(hearer, complain, signatures),
  };
}
