import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorsStudio } from "./authors-plugin.js";
import { contrastOf } from "./panel-look.js";
import type { Studio } from "./stand-in/index.js";

describe("contrast", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const withModule = <T>(body: string) =>
    studio.run<T>(`
      local contrast = require(game:GetService("ServerStorage"):FindFirstChild("contrast", true))
      local hex = Color3.fromHex
      ${body}`);
  const readable = (colour: string, on: string, ratio = 4.5) =>
    withModule<string>(`return contrast.readable(hex("${colour}"), hex("${on}"), ${ratio}):ToHex()`);

  test.each([
    ["000000", "ffffff", 21],
    ["ffffff", "ffffff", 1],
    ["767676", "ffffff", 4.54],
    ["ff0000", "ffffff", 4],
    ["0000ff", "ffffff", 8.59],
    ["ffff00", "000000", 19.56],
  ])("of %s and %s is %d, whichever comes first", async (one, other, ratio) => {
    const [there, back] = await withModule<number[]>(`
      return { contrast.contrast(hex("${one}"), hex("${other}")), contrast.contrast(hex("${other}"), hex("${one}")) }`);
    expect(there).toBeCloseTo(ratio, 2);
    expect(back).toBeCloseTo(ratio, 2);
  });

  test("a colour that is readable stays as it is", async () => {
    expect(await readable("767676", "ffffff")).toBe("767676");
  });

  test.each([
    ["888888", "ffffff", "a grey on white", "darker"],
    ["666666", "2e2e2e", "a grey on dark grey", "lighter"],
    ["00a2ff", "ffffff", "Studio's blue under white", "darker"],
    ["2e2e2e", "353535", "one that is darker than a dark ground", "lighter"],
  ])("%s on %s (%s) becomes as much %s as it takes, and no more", async (colour, on, _what, way) => {
    const moved = await readable(colour, on);
    expect(contrastOf(moved, on)).toBeGreaterThanOrEqual(4.5);
    expect(contrastOf(moved, on)).toBeLessThan(4.7);
    const isDarker = contrastOf(moved, "000000") < contrastOf(colour, "000000");
    expect(isDarker ? "darker" : "lighter").toBe(way);
  });

  test("any colour becomes readable on any ground", async () => {
    const worst = await withModule<number>(`
      local random, worst = Random.new(1), 21
      local function any() return Color3.fromRGB(random:NextInteger(0, 255), random:NextInteger(0, 255), random:NextInteger(0, 255)) end
      for _ = 1, 2000 do
        local ground = any()
        worst = math.min(worst, contrast.contrast(contrast.readable(any(), ground, 4.5), ground))
      end
      return worst`);
    expect(worst).toBeGreaterThanOrEqual(4.5);
  });

  const apart = (shade: string, others: readonly string[], text: string) =>
    withModule<string>(`
      return contrast.apart(hex("${shade}"), { ${others.map((one) => `hex("${one}")`).join(", ")} }, hex("${text}"), 1.2):ToHex()`);

  test("a shade that looks like one of those it is to differ from goes beyond them, away from the text", async () => {
    const shade = await apart("0076ba", ["0077bb", "0066a0"], "ffffff");
    for (const other of ["0077bb", "0066a0"]) expect(contrastOf(shade, other)).toBeGreaterThanOrEqual(1.2);
    expect(contrastOf(shade, "ffffff")).toBeGreaterThan(contrastOf("0066a0", "ffffff"));
  });

  test("a shade of white under black text becomes darker: nothing is whiter", async () => {
    const shade = await apart("ffffff", ["ffffff", "f0f0f0"], "000000");
    for (const other of ["ffffff", "f0f0f0"]) expect(contrastOf(shade, other)).toBeGreaterThanOrEqual(1.2);
  });

  test("a shade that differs enough stays as it is", async () => {
    expect(await apart("404040", ["808080", "a0a0a0"], "ffffff")).toBe("404040");
  });
});
