import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/** Luau: a chat over a link whose other side the test is: `opening` is what it has asked for. */
const CHAT = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local heard, closed, opening = {}, 0, nil
  local link = {}
  function link:state() return { stage = "up" } end
  function link:open(given)
    opening = given
    return { close = function() closed += 1 end }
  end
  local models = require(source.bridge.models).createModels({ http = game:GetService("HttpService"), link = link })
  local chat = models:chat({
    request = { model = "lm/tiny", messages = {} },
    onEvent = function(event) table.insert(heard, event.type) end,
    onProblem = function(problem) table.insert(heard, problem.code .. ": " .. problem.detail) end,
  })
  local function told() return { closed, table.concat(heard, " | ") } end
`;

describe("a chat over the link", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = (code: string) => studio.run<[closed: number, heard: string]>(`${CHAT}${code} return told()`);

  test("whose session is lost has lost its connection", async () => {
    expect(await run(`opening.onProblem({ code = "session-lost", detail = "gone" })`)).toEqual([
      1,
      "connection-lost: The connection was lost.",
    ]);
  });

  test("ends where the link is down before it has begun, and waits where it has", async () => {
    expect(await run("opening.onDown()")).toEqual([1, "connection-lost: The daemon closed the connection."]);
    expect(await run("opening.onOpened(200, {}) opening.onDown()")).toEqual([0, ""]);
    expect(await run(`opening.onMessage('{"type":"loading","seconds":2}') opening.onDown()`)).toEqual([0, "loading"]);
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no event", '{"type":"dance"}'],
    ["an event without what it tells", '{"type":"text"}'],
    ["a call without its name", '{"type":"tool-call","id":"1","arguments":"{}"}'],
    ["an end without a reason", '{"type":"end"}'],
  ])("that is told %s fails, and nothing is told after it", async (_what, message) => {
    const [closed, heard] = await run(`opening.onMessage('${message}') opening.onMessage('{"type":"text","text":"x"}')
      opening.onProblem({ code = "internal", detail = "x" }) opening.onClosed()`);
    expect(heard).toMatch(/^wrong-answer: [^|]*$/);
    expect(closed).toBeGreaterThan(0);
  });

  test("that is stopped from elsewhere says so", async () => {
    expect(await run("opening.onClosed()")).toEqual([1, "closed-early: The answer was stopped."]);
  });

  test("that is closed tells nothing any more", async () => {
    const code = `chat:close()
      opening.onMessage('{"type":"end","reason":"stop"}')
      opening.onProblem({ code = "internal", detail = "x" })`;
    const [, heard] = await run(code);
    expect(heard).toBe("");
  });
});
