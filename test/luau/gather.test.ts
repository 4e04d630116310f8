import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/** Luau: what a gather hands on, each time with the frame that it was in. */
const GATHER = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local frame, handed = 0, {}
  local counting = game:GetService("RunService").Heartbeat:Connect(function() frame += 1 end)
  local gather = require(source.chat.gather).createGather(function(kind, text)
    table.insert(handed, { kind = kind, text = text, frame = frame })
  end)
  local function emptied()
    local isEmpty = false
    gather:whenEmpty(function() isEmpty = true end)
    while not isEmpty do task.wait() end
    counting:Disconnect()
  end
`;

describe("what comes faster than it is seen", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = <T>(code: string) => studio.run<T>(`${GATHER}${code}`);

  test("the first is handed on at once, and what follows in the frame together with the next", async () => {
    const code = `gather:add("text", "a")
      local atOnce = #handed
      for _ = 1, 50 do gather:add("text", "b") end
      local stillOne = #handed
      emptied()
      return { atOnce, stillOne, #handed, handed[2].text == string.rep("b", 50) }`;
    expect(await run(code)).toEqual([1, 1, 2, true]);
  });

  test("kinds are told apart, in order", async () => {
    const code = `gather:add("text", "a")
      gather:add("text", "b")
      gather:add("reasoning", "c")
      gather:add("reasoning", "d")
      gather:add("text", "e")
      emptied()
      local told = {}
      for index, each in handed do told[index] = each.kind .. " " .. each.text end
      return told`;
    expect(await run(code)).toEqual(["text a", "text b", "reasoning cd", "text e"]);
  });

  test("no frame takes in more than 8 KiB, nothing is lost, and no character is cut", async () => {
    const code = `local whole = string.rep("文🎉x", 30000)
      gather:add("text", whole)
      gather:add("reasoning", "end")
      emptied()
      local byFrame, texts, isCut = {}, {}, false
      for _, each in handed do
        byFrame[each.frame] = (byFrame[each.frame] or 0) + #each.text
        isCut = isCut or utf8.len(each.text) == nil
        if each.kind == "text" then table.insert(texts, each.text) end
      end
      local most = 0
      for _, bytes in byFrame do most = math.max(most, bytes) end
      return { table.concat(texts) == whole, isCut, most <= 8192, most > 8000 }`;
    expect(await run(code)).toEqual([true, false, true, true]);
  });
});
