import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "../studio/authors-plugin.js";
import { luau } from "../studio/plugin-scene.js";
import type { Studio } from "../studio/stand-in/index.js";

/** Luau: `told` answers what the pieces of an answer are, which is fed in parts that end at the given bytes. */
const PIECES = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local createPieces = require(source.chat.pieces).createPieces
  local function told(pieces)
    local list = {}
    for index, piece in pieces.all() do
      local goesOn = if piece.goesOn then "+" else ""
      local open = if piece.isOpen() then "…" else ""
      local kind = if piece.kind == "code" then "code:" .. piece.language else piece.kind
      list[index] = kind .. goesOn .. open .. "|" .. piece.text()
    end
    return list
  end
  local function fed(text, ends)
    local pieces, from = createPieces(), 1
    for _, to in ends do
      pieces:add("text", string.sub(text, from, to))
      from = to + 1
    end
    pieces:add("text", string.sub(text, from))
    pieces:finish()
    return pieces
  end
`;

const FENCE = "```";
const CASES: readonly (readonly [says: string, text: string, pieces: readonly string[]])[] = [
  ["plain text", "Hello.\n\nWorld.\n", ["text|Hello.\n\nWorld."]],
  [
    "code between text",
    `Here:\n\n${FENCE}luau\nprint(1)\nprint(2)\n${FENCE}\n\nDone.`,
    ["text|Here:", "code:luau|print(1)\nprint(2)", "text|Done."],
  ],
  ["code that never closes", `${FENCE}lua\nreturn {`, ["code:lua|return {"]],
  ["a fence at the very end", `Text\n${FENCE}luau`, ["text|Text", "code:luau|"]],
  ["a closing fence at the very end", `${FENCE}\na\n${FENCE}`, ["code:|a"]],
  [
    "a fence inside of a longer one",
    `${FENCE}\`markdown\n${FENCE}lua\nx\n${FENCE}\n${FENCE}\`\nafter`,
    ["code:markdown|```lua\nx\n```", "text|after"],
  ],
  ["a fence of tildes, with ticks inside", `~~~\n${FENCE}\n~~~\n`, ["code:|```"]],
  [
    "ticks within a line",
    `Use ${FENCE}code${FENCE} or \`x\`.\n${FENCE}code${FENCE}\n`,
    ["text|Use ```code``` or `x`.\n```code```"],
  ],
  ["a fence with more than a language", `${FENCE}c++ title="x"\n;\n${FENCE}`, ["code:c++|;"]],
  [
    "a fence in a list",
    `1. a\n   ${FENCE}lua\n   if x then\n     y()\n   end\n   ${FENCE}\n2. b`,
    ["text|1. a", "code:lua|if x then\n  y()\nend", "text|2. b"],
  ],
  ["Windows' line ends", `a\r\n${FENCE}lua\r\nb\r\n${FENCE}\r\nc`, ["text|a", "code:lua|b", "text|c"]],
  ["characters of several bytes", `für 🎉\n${FENCE}\n文件 -- ü\n${FENCE}`, ["text|für 🎉", "code:|文件 -- ü"]],
  ["two ticks, and a line of blanks", "``\n   \nx ``y``", ["text|``\n   \nx ``y``"]],
  ["code right after code", `${FENCE}\na\n${FENCE}\n${FENCE}\nb\n${FENCE}`, ["code:|a", "code:|b"]],
];

