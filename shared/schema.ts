/**
 * What an input or an output looks like, as plain data that both runtimes read.
 * The shapes follow JSON Schema, except that a record keeps its required and its optional fields apart:
 * neither runtime then has to list the names of an object to build a schema.
 */
export type Schema = TextSchema | IntegerSchema | NumberSchema | FlagSchema | ListSchema | RecordSchema | AnySchema;

/** A string. Its length is counted in bytes of UTF-8, which both runtimes can count. */
interface TextSchema {
  readonly type: "string";
  readonly maxBytes: number;
  readonly choices?: readonly string[];
}

interface IntegerSchema {
  readonly type: "integer";
  readonly minimum: number;
  readonly maximum: number;
}

/** With a fraction or without. */
interface NumberSchema {
  readonly type: "number";
  readonly minimum: number;
  readonly maximum: number;
}

interface FlagSchema {
  readonly type: "boolean";
}

interface ListSchema {
  readonly type: "array";
  readonly items: Schema;
  readonly maxItems: number;
}

/** Whatever JSON there is, but not nothing: another schema is for it. */
interface AnySchema {
  readonly type: "any";
}

export interface Fields {
  readonly [name: string]: Schema;
}

export interface RecordSchema {
  readonly type: "object";
  readonly required: Fields;
  readonly optional: Fields;
}

type Flat<T> = { [K in keyof T]: T[K] };

/** The TypeScript type of the values that a schema admits. */
export type Infer<S> = S extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : S extends { readonly type: "string" }
    ? string
    : S extends { readonly type: "integer" | "number" }
      ? number
      : S extends { readonly type: "boolean" }
        ? boolean
        : S extends { readonly type: "any" }
          ? unknown
          : S extends { readonly type: "array"; readonly items: infer Item }
            ? Infer<Item>[]
            : S extends { readonly required: infer Required; readonly optional: infer Optional }
              ? Flat<
                  { -readonly [K in keyof Required]: Infer<Required[K]> } & {
                    -readonly [K in keyof Optional]?: Infer<Optional[K]>;
                  }
                >
              : never;

export function text(maxBytes: number) {
  return { type: "string" as const, maxBytes };
}

export function choice<const Choices extends readonly string[]>(...choices: Choices) {
  return { type: "string" as const, maxBytes: 64, choices };
}

export function integer(minimum: number, maximum: number) {
  return { type: "integer" as const, minimum, maximum };
}

export function number(minimum: number, maximum: number) {
  return { type: "number" as const, minimum, maximum };
}

export function flag() {
  return { type: "boolean" as const };
}

export function anything() {
  return { type: "any" as const };
}

export function list<S extends Schema>(items: S, maxItems: number) {
  return { type: "array" as const, items, maxItems };
}

// biome-ignore lint/complexity/noBannedTypes: {} is "no optional fields", and the mapped type needs exactly that
export function record<Required extends Fields, Optional extends Fields = {}>(
  required: Required,
  optional = {} as Optional,
) {
  return { type: "object" as const, required, optional };
}
