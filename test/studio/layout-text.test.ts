import { expect, test } from "vitest";
import { boxesOf, enumItem, font, make, pixels, type Tree, udim } from "./layout-scene.js";
import { emOf, isDrawnAsItself } from "./stand-in/screen/text/font.js";

/** Inconsolata's line is 1049 high in an em of 1000, and each letter is 500 wide: here 10 pixels by 20. */
const CODE = { FontFace: font("Inconsolata"), TextSize: 20 };
const WIDTH = 20 / 1.049 / 2; // pixels of a letter
const wrapped = { TextWrapped: true };
const truncate = (name: string) => ({ TextTruncate: enumItem("TextTruncate", name) });

/** The text of a label of this size in Inconsolata. */
function textIn(width: number, height: number, props: Tree["props"], ...children: Tree[]) {
  const tree: Tree = {
    class: "TextLabel",
    name: "text",
    props: { ...CODE, Size: pixels(width, height), ...props },
    children,
  };
  const block = boxesOf([tree], 1000, 1000)["text"]?.text;
  if (block === undefined) throw new Error("the label has no text");
  return { ...block, shown: block.lines.map((line) => line.runs.map(({ text }) => text).join("")) };
}

/** Pixels for this many letters, and a bit. */
const room = (letters: number) => WIDTH * letters + 1;

test.each([
  ["a line that fits is not broken", 11, "hello world", ["hello world"]],
  ["a line breaks between words", 10, "hello world", ["hello", "world"]],
  ["a line takes as many words as fit", 7, "a b c d e f", ["a b c d", "e f"]],
  ["a word that is too long breaks inside", 4, "abcdefghij k", ["abcd", "efgh", "ij k"]],
  ["a long word begins on its own line", 6, "ab cdefghijk", ["ab", "cdefgh", "ijk"]],
  ["line breaks are kept", 20, "a\n\nb", ["a", "", "b"]],
  ["spaces at a break take no room", 5, "hello     world", ["hello", "world"]],
  ["East Asian text breaks between letters", 6, "ab 日本語", ["ab 日", "本語"]],
  ["a room without width has a letter on each line", 0, "abc", ["a", "b", "c"]],
])("%s", (_, letters, text, lines) => {
  expect(textIn(letters === 0 ? 0 : room(letters), 500, { ...wrapped, Text: text }).shown).toEqual(lines);
});

test.each([
  ["without a wish text runs over the edge", 8, 20, {}, ["hello world again"], false],
  ["AtEnd keeps whole words", 10, 20, truncate("AtEnd"), ["hello…"], false],
  ["SplitWord cuts inside a word", 10, 20, truncate("SplitWord"), ["hello wor…"], false],
  ["AtEnd cuts a first word that is too long", 4, 20, truncate("AtEnd"), ["hel…"], false],
  ["what fits is not truncated", 17, 20, truncate("AtEnd"), ["hello world again"], true],
  ["wrapped text leaves out lines for which there is no height", 6, 45, wrapped, ["hello", "world"], false],
  ["wrapped text has one line at least", 6, 5, wrapped, ["hello"], false],
  [
    "wrapped and truncated text ends its last line",
    8,
    45,
    { ...wrapped, ...truncate("AtEnd") },
    ["hello", "world…"],
    false,
  ],
])("%s", (_, letters, height, props, lines, fits) => {
  const text = textIn(room(letters), height, { Text: "hello world again", ...props });
  expect(text.shown).toEqual(lines);
  expect(text.fits).toBe(fits);
});

test("TextBounds are the pixels of all lines, rounded up", () => {
  expect(textIn(500, 500, { Text: "abc\nd" }).bounds).toEqual({ x: Math.ceil(WIDTH * 3), y: 40 });
});

test("TextBounds of wrapped text are never larger than the label", () => {
  const { bounds } = textIn(5, 45, { ...wrapped, Text: "hello world" });
  expect(bounds).toEqual({ x: 5, y: 40 });
});

