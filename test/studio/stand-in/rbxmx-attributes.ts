import { isUtf8 } from "node:buffer";
import { type Plain, type Property, plainNumber } from "./rbxmx-properties.ts";

/** Attributes by name, and what to say where some could not be read. */
export interface Attributes {
  readonly attributes: Record<string, Property>;
  readonly complaint: string | undefined;
}

/** Little-endian values, one after the other. Reading beyond the end throws a RangeError. */
function cursorOf(bytes: Buffer) {
  let at = 0;
  const step = (size: number) => {
    at += size;
    return at - size;
  };
  const cursor = {
    byte: () => bytes.readUInt8(step(1)),
    short: () => bytes.readUInt16LE(step(2)),
    long: () => bytes.readUInt32LE(step(4)),
    int: () => bytes.readInt32LE(step(4)),
    float: (): Plain => plainNumber(bytes.readFloatLE(step(4))),
    double: (): Plain => plainNumber(bytes.readDoubleLE(step(8))),
    bytes(): Buffer {
      const length = cursor.long();
      const start = step(length);
      if (at > bytes.length) throw new RangeError("the bytes end early");
      return bytes.subarray(start, at);
    },
    text: () => cursor.bytes().toString(),
  };
  return cursor;
}

type Cursor = ReturnType<typeof cursorOf>;

const floats =
  (...names: string[]) =>
  (from: Cursor): Plain =>
    Object.fromEntries(names.map((name) => [name, from.float()]));
const vector2 = floats("X", "Y");

/** Text, or the numbers of bytes that are none. */
function readString(from: Cursor): Plain {
  const bytes = from.bytes();
  return isUtf8(bytes) ? bytes.toString() : [...bytes];
}

function keypoints(from: Cursor, read: () => Plain[]): Plain[] {
  const all: Plain[] = [];
  for (let left = from.long(); left > 0; left--) {
    const envelope = from.float();
    all.push(from.float(), ...read(), envelope);
  }
  return all;
}

/** By type byte. Types without a value here are passed over. */
const TYPES: Readonly<Record<number, [type: string, read: (from: Cursor) => Plain | undefined]>> = {
  2: ["string", readString],
  3: ["bool", (from) => from.byte() !== 0],
  4: ["int", (from) => from.int()],
  5: ["float", (from) => from.float()],
  6: ["double", (from) => from.double()],
  9: ["UDim", (from) => ({ S: from.float(), O: from.int() })],
  10: ["UDim2", (from) => ({ XS: from.float(), XO: from.int(), YS: from.float(), YO: from.int() })],
  14: ["BrickColor", (from) => void from.long()],
  15: ["Color3", floats("R", "G", "B")],
  16: ["Vector2", vector2],
  17: ["Vector3", floats("X", "Y", "Z")],
  20: ["CFrame", passCFrame],
  21: ["EnumItem", (from) => ({ enum: from.text(), value: from.long() })],
  23: ["NumberSequence", (from) => keypoints(from, () => [from.float()])],
  25: ["ColorSequence", (from) => keypoints(from, () => [from.float(), from.float(), from.float()])],
  27: ["NumberRange", (from) => [from.float(), from.float()]],
  28: ["Rect2D", (from) => ({ min: vector2(from), max: vector2(from) })],
  33: ["Font", readFont],
};

/** A position, and nine numbers where the rotation is not one of those that have a number. */
function passCFrame(from: Cursor): undefined {
  for (let axis = 0; axis < 3; axis++) from.float();
  if (from.byte() === 0) for (let cell = 0; cell < 9; cell++) from.float();
}

function readFont(from: Cursor): Plain {
  const [weight, style, family] = [from.short(), from.byte(), from.text()];
  from.text(); // where Studio has kept the file
  return { weight, style: style === 1 ? "Italic" : "Normal", family };
}

/** Reads `AttributesSerialize`. What comes after an unknown type cannot be found, so it is left out. */
export function readAttributes(bytes: Buffer): Attributes {
  const found = new Map<string, Property>();
  const result = (complaint?: string) => ({ attributes: Object.fromEntries(found), complaint });
  if (bytes.length === 0) return result();
  const cursor = cursorOf(bytes);
  const left: string[] = [];
  try {
    for (let count = cursor.long(); count > 0; count--) {
      const name = cursor.text();
      const number = cursor.byte();
      const known = TYPES[number];
      if (known === undefined) return result(`attributes from "${name}" on are left out: type ${number} is not known`);
      const value = known[1](cursor);
      if (value === undefined) left.push(`"${name}" (${known[0]})`);
      else found.set(name, { type: known[0], value });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return result("some attributes are left out: their bytes end early");
  }
  return result(left.length === 0 ? undefined : `attributes without a value here are left out: ${left.join(", ")}`);
}
