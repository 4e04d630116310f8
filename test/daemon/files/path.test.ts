import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePath } from "../../../daemon/files/path.js";
import { tempRoot } from "../../support/temp-root.js";
import { OPERATIONS, outcomeOf, put as putFile, readText, SIGNAL, serve } from "./operations.js";

const deep = Array.from({ length: 65 }, () => "d").join("/");

/** Paths that no operation takes, each with what is wrong with it. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["a NUL", "a\0b"],
  ["a NUL behind a good name", "kept.txt\0.png"],
  ["a lone high surrogate", "a\ud800"],
  ["a lone low surrogate", "\udc00a"],
  ["a backslash", "a\\b"],
  ["a climb with backslashes", "..\\secret.txt"],
  ["a backslash at the end", "kept.txt\\"],
  ["a share", "\\\\server\\share"],
  ["a verbatim path", "\\\\?\\C:\\secret"],
  ["a pipe of Windows", "\\\\.\\pipe\\x"],
  ["a drive", "C:secret.txt"],
  ["a drive and a slash", "C:/secret.txt"],
  ["a stream", "kept.txt::$DATA"],
  ["a folder's index", "a::$INDEX_ALLOCATION/x"],
  ["a climb", "../secret.txt"],
  ["a climb from within", "a/../../secret.txt"],
  ["a climb that stays inside", "a/../kept.txt"],
  ["only a climb", ".."],
  ["a climb at the end", "a/.."],
  ["a dot", "."],
  ["a dot first", "./kept.txt"],
  ["a dot within", "a/./kept.txt"],
  ["a dot at the end", "a/."],
  ["three dots", "..."],
  ["four dots", "..../secret.txt"],
  ["a climb with a space", ".. /secret.txt"],
  ["two slashes", "a//b"],
  ["a slash at the end", "a/"],
  ["only a slash", "/"],
  ["an absolute path", "/etc/passwd"],
  ["two slashes at the start", "//etc/passwd"],
  ["a home", "~/secret.txt"],
  ["another's home", "~root/secret.txt"],
  ["a tilde", "~"],
  ["a URL", "file:///etc/passwd"],
  ["a newline", "a\nb"],
  ["a carriage return", "a\r"],
  ["a tab", "a\tb"],
  ["an escape", "a\u001bb"],
  ["a delete", "a\u007fb"],
  ["a control of the second set", "a\u0085b"],
  ["a name of 256 bytes", "n".repeat(256)],
  ["a name of 86 letters that are 258 bytes", "€".repeat(86)],
  ["a path of 4097 bytes", `${"n".repeat(240)}/`.repeat(17).concat("n".repeat(0)).slice(0, 4097).padEnd(4097, "n")],
  ["a path 65 folders deep", deep],
  ["only a space", " "],
  ["dots and spaces", "a/. ./kept.txt"],
  ["a short name", "PROGRA~1"],
  ["a short name with an extension", "kept~1.txt"],
  ["a short name of git", "git~1"],
  ["a short name in a folder", "a/SECRET~2.TXT"],
];

/** Paths with a name that Windows cannot hold: read, and not made. */
const UNPORTABLE: readonly (readonly [string, string])[] = [
  ["a device", "con"],
  ["a device in capitals", "NUL"],
  ["a device with an extension", "aux.lua"],
  ["a device with two extensions", "prn.tar.gz"],
  ["a device and a space", "nul .txt"],
  ["a device in a folder", "a/com1"],
  ["a folder named as a device", "lpt9/a.txt"],
  ["port nought", "COM0"],
  ["port nought of the printer", "lpt0.txt"],
  ["a port with a raised one", "com¹"],
  ["a port with a raised two", "LPT².txt"],
  ["a port with a raised three", "com³.x"],
  ["the console's input", "CONIN$"],
  ["the console's output", "conout$.txt"],
  ["a dot behind the name", "kept.txt."],
  ["a space behind the name", "kept.txt "],
  ["a dot behind a folder", "a./kept.txt"],
  ["a space behind a folder", "a /kept.txt"],
  ["a less-than", "a<b"],
  ["a greater-than", "a>b"],
  ["a quote", 'a"b'],
  ["a bar", "a|b"],
  ["a question mark", "a?b"],
  ["a star", "*"],
];

