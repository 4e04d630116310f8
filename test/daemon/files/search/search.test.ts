import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test as plainTest } from "vitest";
import type { Search } from "../../../../daemon/files/search/search.js";
import { LIMITS } from "../../../../shared/protocol.js";
import { tempRoot } from "../../../support/temp-root.js";
import { problemOf, SIGNAL } from "../operations.js";
import { ENGINES, messagesOf, type SearchInput, searchIn, testOf } from "./searching.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What was found as "path:line:column+bytes", sorted, and what the last message says. */
async function found(search: Search, input: SearchInput) {
  const messages = await messagesOf(search, input);
  const files = messages.flatMap((message) => message.files);
  const at = files.flatMap(({ path, matches }) =>
    matches.length === 0 ? [path] : matches.map(({ line, column, bytes }) => `${path}:${line}:${column}+${bytes}`),
  );
  return { at: at.sort(), files, done: messages.at(-1)?.done };
}

const FILES = {
  "a.luau": "local cat = 1\nlocal concat = cat\n",
  "src/größe.luau": "-- Größe π\r\nlocal Cat = größe\r\n\r\nend",
  "src/bom.luau": "\uFEFFcat first\n",
  "src/.hidden": "cat",
  "[id] {x}/odd name!.txt": "a+b (c) [d] \\e $f ^g\tcat_x",
  "src/deep/er/cat.txt": "dog\n",
  "binary.bin": Uint8Array.from([0x63, 0x61, 0x74, 0x00, 0x0a]),
  "latin1.txt": Uint8Array.from([0xe9, 0x63, 0x61, 0x74, 0x0a]),
  "dog.bin": Uint8Array.from([0xff, 0x64, 0x6f, 0x67]),
  ".env": "cat",
  "keys/id.pem": "cat",
  ".git/config": "cat",
  "empty.txt": "",
  "node_modules/m/a.txt": "mouse",
  "src/dist/a.txt": "mouse",
  "src/.gitignore": "*.log\n",
  "src/x.log": "mouse",
  "src/x.txt": "mouse",
};

