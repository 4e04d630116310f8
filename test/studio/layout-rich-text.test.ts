import { expect, test } from "vitest";
import { boxesOf, font, type Property, pixels } from "./layout-scene.js";
import type { TextRun } from "./stand-in/screen/node.js";

const PLAIN = { family: "SourceSansPro", weight: 400, italic: false };

/** The runs of all lines, each without its width and with only what differs from a plain run. */
function runsOf(text: string, props: Record<string, Property> = {}): Partial<TextRun>[] {
  const label = {
    class: "TextLabel",
    name: "text",
    props: { RichText: true, Size: pixels(500, 100), Text: text, ...props },
  };
  const lines = boxesOf([label], 1000, 1000)["text"]?.text?.lines ?? [];
  return lines.flatMap(({ runs }) =>
    runs.map(({ width: _, font: face, size, ...rest }) => ({
      ...rest,
      ...(JSON.stringify(face) === JSON.stringify(PLAIN) ? {} : { font: face }),
      ...(size === 14 ? {} : { size }),
    })),
  );
}

const bold = { ...PLAIN, weight: 700 };

test.each<[sentence: string, markup: string, runs: Partial<TextRun>[]]>([
  ["text without tags is one run", "plain", [{ text: "plain" }]],
  ["bold", "a <b>b</b> c", [{ text: "a " }, { text: "b", font: bold }, { text: " c" }]],
  ["italic", "<i>a</i>", [{ text: "a", font: { ...PLAIN, italic: true } }]],
  [
    "underline and strikethrough",
    "<u>a</u><s>b</s>",
    [
      { text: "a", underline: true },
      { text: "b", strike: true },
    ],
  ],
  ["nested tags", "<b><i><u>a</u></i></b>", [{ text: "a", font: { ...bold, italic: true }, underline: true }]],
  [
    "an inner tag ends before the outer",
    "<b>a<u>b</u>c</b>",
    [
      { text: "a", font: bold },
      { text: "b", font: bold, underline: true },
      { text: "c", font: bold },
    ],
  ],
  ["a line break", "a<br/>b<br />c", [{ text: "a" }, { text: "b" }, { text: "c" }]],
  ["upper case", "<uppercase>aB</uppercase><uc>ß</uc>", [{ text: "AB" }, { text: "SS" }]],
  ["colour in hexadecimal", '<font color="#FF7800">a</font>', [{ text: "a", color: 0xff7800 }]],
  ["colour in decimal", "<font color='rgb(255, 125,0)'>a</font>", [{ text: "a", color: 0xff7d00 }]],
  ["size", '<font size="40">a</font>', [{ text: "a", size: 40 }]],
  [
    "face by its enum's name",
    '<font face="GothamBold">a</font>',
    [{ text: "a", font: { family: "GothamSSm", weight: 700, italic: false } }],
  ],
  [
    "family by its file",
    '<font family="rbxasset://fonts/families/Michroma.json">a</font>',
    [{ text: "a", font: { ...PLAIN, family: "Michroma" } }],
  ],
  ["weight by name", '<font weight="heavy">a</font>', [{ text: "a", font: { ...PLAIN, weight: 900 } }]],
  ["weight by number", '<font weight="600">a</font>', [{ text: "a", font: { ...PLAIN, weight: 600 } }]],
  ["transparency", '<font transparency="0.5">a</font>', [{ text: "a", transparency: 0.5 }]],
  ["several attributes", '<font color="#000000" size="20">a</font>', [{ text: "a", color: 0, size: 20 }]],
  [
    "a stroke",
    '<stroke color="#00A2FF" joins="miter" thickness="2" transparency="0.25" sizing="fixed">a</stroke>',
    [{ text: "a", stroke: { color: 0x00a2ff, thickness: 2, transparency: 0.25 } }],
  ],
  [
    "a stroke's short names",
    '<stroke th="3" tr="0.5">a</stroke>',
    [{ text: "a", stroke: { color: 0, thickness: 3, transparency: 0.5 } }],
  ],
  [
    "a mark",
    '<mark color="#009966" transparency="0">a</mark>',
    [{ text: "a", mark: { color: 0x009966, transparency: 0 } }],
  ],
  ["a comment is not shown", "a<!-- <b> -->b", [{ text: "ab" }]],
  ["escapes", "&lt;b&gt; &quot;&apos;&amp;lt;", [{ text: "<b> \"'&lt;" }]],
  ["a tag that is not closed is shown", "a <b>b", [{ text: "a <b>b" }]],
  ["a tag that is closed only is shown", "a</b>", [{ text: "a</b>" }]],
  ["tags closed in another order are shown", "<b><i>a</b></i>", [{ text: "<b><i>a</b></i>" }]],
  ["an unknown tag is shown", "<blink>a</blink>", [{ text: "<blink>a</blink>" }]],
  ["a lone sign is shown, and escapes with it", "1 < 2 &amp; 3", [{ text: "1 < 2 &amp; 3" }]],
  ["a colour that is none is shown", '<font color="red">a</font>', [{ text: '<font color="red">a</font>' }]],
])("%s", (_, markup, runs) => {
  expect(runsOf(markup)).toEqual(runs);
});

test("small capitals are smaller than capitals", () => {
  const [large, small] = runsOf("<sc>Ab</sc>");
  expect(large).toEqual({ text: "A" });
  expect(small?.text).toBe("B");
  expect(small?.size).toBeLessThan(14);
});

test("without RichText tags are text", () => {
  expect(runsOf("<b>a</b>", { RichText: false })).toEqual([{ text: "<b>a</b>" }]);
});

test("a line is as high as its largest letters", () => {
  const props = {
    RichText: true,
    Size: pixels(500, 100),
    Text: 'a<font size="40">b</font><br/>c',
    FontFace: font("Inconsolata"),
  };
  const text = boxesOf([{ class: "TextLabel", name: "text", props }], 1000, 1000)["text"]?.text;
  expect(text?.lines.map(({ height }) => height)).toEqual([40, 14]);
  expect(text?.bounds.y).toBe(54);
});

test("wrapping looks at letters, not at tags", () => {
  const props = {
    RichText: true,
    TextWrapped: true,
    Size: pixels(70, 100),
    TextSize: 20.98,
    Text: "<b>hello</b> <i>world</i>",
    FontFace: font("Inconsolata"),
  };
  const text = boxesOf([{ class: "TextLabel", name: "text", props }], 1000, 1000)["text"]?.text;
  expect(text?.lines.map(({ runs }) => runs.map((run) => run.text))).toEqual([["hello"], ["world"]]);
});
