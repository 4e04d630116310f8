import type { DialectName } from "../../upstream/upstream.js";
import type { Dialect } from "../dialect.js";
import { anthropic } from "./anthropic.js";
import { createGemini } from "./gemini.js";
import { ollama } from "./ollama.js";
import { openai } from "./openai.js";

export type Dialects = { readonly [name in DialectName]: Dialect };

/** Every way to speak to model servers. */
export function createDialects(): Dialects {
  return { ollama, openai, anthropic, gemini: createGemini() };
}