const ROWS: readonly (readonly [string, SearchInput, readonly string[], number])[] = [
  ["a text", { pattern: "concat" }, ["a.luau:2:7+6"], 0],
  [
    "a text in any case",
    { pattern: "CAT", ignoreCase: true, include: ["*.luau"] },
    ["a.luau:1:7+3", "a.luau:2:10+3", "a.luau:2:16+3", "src/bom.luau:1:1+3", "src/größe.luau:2:7+3"],
    0,
  ],
  [
    "whole words",
    { pattern: "cat", wholeWord: true },
    ["a.luau:1:7+3", "a.luau:2:16+3", "src/.hidden:1:1+3", "src/bom.luau:1:1+3"],
    2,
  ],
  ["a text that is no expression", { pattern: "a+b (c) [d] \\e $f ^g" }, ["[id] {x}/odd name!.txt:1:1+20"], 0],
  ["columns in bytes", { pattern: "π" }, ["src/größe.luau:1:12+2"], 0],
  [
    "letters of other alphabets in any case",
    { pattern: "GRÖSSE|GRÖßE", kind: "regex", ignoreCase: true },
    ["src/größe.luau:1:4+7", "src/größe.luau:2:13+7"],
    0,
  ],
  [
    "the beginning of a line, behind a byte order mark too",
    { pattern: "^cat", kind: "regex", include: ["src/**"] },
    ["src/.hidden:1:1+3", "src/bom.luau:1:1+3"],
    0,
  ],
  ["the end of a line before CR LF", { pattern: "größe$", kind: "regex" }, ["src/größe.luau:2:13+7"], 0],
  ["empty lines", { pattern: "^$", kind: "regex" }, ["src/größe.luau:3:1+0"], 0],
  [
    "places and sets",
    { pattern: "\\bl\\w+\\s[^\\d\\W]{3}\\b", kind: "regex" },
    ["a.luau:1:1+9", "src/größe.luau:2:1+9"],
    0,
  ],
  ["what is not a letter of ASCII", { pattern: "gr\\W\\Sße", kind: "regex" }, [], 0],
  [
    "classes and escapes",
    { pattern: "[\x41-]-|\u{3c0}|\u00f6\u{df}|[+\^-]", kind: "regex", include: ["src/größe.luau", "*odd*"] },
    [
      "[id] {x}/odd name!.txt:1:19+1",
      "[id] {x}/odd name!.txt:1:2+1",
      "src/größe.luau:1:1+2",
      "src/größe.luau:1:12+2",
      "src/größe.luau:1:6+4",
      "src/größe.luau:2:15+4",
    ],
    0,
  ],
  [
    "alternatives and counts",
    { pattern: "(?:c|b)at|d.{1,2}?g|do{1}g", kind: "regex", include: ["*.txt"] },
    ["[id] {x}/odd name!.txt:1:22+3", "src/deep/er/cat.txt:1:1+3"],
    1,
  ],
  ["without what is ignored", { pattern: "mouse" }, ["src/x.log:1:1+5", "src/x.txt:1:1+5"], 0],
  ["without what .gitignore names", { pattern: "mouse", ignore: "gitignore" }, ["src/x.txt:1:1+5"], 0],
  [
    "below a folder that is ignored",
    { pattern: "mouse", root: "place", path: "node_modules/m" },
    ["node_modules/m/a.txt:1:1+5"],
    0,
  ],
  [
    "with what is ignored",
    { pattern: "mouse", ignore: "none" },
    ["node_modules/m/a.txt:1:1+5", "src/dist/a.txt:1:1+5", "src/x.log:1:1+5", "src/x.txt:1:1+5"],
    0,
  ],
  ["below a folder", { pattern: "dog", root: "place", path: "src" }, ["src/deep/er/cat.txt:1:1+3"], 0],
  [
    "without what is excluded",
    { pattern: "cat", exclude: ["src", "*.bin", "latin?.txt", "?id?*"] },
    ["a.luau:1:7+3", "a.luau:2:10+3", "a.luau:2:16+3"],
    0,
  ],
  [
    "one of several in braces",
    { pattern: "cat", include: ["{a,b}.luau", "src/bo?.luau"] },
    ["a.luau:1:7+3", "a.luau:2:10+3", "a.luau:2:16+3", "src/bom.luau:1:1+3"],
    0,
  ],
  [
    "names by a glob",
    { pattern: "src/**/*.{txt,luau}", kind: "glob" },
    ["src/bom.luau", "src/deep/er/cat.txt", "src/größe.luau", "src/x.txt"],
    0,
  ],
  ["what only a part of a file that is not text holds", { pattern: "dog", include: ["*.bin"] }, [], 1],
  [
    "an expression that is too large for ripgrep",
    { pattern: "(?:(?:d|o|g|[^a-z]){1000}){1000}|dog$", kind: "regex", include: ["cat.txt"] },
    ["src/deep/er/cat.txt:1:1+3"],
    0,
  ],
];

