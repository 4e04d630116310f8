import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/** Luau: a tree of one root, whose daemon the test decides; problem is what it answers, or nothing. */
const TREE = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local Promise = require(game:GetService("ServerStorage"):FindFirstChild("Promise", true))
  local problem, listings = nil, 0
  local files = {}
  function files:list()
    listings += 1
    if problem then return Promise.reject({ code = problem, detail = "It failed." }) end
    return Promise.resolve({ entries = { { path = "a.luau", kind = "file", bytes = 0 } } })
  end
  local tree = require(source.panel.tree).createTree(files, function() end)
  local function arrive() tree:setRoots({ { name = "place" } }) end
  local function found()
    for _ = 1, 3 do task.wait() end
    local root = tree.rows()[1].node
    return { if root.children then #root.children else -1, root.problem or "", listings }
  end
`;

describe("the tree of files, where a folder cannot be listed", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = (code: string) => studio.run<[rows: number, says: string, listings: number]>(TREE + code);

  test("says why, and keeps its rows", async () => {
    const code = `arrive()
      problem = "no-permission"
      tree:check("place")
      return found()`;
    expect(await run(code)).toEqual([1, "It failed.", 2]);
  });

  test("as the connection was lost, nothing moves: that is said above", async () => {
    const code = `arrive()
      problem = "daemon-offline"
      tree:check("place")
      return found()`;
    expect(await run(code)).toEqual([1, "", 2]);
  });

  test("as the connection was lost, it is listed again once that is back", async () => {
    const code = `arrive()
      problem = "daemon-offline"
      tree:check("place")
      problem = nil
      arrive()
      return found()`;
    expect(await run(code)).toEqual([1, "", 3]);
  });

  test("for the first time, it says why even so", async () => {
    const code = `problem = "daemon-offline"
      arrive()
      return found()`;
    expect(await run(code)).toEqual([-1, "It failed.", 1]);
  });
});
