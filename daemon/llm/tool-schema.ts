import { isDeepStrictEqual } from "node:util";
import { countOf, fieldOf, jsonText, listOf, NESTED, recordOf, textOf } from "./loose.js";

type Json = { readonly [name: string]: unknown };
/** What does not fit, in words; they are made of no more than the one that is told. */
type Misfit = () => string;

/** Deeper than this nothing is looked at: what is there fits. */
const MOST_DEPTH = 32;
/** Steps of one check; a schema that refers to itself in many ways would take more than anybody wants to wait for. */
const MOST_STEPS = 20_000;
/** Of a text or a list, what is looked through in the time of a step. */
const STEP_LENGTH = 64;
const SHOWN = 200;

function lengthOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : 0;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

const TYPES = ["null", "boolean", "string", "integer", "number", "array", "object"];

function isOfType(value: unknown, type: unknown): boolean {
  const own = typeOf(value);
  // Gemini's writing has them in capitals.
  const asked = textOf(type)?.toLowerCase() ?? "";
  return own === asked || (own === "integer" && asked === "number") || !TYPES.includes(asked);
}

function shown(value: unknown): string {
  return (jsonText(value) ?? NESTED).slice(0, SHOWN);
}

/**
 * Where a value does not fit a JSON Schema, as one sentence, or undefined where it does. Of the language it knows what
 * tools are described with: types, properties, items, required, enum, const, bounds, anyOf, oneOf, allOf, $ref within
 * the schema. What it does not know, patterns above all, asks for nothing. It never fails.
 */
export function schemaMisfit(schema: object, value: unknown): string | undefined {
  let steps = 0;

  function resolve(reference: string): unknown {
    const parts = reference.split("/").slice(1);
    let found: unknown = reference.startsWith("#") ? schema : undefined;
    for (const part of parts) found = fieldOf(found, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    return found;
  }

  function check(given: unknown, at: unknown, place: string, depth: number): Misfit | undefined {
    if (at === false) return () => `${place} is not wanted`;
    const rules = recordOf(at);
    const looked = [given, rules?.["$ref"], rules?.["enum"], rules?.["required"]];
    steps += 1 + looked.reduce((sum: number, one) => sum + lengthOf(one), 0) / STEP_LENGTH;
    if (rules === undefined || depth > MOST_DEPTH || steps > MOST_STEPS) return undefined;
    const reference = textOf(rules["$ref"]);
    return (
      (reference === undefined ? undefined : check(given, resolve(reference), place, depth + 1)) ??
      checkKind(given, rules, place) ??
      checkBounds(given, rules, place) ??
      checkChoices(given, rules, place, depth) ??
      (Array.isArray(given) ? checkItems(given, rules, place, depth) : undefined) ??
      checkProperties(recordOf(given), rules, place, depth)
    );
  }

  function checkChoices(given: unknown, rules: Json, place: string, depth: number): Misfit | undefined {
    for (const rule of listOf(rules["allOf"])) {
      const wrong = check(given, rule, place, depth + 1);
      if (wrong !== undefined) return wrong;
    }
    for (const name of ["anyOf", "oneOf"]) {
      const ways = listOf(rules[name]);
      const wrongs = ways.map((way) => check(given, way, place, depth + 1));
      if (ways.length > 0 && !wrongs.includes(undefined)) {
        return () => `${place} fits none of its forms: ${wrongs[0]?.()}`;
      }
    }
    return undefined;
  }

  function checkItems(given: readonly unknown[], rules: Json, place: string, depth: number): Misfit | undefined {
    const first = listOf(rules["prefixItems"]);
    for (const [index, item] of given.entries()) {
      const wrong = check(item, first[index] ?? rules["items"], `${place}[${index}]`, depth + 1);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  function checkProperties(given: Json | undefined, rules: Json, place: string, depth: number): Misfit | undefined {
    if (given === undefined) return undefined;
    for (const name of listOf(rules["required"])) {
      if (typeof name === "string" && !Object.hasOwn(given, name)) return () => `${place}: ${name} is missing`;
    }
    const known = recordOf(rules["properties"]) ?? {};
    for (const [name, inner] of Object.entries(given)) {
      const own = Object.hasOwn(known, name) ? known[name] : rules["additionalProperties"];
      const wrong = check(inner, own, place === ROOT ? name : `${place}.${name}`, depth + 1);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  return check(value, schema, ROOT, 0)?.();
}

const ROOT = "the arguments";

function checkKind(given: unknown, rules: Json, place: string): Misfit | undefined {
  const { type } = rules;
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const isNullable = rules["nullable"] === true && given === null;
  if (types.length > 0 && !isNullable && !types.some((one) => isOfType(given, one))) {
    return () => `${place} must be ${types.join(" or ")}, not ${shown(given)}`;
  }
  const choices = rules["enum"];
  if (Array.isArray(choices) && !isNullable && !choices.some((one) => isDeepStrictEqual(one, given))) {
    return () => `${place} must be one of ${shown(choices)}, not ${shown(given)}`;
  }
  if (Object.hasOwn(rules, "const") && !isDeepStrictEqual(rules["const"], given)) {
    return () => `${place} must be ${shown(rules["const"])}`;
  }
  return undefined;
}

const SIZES = [
  ["minLength", "maxLength", "letters"],
  ["minItems", "maxItems", "items"],
] as const;

function checkBounds(given: unknown, rules: Json, place: string): Misfit | undefined {
  if (typeof given === "number") return checkNumber(given, rules, place);
  const size = typeof given === "string" ? [...given].length : Array.isArray(given) ? given.length : undefined;
  if (size === undefined) return undefined;
  const [least, most, unit] = SIZES[typeof given === "string" ? 0 : 1];
  if (size < (countOf(rules[least]) ?? 0)) return () => `${place} must have at least ${rules[least]} ${unit}`;
  if (size > (countOf(rules[most]) ?? Number.POSITIVE_INFINITY)) {
    return () => `${place} must have at most ${rules[most]} ${unit}`;
  }
  return undefined;
}

function checkNumber(given: number, rules: Json, place: string): Misfit | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rules;
  if (typeof minimum === "number" && given < minimum) return () => `${place} must be at least ${minimum}`;
  if (typeof maximum === "number" && given > maximum) return () => `${place} must be at most ${maximum}`;
  if (typeof exclusiveMinimum === "number" && given <= exclusiveMinimum) {
    return () => `${place} must be more than ${exclusiveMinimum}`;
  }
  if (typeof exclusiveMaximum === "number" && given >= exclusiveMaximum) {
    return () => `${place} must be less than ${exclusiveMaximum}`;
  }
  return undefined;
}
