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

/** As many as Studio has time for in one run, also on a slow machine. */
const CUTS_IN_A_RUN = 50;

/**
 * Luau: `stream` whole and byte by byte, and cut at places of it, each fed to a reader of its own; answer what they have
 * read, once where all are alike.
 */
const FEED = `
  local frames = require(game:GetService("ServerStorage"):FindFirstChild("frames", true))
  local http = game:GetService("HttpService")
  local function same(one, other)
    if type(one) ~= "table" or type(other) ~= "table" then return one == other end
    for key, value in one do
      if not same(value, other[key]) then return false end
    end
    for key in other do
      if one[key] == nil then return false end
    end
    return true
  end
  local function readings(open)
    local results = {}
    return results, function(pieces)
      local reader, result = open()
      for _, piece in pieces do reader:feed(piece) end
      reader:finish()
      for _, known in results do
        if same(known, result) then return end
      end
      table.insert(results, result)
    end
  end
  local function uncut(stream, open)
    local results, feed = readings(open)
    feed({ stream })
    feed(string.split(stream, ""))
    return http:JSONEncode(results)
  end
  local function cut(stream, open, first, last)
    local results, feed = readings(open)
    for at = first, math.min(last, #stream - 1) do
      feed({ string.sub(stream, 1, at), string.sub(stream, at + 1) })
      feed({ string.sub(stream, 1, at), "", string.sub(stream, at + 1, at + 1), string.sub(stream, at + 2) })
    end
    return http:JSONEncode(results)
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
    const runs = [`uncut(${luau(stream)}, ${reader})`];
    for (let first = 1; first < Buffer.byteLength(stream); first += CUTS_IN_A_RUN)
      runs.push(`cut(${luau(stream)}, ${reader}, ${first}, ${first + CUTS_IN_A_RUN - 1})`);
    const results = new Set<string>();
    for (const run of runs)
      for (const result of JSON.parse(await studio.run<string>(`${FEED} return ${run}`)))
        results.add(JSON.stringify(result));
    return [...results].map((text) => JSON.parse(text) as unknown);
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
