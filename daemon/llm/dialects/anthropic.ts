import type { Dialect } from "../dialect.js";
import { openai } from "./openai.js";

export const anthropic: Dialect = openai;