/** Paths that look bad and are plain names. */
const TAKEN: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["a", ["a"]],
  ["a/b/c.luau", ["a", "b", "c.luau"]],
  ["...a", ["...a"]],
  [".hidden", [".hidden"]],
  ["a..b", ["a..b"]],
  ["..a", ["..a"]],
  ["a b", ["a b"]],
  [" a", [" a"]],
  ["a~b", ["a~b"]],
  ["a~", ["a~"]],
  ["folder~1234567.longer", ["folder~1234567.longer"]],
  ["console", ["console"]],
  ["com10", ["com10"]],
  ["com", ["com"]],
  ["aux-1", ["aux-1"]],
  ["xcon", ["xcon"]],
  ["%2e%2e", ["%2e%2e"]],
  ["%00", ["%00"]],
  ["__proto__", ["__proto__"]],
  ["constructor/prototype", ["constructor", "prototype"]],
  ["名前/ファイル.luau", ["名前", "ファイル.luau"]],
  ["🎮/👩‍👩‍👧.txt", ["🎮", "👩‍👩‍👧.txt"]],
  ["e\u0301", ["e\u0301"]],
  ["\u00e9", ["\u00e9"]],
  ["n".repeat(255), ["n".repeat(255)]],
  ["€".repeat(85), ["€".repeat(85)]],
  [deep.slice(2), deep.slice(2).split("/")],
];

describe("check 9: paths", () => {
  test("the tables are whole", () => {
    expect(REFUSED).toHaveLength(51);
    expect(UNPORTABLE).toHaveLength(24);
    expect(TAKEN).toHaveLength(28);
    expect(OPERATIONS).toHaveLength(7);
  });

  test.each(TAKEN)("%j is a path", (path, names) => {
    expect(parsePath(path)).toEqual(names);
  });

  test.each(REFUSED)("%s is refused by every operation, and nothing is touched", async (_what, path) => {
    const { base, folder, put } = tempRoot({ "a/kept.txt": "kept", "kept.txt": "kept" });
    const outside = put("../secret.txt", "canary");
    const files = serve(folder);
    for (const [name, operation] of OPERATIONS) {
      expect(await outcomeOf(operation(files, path)), name).toBe("invalid-path");
    }
    expect(await files.sight("place", path, new AbortController().signal)).toBeUndefined();
    expect(readFileSync(outside, "utf8")).toBe("canary");
    expect(readFileSync(join(base, "root/kept.txt"), "utf8")).toBe("kept");
  });

  test.each(UNPORTABLE)("%s is read and not made", async (_what, path) => {
    const { folder, put } = tempRoot();
    const files = serve(folder);
    const isWrite = (name: string) => name.startsWith("write");
    for (const [name, operation] of OPERATIONS) {
      expect(await outcomeOf(operation(files, path)), name).toBe(isWrite(name) ? "invalid-path" : "not-found");
    }
    expect(readdirSync(folder)).toEqual([]);
    put(path, "kept");
    expect(await readText(files, path)).toBe("kept");
    const { entries } = await files.list({ root: "place", path: "", depth: 8 }, SIGNAL);
    expect(entries.filter(({ path: shown }) => path === shown || path.startsWith(`${shown}/`))).toHaveLength(
      path.split("/").length,
    );
    expect(entries.some(({ warning }) => warning === "name")).toBe(true);
    await putFile(files, path, "new");
    expect(await readText(files, path)).toBe("new");
  });

  test("a plain name has no warning", async () => {
    const { folder } = tempRoot({ "aux/plain.txt": "" });
    const { entries } = await serve(folder).list({ root: "place", path: "", depth: 2 }, SIGNAL);
    expect(entries.map(({ path, warning }) => [path, warning])).toEqual([
      ["aux", "name"],
      ["aux/plain.txt", undefined],
    ]);
  });

  test("a refusal names the client's path, cut short and well-formed, and no path of the machine", async () => {
    const { base, folder } = tempRoot();
    const files = serve(folder);
    for (const path of [`\ud800${"x".repeat(8000)}`, "missing/file"]) {
      const error = await files.stat({ root: "place", path }, new AbortController().signal).catch((reason) => reason);
      const text = JSON.stringify(error.problem);
      expect(text).not.toContain(base);
      expect(text.isWellFormed()).toBe(true);
      expect(text.length).toBeLessThan(600);
    }
  });
});
