import type { Value } from "./node.ts";

/** Kinds of values, as luau/feed-wire.luau numbers them. */
const KINDS = ["nil", "false", "true", "number", "string", "UDim", "UDim2", "Vector2", "Color3", "Font"] as const;
const FAMILY = /([^/]*?)(?:\.json)?$/;

/** Reads little-endian numbers, texts and property values one after the other. */
export function createReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const reader = {
    get ended() {
      return at >= bytes.length;
    },
    byte: () => view.getUint8(at++),
    short: () => {
      at += 2;
      return view.getUint16(at - 2, true);
    },
    long: () => {
      at += 4;
      return view.getUint32(at - 4, true);
    },
    number: () => {
      at += 8;
      return view.getFloat64(at - 8, true);
    },
    text: () => {
      const length = reader.long();
      at += length;
      return Buffer.from(bytes.buffer, bytes.byteOffset + at - length, length).toString();
    },
    value: (): Value => {
      const kind = KINDS[reader.byte()];
      switch (kind) {
        case "nil":
          return undefined;
        case "false":
          return false;
        case "true":
          return true;
        case "number":
          return reader.number();
        case "string":
          return reader.text();
        case "UDim":
          return { scale: reader.number(), offset: reader.number() };
        case "UDim2":
          return {
            x: { scale: reader.number(), offset: reader.number() },
            y: { scale: reader.number(), offset: reader.number() },
          };
        case "Vector2":
          return { x: reader.number(), y: reader.number() };
        case "Color3":
          return reader.long();
        case "Font": {
          const family = FAMILY.exec(reader.text())?.[1] ?? "";
          return { family, weight: reader.short(), italic: reader.byte() === 1 };
        }
        default:
          throw new Error("the screen's feed: a value of no known kind");
      }
    },
  };
  return reader;
}
