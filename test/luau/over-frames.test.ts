import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/**
 * Luau: `begin` is work of so many steps, each as long as it is told in seconds; `log` says which work did how many
 * steps in each frame, such as `a1b1`.
 */
const WORK = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local overFrames = require(source["over-frames"]).overFrames
  local log, frame = {}, {}
  local counting = game:GetService("RunService").PreRender:Connect(function()
    local said = ""
    for name, count in frame do said ..= name .. count end
    table.insert(log, said)
    frame = {}
  end)
  local left = 0
  local function begin(name, steps, seconds)
    left += 1
    return overFrames(function()
      local start = os.clock()
      while os.clock() - start < seconds do end
      frame[name] = (frame[name] or 0) + 1
      steps -= 1
      if steps == 0 then left -= 1 end
      return steps == 0
    end)
  end
  local function told()
    while left > 0 do task.wait() end
    task.wait()
    counting:Disconnect()
    local worked = {}
    for _, said in log do if said ~= "" then table.insert(worked, said) end end
    return worked
  end
`;

describe("work over frames", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = (code: string) => studio.run<string[]>(WORK + code);

  test("a step that fills a frame is alone in it", async () => {
    expect(await run('begin("a", 4, 0.002) return told()')).toEqual(["a1", "a1", "a1", "a1"]);
  });

  test("steps that take no time share a frame", async () => {
    const frames = await run('begin("a", 20, 0) return told()');
    expect(frames.length).toBeLessThanOrEqual(5);
    expect(frames.reduce((sum, said) => sum + Number(said.slice(1)), 0)).toBe(20);
  });

  test("of works that fill a frame each has one of three at least", async () => {
    const frames = await run('begin("a", 9, 0.002) begin("b", 3, 0.002) return told()');
    expect(frames.join(" ")).toMatch(/^a1 a1 (a1b1|b1a1) a1 a1 (a1b1|b1a1) a1 a1 (a1b1|b1a1)$/u);
  });

  test("nothing is done in the frame that asked for it, and nothing once it is cancelled", async () => {
    expect(
      await run(
        'begin("a", 1, 0) local soon = frame.a == nil local all = told() table.insert(all, 1, if soon then "later" else "now") return all',
      ),
    ).toEqual(["later", "a1"]);
    expect(await run('task.cancel(begin("a", 5, 0.002)) left = 0 task.wait() task.wait() return told()')).toEqual([]);
  });
});
