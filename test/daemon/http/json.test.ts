import { expect, test } from "vitest";
import { encodeJson } from "../../../daemon/http/json.js";
import { Utf8 } from "../../../daemon/utf8.js";

const TEXTS = [
  "",
  "plain",
  'quotes " and \\ backslashes',
  "\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f",
  "\u0080\u009f\u00a0\u00e9\u00ff",
  "π ≈ 3.14159, 名前, \u2028\u2029",
  "emoji 🎮👩‍💻 and a byte order mark \ufeff",
  "x".repeat(200_000),
  "é🎮\n".repeat(50_000),
];

const parse = (value: unknown) => JSON.parse(Buffer.from(encodeJson(value).bytes).toString("utf8"));

test.each(TEXTS)("text of bytes comes out as the text it is: %j", (text) => {
  expect(parse({ text: new Utf8(Buffer.from(text)) })).toEqual({ text });
});

test.each([
  {},
  [],
  { a: [], b: {}, c: [1, [2, { d: [3] }]], e: true, f: -0.5, g: 2 ** 53 - 1 },
  { '名前 "x"': "käse", "": ["🎮"] },
  "a string",
  7,
])("anything else comes out as JSON.stringify has it: %j", (value) => {
  expect(Buffer.from(encodeJson(value).bytes).toString("utf8")).toBe(JSON.stringify(value));
});

test("a field that is undefined is absent, the first one too", () => {
  expect(parse({ a: undefined, b: 1, c: undefined })).toEqual({ b: 1 });
});