describe("the pieces of an answer", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = <T>(code: string) => studio.run<T>(`${PIECES}${code}`);

  test.each(CASES)("%s, whole, byte by byte, and cut in two at every place", async (_says, text, pieces) => {
    const code = `local text = ${luau(text)}
      local all = {}
      for to = 1, #text do all[to] = to end
      local whole, differing = told(fed(text, {})), {}
      local wanted = table.concat(whole, "\\0")
      if table.concat(told(fed(text, all)), "\\0") ~= wanted then table.insert(differing, "byte by byte") end
      for to = 1, #text do
        if table.concat(told(fed(text, { to })), "\\0") ~= wanted then table.insert(differing, to) end
      end
      return { whole = whole, differing = #differing }`;
    expect(await run(code)).toEqual({ whole: pieces, differing: 0 });
  });

  test("what may be a fence is not shown before it is known; all else is shown as it comes", async () => {
    const code = `local pieces, seen = createPieces(), {}
      for _, part in { "One", " two\\n", "\`\`", "\`lu", "au\\n", "x = 1\\n", "\`\`\`", "\\n" } do
        pieces:add("text", part)
        table.insert(seen, table.concat(told(pieces), " / "))
      end
      return seen`;
    expect(await run(code)).toEqual([
      "text…|One",
      "text…|One two",
      "text…|One two",
      "text…|One two",
      "text|One two / code:luau…|",
      "text|One two / code:luau…|x = 1",
      "text|One two / code:luau…|x = 1",
      "text|One two / code:luau|x = 1",
    ]);
  });

  test("thoughts stand apart, and code goes on after them", async () => {
    const code = `local pieces = createPieces()
      pieces:add("reasoning", "Hm.")
      pieces:add("text", "\\n\\nWell:\\n\`\`\`\\na\\n")
      pieces:add("reasoning", "Or?")
      pieces:add("text", "b\\n\`\`\`\\n")
      pieces:finish()
      return { told = told(pieces), whole = pieces.all()[5].whole() }`;
    expect(await run(code)).toEqual({
      told: ["reasoning|Hm.", "text|Well:", "code:|a", "reasoning|Or?", "code:+|b"],
      whole: "a\nb",
    });
  });

  test("long code is cut at its lines, and its block is whole all the same", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `local name${index} = "${"é".repeat(index % 20)}"`);
    const code = `local text = ${luau(lines.join("\n"))}
      local pieces = createPieces()
      pieces:add("text", "\`\`\`lua\\n" .. text .. "\\n\`\`\`\\n")
      pieces:finish()
      local texts, longest, first = {}, 0, 0
      for index, piece in pieces.all() do
        texts[index] = piece.text()
        longest = math.max(longest, #piece.text())
        if not piece.goesOn then first += 1 end
      end
      return {
        joined = table.concat(texts, "\\n") == text, whole = pieces.all()[2].whole() == text,
        longest = longest <= 1000, several = #texts > 5, first = first,
      }`;
    expect(await run(code)).toEqual({ joined: true, whole: true, longest: true, several: true, first: 1 });
  });

  test.each([
    ["words", "word ".repeat(900), " "],
    ["paragraphs", `${"A sentence that is here. ".repeat(25).trim()}\n\n`.repeat(9), "\n\n"],
  ])("long text is cut between %s", async (_what, text, between) => {
    const code = `local text = ${luau(text)}
      local pieces = fed(text, {})
      local texts, longest = {}, 0
      for index, piece in pieces.all() do
        texts[index] = piece.text()
        longest = math.max(longest, #piece.text())
      end
      return { joined = table.concat(texts, ${luau(between)}) == string.gsub(text, "%s+$", ""), longest = longest <= 1000 and longest > 500 }`;
    expect(await run(code)).toEqual({ joined: true, longest: true });
  });

  test("a line without end is cut between characters", async () => {
    const code = `local text = ${luau("文🎉".repeat(700))}
      local pieces = fed(text, {})
      local texts = {}
      for index, piece in pieces.all() do
        assert(utf8.len(piece.text()), "not UTF-8")
        texts[index] = piece.text()
      end
      return { joined = table.concat(texts) == text, count = #texts }`;
    expect(await run(code)).toEqual({ joined: true, count: 5 });
  });

  test("a piece that is closed is told no more", async () => {
    const code = `local pieces, changes = createPieces(), 0
      pieces:add("text", string.rep("word ", 300))
      local first, before = pieces.all()[1], pieces.all()[1].text()
      for _ = 1, 2000 do pieces:add("text", "word ") end
      return { same = pieces.all()[1] == first and first.text() == before, open = first.isOpen(), count = #pieces.all() }`;
    expect(await run(code)).toEqual({ same: true, open: false, count: 12 });
  });
});
