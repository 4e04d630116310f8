import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";
import { TOP } from "../support/sources.js";

const text = readFileSync(join(TOP, "test", "vectors", "misfits.json"), "utf8");
const vectors: readonly { readonly says: string; readonly misfit?: string }[] = JSON.parse(text);

describe("inputs against the contract, on Luau (the same vectors run on Node)", () => {
  let studio: Studio;
  let answers: readonly string[];

  beforeAll(async () => {
    studio = await authorsStudio();
    answers = await studio.run<string[]>(`
      local model = game:GetService("ServerStorage")
      local misfit = require(model:FindFirstChild("check", true)).misfit
      local contract = require(model:FindFirstChild("contract", true)).CONTRACT
      local runtime = require(model:FindFirstChild("runtime", true)).LUAU_RUNTIME
      local answers = {}
      for _, vector in game:GetService("HttpService"):JSONDecode([==[${text}]==]) do
        local schema = contract[vector.operation].input
        table.insert(answers, misfit(runtime, schema, vector.input) or "fits")
      end
      return answers
    `);
  });
  afterAll(() => studio.close());

  test("27 vectors", () => expect(answers).toHaveLength(27));
  test.each(vectors.map((vector, index) => ({ ...vector, index })))("$says", ({ index, misfit }) => {
    expect(answers[index]).toBe(misfit ?? "fits");
  });
});
