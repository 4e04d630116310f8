import type { Kind, Runtime } from "../../../shared/check.js";

/** What shared/check.ts asks of Luau. Unknown fields are ignored, so that a newer daemon may say more. */
export const LUAU_RUNTIME: Runtime = {
  kindOf(value): Kind {
    if (typeIs(value, "string")) return "string";
    if (typeIs(value, "number")) return "number";
    if (typeIs(value, "boolean")) return "boolean";
    if (value === undefined) return "nothing";
    if (!typeIs(value, "table")) return "other";
    const items = value as readonly defined[];
    if (!items.isEmpty()) return "list";
    return next(value as ReadonlyMap<defined, defined>)[0] === undefined ? "empty" : "record";
  },
  byteCount(value) {
    return value.size();
  },
  namesOf(value) {
    const names: string[] = [];
    for (const [name] of pairs(value as { readonly [name: string]: defined })) names.push(name as string);
    return names;
  },
  has(value, name) {
    return (value as { readonly [name: string]: unknown })[name] !== undefined;
  },
  unknownFields: "ignore",
};
