import { afterAll, beforeAll, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

let studio: Studio;
beforeAll(async () => {
  studio = await authorsStudio();
});
afterAll(() => studio.close());

/** Luau: where the plugin's modules are. */
const SOURCE = `local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent`;

test("a stream that asks for less credit gets it back by halves", async () => {
  const told = await studio.run(`
    ${SOURCE}
    local told = {}
    local function nothing() end
    local stream = require(source.wire["link-stream"]).createLinkStream("1", {
      op = "files/search", input = {}, body = "", label = "", owner = "caller", credit = 100,
      onMessage = nothing, onClosed = nothing, onProblem = nothing,
    }, {
      tell = function(fields)
        table.insert(told, \`{fields.t} {fields.credit or fields.bytes}\`)
        return true
      end,
      send = function() return true end,
      onOver = nothing,
      now = os.clock,
    })
    stream:begin()
    stream:take({ t = "opened", id = "1", status = 200, headers = {} }, "")
    for _ = 1, 3 do stream:take({ t = "data", id = "1" }, string.rep("x", 30)) end
    stream:take({ t = "data", id = "1" }, string.rep("x", 200))
    return told`);
  expect(told).toEqual(["open 100", "credit 60", "credit 230"]);
});

test("a search that is closed calls nobody any more, though more has come", async () => {
  const found = await studio.run<number>(`
    ${SOURCE}
    local opening
    local link = {}
    function link:state() return { stage = "up" } end
    function link:open(given)
      opening = given
      return { close = function() end }
    end
    local found, search = 0, nil
    search = require(source.bridge.search).searchOverLink({ http = game:GetService("HttpService"), link = link }, {
      query = { pattern = "x" },
      onFound = function()
        found += 1
        search:close()
      end,
      onEnd = function() found += 100 end,
      onProblem = function() found += 1000 end,
    })
    for _ = 1, 5 do opening.onMessage('{"files":[{"root":"r","path":"a","matches":[]}]}') end
    for _ = 1, 10 do task.wait() end
    return found`);
  expect(found).toBe(1);
});