describe.each(ENGINES)("%s", (_engine, ripgrep, isThere) => {
  const test = testOf(isThere);

  for (const [name, input, at, notText] of ROWS) {
    test(name, async () => {
      const root = tempRoot(FILES);
      const answer = await found(searchIn({ place: root.folder }, ripgrep), input);
      expect(answer.at).toEqual([...at].sort());
      expect(answer.done).toEqual({ more: false, notText });
    });
  }

  test("a match says its line, its context and the file's hash; a long line is cut around it", async () => {
    const long = `${"ö".repeat(600)}needle${"x".repeat(900)}`;
    const root = tempRoot({ "a.txt": "one\ntwo\nthe needle\nfour\nfive", "b.txt": long });
    const search = searchIn({ place: root.folder }, ripgrep);
    const { files } = await found(search, { pattern: "needle", context: 1 });
    const [a, b] = files.sort((one, other) => (one.path < other.path ? -1 : 1));
    expect(a).toEqual({
      root: "place",
      path: "a.txt",
      matches: [{ line: 3, column: 5, bytes: 6, text: "the needle", before: ["two"], after: ["four"] }],
      hash: sha256("one\ntwo\nthe needle\nfour\nfive"),
    });
    const match = b?.matches[0];
    expect(match).toMatchObject({ line: 1, column: 1201 });
    const within = (match?.column ?? 0) - (match?.textColumn ?? 1);
    expect(
      Buffer.from(match?.text ?? "")
        .subarray(within, within + 6)
        .toString(),
    ).toBe("needle");
    expect(Buffer.byteLength(match?.text ?? "")).toBeLessThanOrEqual(LIMITS.searchLineBytes);
  });

  test("at most as many as asked for, over all roots, and whether there was more", async () => {
    const [one, two] = [tempRoot({ "a.txt": "x\nx\n" }), tempRoot({ "b.txt": "x x\n" })];
    const search = searchIn({ one: one.folder, two: two.folder }, ripgrep);
    const all = await found(search, { pattern: "x", most: 4 });
    expect([all.at, all.done]).toEqual([
      ["a.txt:1:1+1", "a.txt:2:1+1", "b.txt:1:1+1", "b.txt:1:3+1"],
      { more: false, notText: 0 },
    ]);
    const some = await found(search, { pattern: "x", most: 2 });
    expect([some.at, some.done?.more]).toEqual([["a.txt:1:1+1", "a.txt:2:1+1"], true]);
  });

  test("a file on which an expression takes for ever is named, and the others are searched", async () => {
    const root = tempRoot({ "a.txt": "aab", "b.txt": `${"a".repeat(60)}!\nab`, "c.txt": "ab", "d.txt": "b" });
    const search = searchIn({ place: root.folder }, ripgrep);
    const answer = await found(search, { pattern: "(?:a+)+b", kind: "regex" });
    expect(answer.at).toEqual(["a.txt:1:1+3", "c.txt:1:1+2"]);
    expect(answer.done).toEqual({ more: false, notText: 0, tooSlow: [{ root: "place", path: "b.txt" }] });
  });

  test("links are not followed, and nothing outside is told", async () => {
    const root = tempRoot({ "a.txt": "cat" });
    mkdirSync(join(root.base, "outside"));
    writeFileSync(join(root.base, "outside/secret.txt"), "cat");
    symlinkSync(join(root.base, "outside"), root.at("link"));
    symlinkSync(join(root.base, "outside/secret.txt"), root.at("file.txt"));
    const search = searchIn({ place: root.folder }, ripgrep);
    expect((await found(search, { pattern: "cat" })).at).toEqual(["a.txt:1:1+3"]);
    expect(
      (await problemOf((async () => search.search({ pattern: "cat", root: "place", path: "link" }, SIGNAL))())).code,
    ).toBe("outside-root");
  });

  test("who goes leaves room for others, also where nothing was read", async () => {
    const root = tempRoot(
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.txt`, "x y\n".repeat(500)])),
    );
    const search = searchIn({ place: root.folder }, ripgrep);
    const open = () => search.search({ pattern: "x", context: 5, most: LIMITS.searchMatches }, SIGNAL).body;
    const held = Array.from({ length: LIMITS.searches }, open);
    expect((await problemOf((async () => open())())).code).toBe("too-many-searches");
    for (const body of held) body.destroy();
    await expect.poll(() => search.search({ pattern: "x", most: 1 }, SIGNAL).status).toBe(200);
  });
});

plainTest.each([
  ["(?=a)", "Look-around"],
  ["(?<n>a)", "names"],
  ["(a)\\1", "\\1 is not taken"],
  ["\\p{L}", "\\p is not taken"],
  ["a\\n", "one line"],
  ["[a&&b]", "not taken"],
  ["[[a]]", "only as"],
  ["a++", "needs a group"],
  ["a{", "only as"],
  ["^*", "repeated"],
  ["[]", "empty"],
  ["(a", "no end"],
  ["a)", "not begun"],
  ["[z-a]", "later"],
  ["a\\", "backslash"],
  ["\\x{d800}", "not taken"],
  ["a{1001}", "At most"],
  ["", "empty"],
] as const)("the expression %s is refused", async (pattern, reason) => {
  const search = searchIn({ place: tempRoot().folder }, undefined);
  const problem = await problemOf((async () => search.search({ pattern, kind: "regex" }, SIGNAL))());
  expect(problem).toMatchObject({ code: "bad-pattern", detail: expect.stringContaining(reason) });
});

plainTest.each(["", "/a", "a//b", "a**", "{a", "a}", "{a,{b}}", "a\\b"])("the glob %s is refused", async (glob) => {
  const search = searchIn({ place: tempRoot().folder }, undefined);
  const problem = await problemOf((async () => search.search({ pattern: "a", include: [glob] }, SIGNAL))());
  expect(problem.code).toBe("bad-pattern");
});
