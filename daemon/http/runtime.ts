import type { Kind, Runtime } from "../../shared/check.js";

function kindOf(value: unknown): Kind {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "empty" : "list";
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return Number.isFinite(value) ? "number" : "other";
    case "boolean":
      return "boolean";
    case "object":
      return Object.keys(value).length === 0 ? "empty" : "record";
    default:
      return "other";
  }
}

/** How Node answers what shared/check.ts asks. */
export const runtime: Runtime = {
  kindOf,
  byteCount: (value) => Buffer.byteLength(value),
  namesOf: (value) => Object.keys(value),
  has: (value, name) => Object.hasOwn(value, name),
  unknownFields: "refuse",
};
