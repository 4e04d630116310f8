import type { FromPage } from "./screen/protocol.ts";

type Kind = "number" | "string" | "boolean" | "numbers" | "button" | "pair" | "held";

const POINTER = ["move", "down", "up", "wheel", "leave"];

/** The fields of each message, as screen/protocol.ts has them. */
const FIELDS: Readonly<Record<FromPage["kind"], Readonly<Record<string, Kind | readonly string[]>>>> = {
  hello: { key: "string" },
  pointer: {
    type: POINTER,
    widget: "number",
    x: "number",
    y: "number",
    under: "numbers",
    button: "button",
    clicks: "number",
    wheel: "pair",
    held: "held",
  },
  key: { type: ["down", "up"], widget: "number", code: "string", held: "held" },
  type: { number: "number", id: "number", text: "string", start: "number", end: "number" },
  blur: { id: "number", enter: "boolean" },
  scroll: { id: "number", x: "number", y: "number" },
  resize: { widget: "number", width: "number", height: "number" },
  toolbar: { id: "number" },
  "close-widget": { id: "number" },
  expand: { id: "number", expanded: "boolean" },
  select: { ids: "numbers" },
  open: { id: "number" },
  "show-document": { id: "number" },
  caret: { id: "number", line: "number", character: "number", anchorLine: "number", anchorCharacter: "number" },
  "close-document": { id: "number" },
  edit: { number: "number", id: "number", text: "string" },
  undo: {},
  redo: {},
  theme: { theme: ["Light", "Dark"] },
  restart: {},
};
const HELD = ["shift", "ctrl", "alt", "meta"];

const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);

function fits(value: unknown, wanted: Kind | readonly string[]): boolean {
  if (typeof wanted !== "string") return typeof value === "string" && wanted.includes(value);
  if (wanted === "number") return isNumber(value);
  if (wanted === "numbers") return Array.isArray(value) && value.every(isNumber);
  if (wanted === "button") return value === 0 || value === 1 || value === 2;
  if (wanted === "pair") return fits(value, "numbers") && (value as unknown[]).length === 2;
  if (wanted !== "held") return typeof value === wanted;
  return (
    typeof value === "object" && value !== null && HELD.every((key) => typeof Reflect.get(value, key) === "boolean")
  );
}

/** What a page says, or undefined where it is nothing that our page would say. */
export function pageMessage(text: string): FromPage | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== "object" || said === null) return undefined;
  const { kind } = said as { kind?: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind)) return undefined;
  const fields = Object.entries(FIELDS[kind as FromPage["kind"]]);
  return fields.every(([name, wanted]) => fits(Reflect.get(said, name), wanted)) ? (said as FromPage) : undefined;
}
