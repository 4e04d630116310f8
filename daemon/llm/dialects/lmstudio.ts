import type { ModelFacts } from "../dialect.js";
import { countOf, fieldOf, listOf, textOf } from "../loose.js";

/** How LM Studio signs the models it lists in OpenAI's form. */
export const LM_STUDIO = "organization_owner";

/** What LM Studio's own list (api/v0/models) says of its models, by name; undefined for one that does not answer. */
export function lmStudioFacts(listed: unknown): Map<string, Omit<ModelFacts, "name"> | undefined> {
  return new Map(
    listOf(fieldOf(listed, "data")).map((entry) => {
      const kind = textOf(fieldOf(entry, "type"));
      const state = textOf(fieldOf(entry, "state"));
      const context = countOf(fieldOf(entry, "loaded_context_length")) ?? countOf(fieldOf(entry, "max_context_length"));
      const can = fieldOf(entry, "capabilities");
      const facts = {
        ...(context !== undefined && { contextTokens: context }),
        ...(state !== undefined && { running: state === "loaded" }),
        ...(kind !== undefined && { images: kind === "vlm" }),
        ...(Array.isArray(can) && { tools: can.includes("tool_use") }),
      };
      return [textOf(fieldOf(entry, "id")) ?? "", kind === "embeddings" ? undefined : facts] as const;
    }),
  );
}
