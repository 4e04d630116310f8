import type { Tool } from "../dialect.js";

/** Tools as OpenAI's and Ollama's requests have them; nothing where there are none. */
export function functionsOf(tools: readonly Tool[]): { readonly tools?: readonly object[] } {
  if (tools.length === 0) return {};
  return { tools: tools.map((tool) => ({ type: "function", function: tool })) };
}
