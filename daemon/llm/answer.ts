import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { callIdOf } from "./call-id.js";
import { clip } from "./clip.js";
import type { Hearer, Question, Reason, Tool } from "./dialect.js";
import { jsonOf, recordOf } from "./loose.js";
import type { ChatEvent } from "./outgoing.js";
import { schemaMisfit } from "./tool-schema.js";

/** Of why a call cannot be carried out. */
const REASON_BYTES = 1024;

/** Whether a text ends between the two halves of a character. */
function isCut(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** Why a call cannot be carried out, or undefined. */
function invalidity(tools: readonly Tool[], name: string, written: string): string | undefined {
  const tool = tools.find((offered) => offered.name === name);
  if (tool === undefined) return `there is no tool named ${JSON.stringify(name)}`;
  const value = recordOf(jsonOf(written));
  if (value === undefined) return "the arguments are not a JSON object";
  return schemaMisfit(tool.parameters, value);
}

/**
 * What a provider answers as events of the contract.
 * @param asked the model, and the tools that were offered. @param onEnd told once the answer is whole.
 */
export function answerOf(
  asked: Pick<Question, "model" | "tools">,
  put: (event: ChatEvent) => void,
  onEnd: () => void,
): Hearer {
  let hasBegun = false;
  let cut: { readonly type: "text" | "reasoning"; readonly text: string } | undefined;
  let calls = 0;
  let usage: ChatEvent | undefined;
  let hasEnded = false;

  function told(type: "text" | "reasoning", text: string): void {
    // A half that its other half did not follow is no character.
    if (text !== "") put({ type, text: text.isWellFormed() ? text : text.toWellFormed() });
  }

  function release(): void {
    if (cut !== undefined) told(cut.type, cut.text);
    cut = undefined;
  }

  function write(type: "text" | "reasoning", piece: string): void {
    if (cut !== undefined && cut.type !== type) release();
    const text = cut === undefined ? piece : cut.text + piece;
    cut = isCut(text) ? { type, text: text.slice(-1) } : undefined;
    told(type, cut === undefined ? text : text.slice(0, -1));
  }

  return {
    start(model) {
      if (hasBegun) return;
      hasBegun = true;
      put({ type: "start", model: clip(model || asked.model, 512) });
    },
    text: (text) => write("text", text),
    reasoning: (text) => write("reasoning", text),
    toolCall({ id, name, arguments: written }) {
      release();
      calls += 1;
      if (calls > LIMITS.chatTools) fail("too-large", `The model made more than ${LIMITS.chatTools} calls at once.`);
      const invalid = invalidity(asked.tools, name, written);
      put({
        type: "tool-call",
        id: callIdOf(id),
        name: clip(name, 128),
        arguments: written.toWellFormed(),
        ...(invalid !== undefined && { invalid: clip(invalid, REASON_BYTES) }),
      });
    },
    usage(inputTokens, outputTokens) {
      if (inputTokens === undefined && outputTokens === undefined) return;
      usage = {
        type: "usage",
        ...(inputTokens !== undefined && { inputTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
      };
    },
    end(reason: Reason) {
      if (hasEnded) return;
      hasEnded = true;
      release();
      if (usage !== undefined) put(usage);
      put({ type: "end", reason: reason === "stop" && calls > 0 ? "tool-calls" : reason });
      onEnd();
    },
  };
}
