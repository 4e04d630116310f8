import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsPlugin } from "../studio/authors-plugin.js";
import { type Studio, startStudio } from "../studio/stand-in/index.js";
import { TOP } from "../support/sources.js";

const text = readFileSync(join(TOP, "test", "vectors", "misfits.json"), "utf8");
const vectors: readonly { readonly says: string; readonly misfit?: string }[] = JSON.parse(text);

describe("inputs against the contract, on Luau (the same vectors run on Node)", () => {
  const top = mkdtempSync(join(tmpdir(), "puente-vectors-"));
  let studio: Studio;
  let answers: readonly string[];

  beforeAll(async () => {
    const plugin = join(top, "author.rbxmx");
    writeFileSync(plugin, authorsPlugin());
    studio = await startStudio({ plugins: [plugin] });
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
  afterAll(async () => {
    await studio.close();
    rmSync(top, { recursive: true, force: true });
  });

  test("27 vectors", () => expect(answers).toHaveLength(27));
  test.each(vectors.map((vector, index) => ({ ...vector, index })))("$says", ({ index, misfit }) => {
    expect(answers[index]).toBe(misfit ?? "fits");
  });
});
