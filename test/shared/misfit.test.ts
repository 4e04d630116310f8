import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runtime } from "../../daemon/http/runtime.js";
import { misfit } from "../../shared/check.js";
import { CONTRACT, type OperationName } from "../../shared/contract/index.js";
import { TOP } from "../support/sources.js";

interface Vector {
  readonly says: string;
  readonly operation: OperationName;
  readonly input: unknown;
  /** Absent where the input fits. */
  readonly misfit?: string;
}

const vectors: readonly Vector[] = JSON.parse(readFileSync(join(TOP, "test", "vectors", "misfits.json"), "utf8"));

describe("inputs against the contract, on Node (the same vectors run on Luau)", () => {
  test("27 vectors", () => expect(vectors).toHaveLength(27));
  test.each(vectors)("$says", ({ operation, input, misfit: expected }) => {
    expect(misfit(runtime, CONTRACT[operation].input, input)).toBe(expected);
  });
});

describe("what only the daemon refuses", () => {
  test.each([
    ["an unknown field", { root: "a", path: "", more: 1 }, "input: unknown field more"],
    ["null for an optional field", { root: "a", path: "", depth: null }, "depth: must be a whole number"],
    ["null for a required field", { root: null, path: "" }, "root: must be a string"],
    ["an inherited name", JSON.parse('{"root":"a","path":"","__proto__":{}}'), "input: unknown field __proto__"],
  ])("%s", (_what, input, expected) => {
    expect(misfit(runtime, CONTRACT["files/list"].input, input)).toBe(expected);
  });

  test("a required field that is only inherited is missing", () => {
    const input: unknown = Object.assign(Object.create({ root: "a" }), { path: "" });
    expect(misfit(runtime, CONTRACT["files/list"].input, input)).toBe("input: root is missing");
  });
});
