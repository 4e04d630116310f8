import { expect, test } from "vitest";
import { createJsonBytes, createSpare } from "../../daemon/json-bytes.js";

const TEXTS = [
  "",
  "plain",
  'quotes " and \\ backslashes',
  "\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f",
  "\u0080\u009f\u00a0\u00e9\u00ff",
  "π ≈ 3.14159, 名前, \u2028\u2029",
  "emoji 🎮👩‍💻 and a byte order mark \ufeff",
  "x".repeat(200_000),
  "é🎮\n".repeat(1_000_000),
];

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

test.each(TEXTS)("text given as bytes comes out as the text it is: %.40j", (text) => {
  const json = createJsonBytes(createSpare());
  json.add('{"text":');
  json.addText(Buffer.from(text));
  json.add("}");
  expect(JSON.parse(textOf(json.end().bytes))).toEqual({ text });
});

test("values and punctuation come out as they are, between texts and around them", () => {
  const json = createJsonBytes(createSpare());
  json.add("[");
  json.addValue({ 名前: [1, "käse", true] });
  json.add(",");
  json.addText(Buffer.from("🎮"));
  json.add(",");
  json.addValue("ü");
  json.add("]");
  expect(textOf(json.end().bytes)).toBe('[{"名前":[1,"käse",true]},"🎮","ü"]');
});
