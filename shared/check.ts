import type { Schema } from "./schema.js";

/** What a value is. An empty table of Luau is both a list and a record, and so is `[]` or `{}` on this wire: "empty". */
export type Kind = "string" | "number" | "boolean" | "list" | "record" | "empty" | "nothing" | "other";

/** What TypeScript cannot ask in both languages; each side passes its own answers in. */
export interface Runtime {
  kindOf(value: unknown): Kind;
  /** Bytes of a string in UTF-8. */
  byteCount(value: string): number;
  /** The own names of a record; nothing inherited. */
  namesOf(value: object): readonly string[];
  /** Whether a record has a name itself. */
  has(value: object, name: string): boolean;
  /** The daemon refuses a field that the schema does not know; the plugin ignores it, so that a newer daemon may say more. */
  readonly unknownFields: "refuse" | "ignore";
}

/**
 * Where a value breaks its schema, as one sentence ("depth: must be at most 64"), or undefined where it fits.
 * Total: no value makes it throw, and it looks no deeper than the schema does.
 */
export function misfit(runtime: Runtime, schema: Schema, value: unknown, at = "input"): string | undefined {
  const kind = runtime.kindOf(value);
  if (schema.type === "string") {
    if (kind !== "string") return `${at}: must be a string`;
    const content = value as string;
    if (schema.choices !== undefined && !schema.choices.includes(content)) {
      return `${at}: must be one of ${schema.choices.join(", ")}`;
    }
    return runtime.byteCount(content) > schema.maxBytes ? `${at}: longer than ${schema.maxBytes} bytes` : undefined;
  }
  if (schema.type === "integer" || schema.type === "number") {
    const asked = schema.type === "integer" ? "a whole number" : "a number";
    if (kind !== "number") return `${at}: must be ${asked}`;
    const amount = value as number;
    if (schema.type === "integer" && amount % 1 !== 0) return `${at}: must be ${asked}`;
    // Written so that what is no number at all does not pass.
    if (!(amount >= schema.minimum)) return `${at}: must be at least ${schema.minimum}`;
    return amount > schema.maximum ? `${at}: must be at most ${schema.maximum}` : undefined;
  }
  if (schema.type === "boolean") {
    return kind === "boolean" ? undefined : `${at}: must be true or false`;
  }
  if (schema.type === "any") {
    return kind === "nothing" ? `${at}: must not be null` : undefined;
  }
  if (schema.type === "array") {
    if (kind === "empty") return undefined;
    if (kind !== "list") return `${at}: must be a list`;
    let count = 0;
    for (const item of value as unknown[]) {
      if (count === schema.maxItems) return `${at}: more than ${schema.maxItems} items`;
      const wrong = misfit(runtime, schema.items, item, `${at}[${count}]`);
      if (wrong !== undefined) return wrong;
      count += 1;
    }
    return undefined;
  }
  if (kind !== "record" && kind !== "empty") return `${at}: must be an object`;
  const fields = value as { readonly [name: string]: unknown };
  for (const name of runtime.namesOf(schema.required)) {
    if (!runtime.has(fields, name)) return `${at}: ${name} is missing`;
    const wrong = misfit(runtime, schema.required[name] as Schema, fields[name], name);
    if (wrong !== undefined) return wrong;
  }
  for (const name of runtime.namesOf(schema.optional)) {
    if (!runtime.has(fields, name)) continue;
    const wrong = misfit(runtime, schema.optional[name] as Schema, fields[name], name);
    if (wrong !== undefined) return wrong;
  }
  if (runtime.unknownFields === "refuse") {
    for (const name of runtime.namesOf(fields)) {
      const isKnown = runtime.has(schema.required, name) || runtime.has(schema.optional, name);
      if (!isKnown) return `${at}: unknown field ${name}`;
    }
  }
  return undefined;
}
