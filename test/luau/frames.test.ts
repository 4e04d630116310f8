import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import { luau } from "../studio/plugin-scene.js";
import type { Studio } from "../studio/stand-in/index.js";
import { TOP } from "../support/sources.js";

interface EventVector {
  readonly says: string;
  readonly stream: string;
  readonly events: readonly (readonly [event: string, data: string, id: string])[];
  readonly comments?: readonly string[];
  readonly retries?: readonly number[];
}

interface LineVector {
  readonly says: string;
  readonly stream: string;
  readonly lines: readonly string[];
}

function vectors<Vector>(name: string): Vector[] {
  return JSON.parse(readFileSync(join(TOP, "test", "vectors", `${name}.json`), "utf8")) as Vector[];
}

const EVENTS = vectors<EventVector>("events");
const LINES = vectors<LineVector>("lines");

/** Luau: every way to cut `stream`, fed to a reader of its own; answers what each has read, once where all are alike. */
const EVERY_CUT = `
  local frames = require(game:GetService("ServerStorage"):FindFirstChild("frames", true))
  local http = game:GetService("HttpService")
  local function everyCut(stream, open)
    local results, different = {}, {}
    local function feed(...)
      local reader, result = open()
      for _, piece in { ... } do reader:feed(piece) end
      reader:finish()
      local text = http:JSONEncode(result)
      if not different[text] then
        different[text] = true
        table.insert(results, text)
      end
    end
    feed(stream)
    for at = 1, #stream - 1 do
      feed(string.sub(stream, 1, at), string.sub(stream, at + 1))
      feed(string.sub(stream, 1, at), "", string.sub(stream, at + 1, at + 1), string.sub(stream, at + 2))
    end
    local reader, result = open()
    for at = 1, #stream do reader:feed(string.sub(stream, at, at)) end
    reader:finish()
    local text = http:JSONEncode(result)
    if not different[text] then table.insert(results, text) end
    return results
  end
  local function events()
    local result = { events = {}, comments = {}, retries = {}, problems = {} }
    return frames.createEventReader({
      mostBytes = 1000,
      onEvent = function(event) table.insert(result.events, { event.event, event.data, event.id }) end,
      onComment = function(comment) table.insert(result.comments, comment) end,
      onRetry = function(milliseconds) table.insert(result.retries, milliseconds) end,
      onProblem = function(problem) table.insert(result.problems, problem.code) end,
    }), result
  end
  local function lines()
    local result = { lines = {}, problems = {} }
    return frames.createLineReader({
      mostBytes = 1000,
      onLine = function(line) table.insert(result.lines, line) end,
      onProblem = function(problem) table.insert(result.problems, problem.code) end,
    }), result
  end
`;

describe("streams read on Luau: whole, byte by byte, and cut at every place", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  /** What every cut gives; more than one where they are not alike. */
  const read = async (stream: string, reader: "events" | "lines") => {
    const results = await studio.run<string[]>(`${EVERY_CUT} return everyCut(${luau(stream)}, ${reader})`);
    return results.map((text) => JSON.parse(text) as unknown);
  };

  test("28 vectors of events, 6 of lines", () => expect([EVENTS.length, LINES.length]).toEqual([28, 6]));

  test.each(EVENTS)("events: $says", async ({ stream, events, comments = [], retries = [] }) => {
    expect(await read(stream, "events")).toEqual([{ events, comments, retries, problems: [] }]);
  });

  test.each(LINES)("lines: $says", async ({ stream, lines }) => {
    expect(await read(stream, "lines")).toEqual([{ lines, problems: [] }]);
  });

  test("a line that is too long is a problem, once, and nothing follows", async () => {
    const stream = `a\n${"x".repeat(1001)}\nb\n${"y".repeat(1001)}\n`;
    expect(await read(stream, "lines")).toEqual([{ lines: ["a"], problems: ["frame-too-long"] }]);
  });

  test("an event that is too long is a problem, once, and nothing follows", async () => {
    const stream = `data: a\n\n${`data: ${"x".repeat(300)}\n`.repeat(4)}\ndata: b\n\n`;
    const nothing = { comments: [], retries: [] };
    expect(await read(stream, "events")).toEqual([
      { events: [["message", "a", ""]], problems: ["frame-too-long"], ...nothing },
    ]);
  });

  test("lines and events are held to their length one by one, however many come", async () => {
    const lines = Array.from({ length: 120 }, (_, n) => `line ${100 + n}`);
    expect(await read(`${lines.join("\n")}\n`, "lines")).toEqual([{ lines, problems: [] }]);
    const events = lines.map((line) => ["message", line, ""]);
    expect(await read(lines.map((line) => `data: ${line}\n\n`).join(""), "events")).toEqual([
      { events, comments: [], retries: [], problems: [] },
    ]);
  });
});
