import type { DialectName } from "../../upstream/upstream.js";
import type { Dialect } from "../dialect.js";
import { anthropic } from "./anthropic.js";
import { gemini } from "./gemini.js";
import { ollama } from "./ollama.js";
import { openai } from "./openai.js";

/** Every way to speak to model servers. */
export const DIALECTS: { readonly [name in DialectName]: Dialect } = { ollama, openai, anthropic, gemini };
