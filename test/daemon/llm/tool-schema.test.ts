import { expect, test } from "vitest";
import { schemaMisfit } from "../../../daemon/llm/tool-schema.js";

const EDIT = {
  type: "object",
  properties: {
    path: { type: "string", minLength: 1 },
    mode: { enum: ["add", "replace"] },
    line: { type: "integer", minimum: 1 },
    ratio: { type: "number", exclusiveMaximum: 1 },
    tags: { type: "array", items: { type: "string" }, maxItems: 2 },
    place: {
      type: "object",
      properties: { x: { type: "number" }, label: { type: ["string", "null"] } },
      required: ["x"],
      additionalProperties: false,
    },
    either: { anyOf: [{ type: "string" }, { $ref: "#/$defs/point" }] },
  },
  required: ["path"],
  $defs: { point: { type: "object", properties: { x: { type: "number" } }, required: ["x"] } },
};

test.each([
  [{ path: "a" }],
  [{ path: "a", mode: "add", line: 1, ratio: 0.5, tags: ["x"], place: { x: 1, label: null }, unknown: true }],
  [{ path: "a", either: "text" }],
  [{ path: "a", either: { x: 1 } }],
  [{ path: "ü" }],
])("%j fits", (value) => expect(schemaMisfit(EDIT, value)).toBeUndefined());

test.each([
  [{}, "the arguments: path is missing"],
  [{ path: 1 }, "path must be string, not 1"],
  [{ path: "" }, "path must have at least 1 letters"],
  [{ path: "a", mode: "move" }, 'mode must be one of ["add","replace"], not "move"'],
  [{ path: "a", line: 1.5 }, "line must be integer, not 1.5"],
  [{ path: "a", line: 0 }, "line must be at least 1"],
  [{ path: "a", ratio: 1 }, "ratio must be less than 1"],
  [{ path: "a", tags: "x" }, 'tags must be array, not "x"'],
  [{ path: "a", tags: ["x", 2] }, "tags[1] must be string, not 2"],
  [{ path: "a", tags: ["x", "y", "z"] }, "tags must have at most 2 items"],
  [{ path: "a", place: {} }, "place: x is missing"],
  [{ path: "a", place: { x: 1, y: 2 } }, "place.y is not wanted"],
  [{ path: "a", place: { x: 1, label: 7 } }, "place.label must be string or null, not 7"],
  [{ path: "a", either: 7 }, "either fits none of its forms: either must be string, not 7"],
  [{ path: "a", either: {} }, "either fits none of its forms: either must be string, not {}"],
] as const)("%j: %s", (value, wrong) => expect(schemaMisfit(EDIT, value)).toBe(wrong));

test("what a value inherits is not there", () => {
  expect(schemaMisfit({ required: ["constructor"] }, {})).toBe("the arguments: constructor is missing");
  expect(schemaMisfit({ properties: {}, additionalProperties: false }, JSON.parse('{"__proto__": 1}'))).toBe(
    "__proto__ is not wanted",
  );
});

test("the other words: const, oneOf, allOf, prefixItems, capitals, nullable", () => {
  expect(schemaMisfit({ const: { a: [1] } }, { a: [2] })).toBe('the arguments must be {"a":[1]}');
  expect(schemaMisfit({ allOf: [{ required: ["a"] }, { required: ["b"] }] }, { a: 1 })).toBe(
    "the arguments: b is missing",
  );
  expect(schemaMisfit({ oneOf: [{ required: ["a"] }] }, {})).toMatch(/none of its forms/);
  expect(
    schemaMisfit({ properties: { a: { prefixItems: [{ type: "string" }], items: false } } }, { a: ["x", 1] }),
  ).toBe("a[1] is not wanted");
  expect(
    schemaMisfit({ type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } }, { a: null }),
  ).toBeUndefined();
});

test("a schema that is nonsense, or refers to itself for ever, asks for nothing", () => {
  const endless = { $ref: "#" };
  const bush = { anyOf: [{ $ref: "#" }, { $ref: "#" }, { $ref: "#" }] };
  for (const schema of [
    endless,
    bush,
    { type: 7 },
    { properties: 3 },
    { required: [null] },
    { $ref: "http://elsewhere" },
  ]) {
    expect(schemaMisfit(schema, { a: 1 }), JSON.stringify(schema)).toBeUndefined();
  }
});