test("LineHeight spreads the lines", () => {
  const text = textIn(500, 500, {
    Text: "a\nb\nc",
    LineHeight: 1.5,
    TextYAlignment: enumItem("TextYAlignment", "Top"),
  });
  expect(text.bounds.y).toBe(80);
  expect(text.lines.map(({ y }) => y)).toEqual([0, 30, 60]);
});

test("MaxVisibleGraphemes hides letters and moves nothing", () => {
  const all = textIn(500, 50, { Text: "hello\nworld" });
  const some = textIn(500, 50, { Text: "hello\nworld", MaxVisibleGraphemes: 7 });
  expect(some.shown).toEqual(["hello", "wo"]);
  expect(some.lines.map(({ x, y }) => [x, y])).toEqual(all.lines.map(({ x, y }) => [x, y]));
  expect(some.bounds).toEqual(all.bounds);
});

test("text is aligned within its padding", () => {
  const at = (x: string, y: string) => {
    const props = {
      Text: "ab",
      TextXAlignment: enumItem("TextXAlignment", x),
      TextYAlignment: enumItem("TextYAlignment", y),
    };
    const padding = make("UIPadding", { PaddingLeft: udim(0, 10), PaddingTop: udim(0, 4), PaddingBottom: udim(0, 6) });
    const line = textIn(110, 100, props, padding).lines[0];
    return [line?.x, line?.y];
  };
  expect(at("Left", "Top")).toEqual([10, 4]);
  expect(at("Center", "Center")).toEqual([Math.round(10 + 50 - WIDTH), 39]);
  expect(at("Right", "Bottom")).toEqual([Math.round(110 - 2 * WIDTH), 74]);
});

test("scaled text is as large as fits the height, up to 100", () => {
  const scaled = { TextScaled: true, Text: "ab" };
  expect(textIn(500, 30, scaled).size).toBe(30);
  expect(textIn(500, 300, scaled).size).toBe(100);
});

test("scaled text wraps, but not inside of words", () => {
  const text = textIn(60, 200, { TextScaled: true, Text: "abcd abcd" });
  expect(text.shown).toEqual(["abcd", "abcd"]);
  expect(text.size).toBe(31); // 4 letters of 31 / 1.049 / 2 are 59.1 pixels, of 32 they are 61
});

test("scaled text keeps the limits of a UITextSizeConstraint", () => {
  const limits = make("UITextSizeConstraint", { MinTextSize: 12, MaxTextSize: 40 });
  expect(textIn(500, 300, { TextScaled: true, Text: "ab" }, limits).size).toBe(40);
  expect(textIn(20, 5, { TextScaled: true, Text: "abcdef" }, limits).size).toBe(12);
});

test("an empty text box shows its placeholder", () => {
  const box: Tree = { class: "TextBox", name: "box", props: { Text: "", PlaceholderText: "search" } };
  expect(boxesOf([box], 100, 100)["box"]?.text?.lines[0]?.runs[0]?.text).toBe("search");
});

/** The pixels of a text in Source Sans whose em is 1000 pixels: the largest TextSize, 100, scaled to its line of 1257. */
const unitsOf = (text: string, weight: number) =>
  textIn(
    50,
    50,
    { FontFace: font("SourceSansPro", weight), TextSize: 100, Text: text },
    make("UIScale", { Scale: 12.57 }),
  ).bounds.x;

test("Source Sans has its own widths for each weight, also beyond Latin", () => {
  expect(unitsOf("A", 400)).toBe(543);
  expect(unitsOf("A", 700)).toBe(573);
  expect(unitsOf("Ω", 400)).toBe(678);
});

test("letters that no font has are estimated, and emoji are square", () => {
  expect(unitsOf("\u{10400}", 400)).toBe(600);
  expect(unitsOf("語", 400)).toBe(1000);
  expect(unitsOf("👩‍👩‍👧", 400)).toBe(1000);
});

test("a line is as high as TextSize, from the font's ascender to its descender", () => {
  const sans = { family: "SourceSansPro", weight: 400, italic: false };
  expect(emOf(sans, 1257)).toBeCloseTo(1000);
  expect(isDrawnAsItself(sans)).toBe(true);
  expect(isDrawnAsItself({ ...sans, family: "GothamSSm" })).toBe(false);
});
