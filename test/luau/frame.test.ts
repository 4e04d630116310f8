import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";
import { TOP } from "../support/sources.js";

interface Vector {
  readonly says: string;
  readonly header?: unknown;
  readonly payload?: string;
  readonly wrong?: string;
}

const text = readFileSync(join(TOP, "test", "vectors", "frames.json"), "utf8");
const vectors: readonly Vector[] = JSON.parse(text);

describe("messages of the link, on Luau (the same vectors run on Node)", () => {
  let studio: Studio;
  let answers: readonly { readonly wrong?: string; readonly header?: unknown; readonly payload?: string }[];

  beforeAll(async () => {
    studio = await authorsStudio();
    answers = await studio.run(`
      local http = game:GetService("HttpService")
      local model = game:GetService("ServerStorage")
      local decodeFrame = require(model:FindFirstChild("frame", true)).decodeFrame
      local link = require(model:FindFirstChild("contract", true):FindFirstChild("link"))
      local runtime = table.clone(require(model:FindFirstChild("runtime", true)).LUAU_RUNTIME)
      function runtime:divide(message)
        local stop = string.find(message, "\\n", 1, true)
        if stop == nil then return nil end
        return { head = string.sub(message, 1, stop - 1), payload = string.sub(message, stop + 1) }
      end
      function runtime:parse(json)
        local ok, value = pcall(http.JSONDecode, http, json)
        return if ok then value else nil
      end
      local answers = {}
      for _, vector in http:JSONDecode([==[${text}]==]) do
        local headers = if vector.side == "studio" then link.STUDIO_HEADERS else link.DAEMON_HEADERS
        table.insert(answers, decodeFrame(runtime, headers, vector.message))
      end
      return answers
    `);
  });
  afterAll(() => studio.close());

  test("39 vectors", () => expect(answers).toHaveLength(39));
  test.each(vectors.map((vector, index) => ({ ...vector, index })))("$says", ({ index, header, payload, wrong }) => {
    expect(answers[index]).toEqual(wrong === undefined ? { header, payload } : { wrong });
  });
});
