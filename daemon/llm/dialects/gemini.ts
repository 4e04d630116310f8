import type { Dialect } from "../dialect.js";
import { openai } from "./openai.js";

export const gemini: Dialect = openai;
