import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/** Luau: a trust whose token and proof the test decides; `proofs` counts how often one was asked for. */
const TRUST = `
  local storage = game:GetService("ServerStorage")
  local trusts = require(storage:FindFirstChild("trust", true))
  local Promise = require(storage:FindFirstChild("Promise", true))
  local token, proofs, now = "one", 0, 0
  local prove
  local trust = trusts.createTrust({
    url = function() return "http://127.0.0.1:27183" end,
    token = function() return token end,
    clock = function() return now end,
    prove = function(known)
      proofs += 1
      return prove(known)
    end,
  })
  local function afterAMoment() return Promise.delay(0.02) end
  local function outcome(promise)
    local ok, problem = promise:await()
    return { proofs, if ok then "trusted" else problem.code }
  end
`;

describe("the proof of a daemon", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = (code: string) => studio.run<[proofs: number, outcome: string]>(TRUST + code);

  test("holds for 5 s from when the daemon was heard", async () => {
    const code = `prove = afterAMoment
      outcome(trust.ensure())
      now = 4
      trust.listen()()
      now = 8
      outcome(trust.ensure())
      now = 9.5
      return outcome(trust.ensure())`;
    expect(await run(code)).toEqual([2, "trusted"]);
  });

  test("is asked for once by several that wait for it", async () => {
    const code = `prove = afterAMoment
      local first = trust.ensure()
      trust.ensure()
      return outcome(first)`;
    expect(await run(code)).toEqual([1, "trusted"]);
  });

  test("is asked for anew after a loss meanwhile", async () => {
    const code = `prove = afterAMoment
      local waiting = trust.ensure()
      trust.lost()
      return outcome(waiting)`;
    expect(await run(code)).toEqual([2, "trusted"]);
  });

  test("that is refused at once, as the token went while it was asked for, ends the wait", async () => {
    const code = `prove = function(known)
        return if known == "" then Promise.reject({ code = "not-paired" }) else afterAMoment()
      end
      local waiting = trust.ensure()
      token = nil
      return outcome(waiting)`;
    expect(await run(code)).toEqual([2, "not-paired"]);
  });
});
