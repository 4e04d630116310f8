import { expect, test } from "vitest";
import { readRbxmx } from "./stand-in/rbxmx.ts";

const item = `<Item class="Folder" referent="a"><Properties><string name="Name">a</string></Properties>`;

test.each([
  [
    "binary",
    "<roblox!\ufffd\ufffd\r\n\x1a\n",
    "this is a binary model (.rbxm); the stand-in reads XML: save it as .rbxmx",
  ],
  ["empty", "", "not a Roblox model: "],
  ["of another kind", "<html></html>", "not a Roblox model: there is no <roblox> element"],
  ["plain text", "print('hello')", "not a Roblox model: "],
  [
    "without the end of an element",
    `<roblox>${item}</roblox>`,
    "malformed at line 1, column 98: Expected closing tag 'Item'",
  ],
  ["cut off", `<roblox>${item}`, "not a Roblox model: the XML is malformed"],
  ["cut off inside a tag", `<roblox>${item}<Pro`, "not a Roblox model: "],
  ["10,000 deep", `<roblox>${item.repeat(10_000)}`, "the model has more than 500 instances inside each other"],
  ["of 60,000 instances", `<roblox>${`${item}</Item>`.repeat(60_000)}</roblox>`, "more than 50000 instances"],
  ["of 50 MB", `<roblox>${" ".repeat(50 * 1024 * 1024)}</roblox>`, "at most 33554432"],
])("a file that is %s is refused with a reason", (_, text, reason) => {
  expect(() => readRbxmx(text)).toThrow(reason);
});

test("names and texts of a file are its own, whatever they are called", () => {
  const [top] = readRbxmx(
    `\ufeff<?xml version="1.0"?><roblox version="4"><!-- a --><Item class="Frame"><Properties><string name="__proto__">x</string><string name="Name">&amp;lt; &#x1F600;</string></Properties></Item></roblox>`,
  );
  expect(Object.entries(top?.properties ?? {}).map(([name, { value }]) => [name, value])).toEqual([
    ["__proto__", "x"],
    ["Name", "&lt; 😀"],
  ]);
});
