import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { array, assert, constantFrom, property, tuple } from "fast-check";
import library from "ignore";
import { expect, test } from "vitest";
import { createIgnore } from "../../../daemon/files/ignore.js";
import type { Input } from "../../../shared/contract/index.js";
import { tempRoot } from "../../support/temp-root.js";
import { put, readText, SIGNAL, serve } from "./operations.js";

type Rule = Input<"files/list">["ignore"];

async function filesIn(folder: string, options: { rule?: Rule; path?: string; ignore?: string[] } = {}) {
  const { rule, path = "", ignore = [] } = options;
  const input = { root: "place", path, depth: 64, ...(rule !== undefined && { ignore: rule }) };
  const { entries } = await serve(folder, { ignore }).list(input, SIGNAL);
  return entries.filter(({ kind }) => kind === "file").map((entry) => entry.path);
}

test("what is built and what is installed is passed over, at any depth, unless all is asked for", async () => {
  const { folder, put } = tempRoot();
  for (const path of ["a.luau", "node_modules/x/a", "sub/dist/a", "out/a", "sub/out.luau", "distant/a"]) put(path);
  const rest = ["a.luau", "distant/a", "sub/out.luau"];
  expect(await filesIn(folder)).toEqual(rest);
  expect(await filesIn(folder, { rule: "none" })).toEqual([...rest, "node_modules/x/a", "out/a", "sub/dist/a"].sort());
});

test("an ignored folder that is named is listed whole, and what is in it is read and written", async () => {
  const { folder, put: make } = tempRoot();
  make("node_modules/x/dist/a", "text");
  make("node_modules/x/.gitignore", "*");
  const expected = ["node_modules/x/.gitignore", "node_modules/x/dist/a"];
  expect(await filesIn(folder, { path: "node_modules/x" })).toEqual(expected);
  expect(await filesIn(folder, { path: "node_modules/x", rule: "gitignore" })).toEqual(expected);
  const files = serve(folder);
  expect(await readText(files, "node_modules/x/dist/a")).toBe("text");
  await put(files, "node_modules/x/dist/b", "new");
  expect(await readText(files, "node_modules/x/dist/b")).toBe("new");
});

test("patterns of the user's come last: they hide more, and show what is hidden by default", async () => {
  const { folder, put } = tempRoot();
  for (const path of ["a.luau", "a.log", "sub/b.log", "dist/a", "Build/a"]) put(path);
  expect(await filesIn(folder, { ignore: ["*.log", "!dist/"] })).toEqual(["Build/a", "a.luau", "dist/a"]);
});

test("the watch is shown nothing that is ignored", async () => {
  const { folder, put } = tempRoot();
  for (const path of ["a", "node_modules/x/a"]) put(path);
  const files = serve(folder);
  const seen: string[] = [];
  for await (const [path] of files.survey("place", "", SIGNAL)) seen.push(path);
  expect(seen).toEqual(["a"]);
  expect(await files.sight("place", "node_modules/x/a", SIGNAL)).toBe(undefined);
  expect(files.isDenied("node_modules")).toBe(true);
  expect(files.isDenied("src")).toBe(false);
});

test(".gitignore files hide what git would not add, nested ones too", async () => {
  const { folder, put } = tempRoot();
  put(".gitignore", "*.log\n/top\nlogs/\nsub/x*.txt\n# comment\n\\#hash\n!keep.log\n**/deep/*.bin\r\nspace\\ \n");
  put("sub/.gitignore", "!a.log\n/b\n*.tmp\n");
  put("sub/inner/.gitignore", "!*.tmp\n*\n!.gitignore\n!c.tmp\n");
  put("sub/node/.gitignore", "\ufeff*.x\n");
  for (const path of [
    ...["a.log", "keep.log", "top", "logs/a", "sub/logs/a", "#hash", "space ", "x.txt", "sub/x1.txt", "sub/y/x1.txt"],
    ...["sub/a.log", "sub/b", "sub/y/b", "sub/c.tmp", "sub/inner/c.tmp", "sub/inner/d", "sub/deep/a.bin", "sub/top"],
    ...["sub/z/deep/a.bin", "sub/node/a.x", "sub/inner/.gitignored", "z/.gitignore", "z/a", "z/log", "ü.log", "ü/é"],
  ]) {
    if (path !== "z/.gitignore") put(path.trimEnd());
    else put(path, "a");
  }
  mkdirSync(join(folder, "git"));
  execFileSync("git", ["init", "-q", join(folder, "git")]);
  const told = execFileSync(
    "git",
    [
      "--git-dir",
      join(folder, "git", ".git"),
      "--work-tree",
      folder,
      "ls-files",
      "-oz",
      "--exclude-per-directory=.gitignore",
    ],
    { cwd: folder, encoding: "utf8" },
  );
  const byGit = told.split("\0").filter((path) => path !== "" && !path.startsWith("git/"));
  expect(byGit.length).toBeGreaterThan(12);
  expect(await filesIn(folder, { rule: "gitignore" })).toEqual(byGit.sort());
});

test("a pattern made to be slow is left out, and long ones of one star are fast", () => {
  const slow = createIgnore(["*a*a*a*a*a*a*a*b", "a*b"]);
  const started = performance.now();
  expect(slow.hides("a".repeat(255), "file")).toBe(false);
  expect(slow.hides("ab", "file")).toBe(true);
  expect(performance.now() - started).toBeLessThan(1000);
});

test("a pattern that the library cannot read hides nothing, and the others hide what they name", async () => {
  const broken = ["[a/b", "!x[/A", "[z-a/b"];
  const ignore = createIgnore([...broken, "*.log"]);
  expect(["a/b", "x", "a.log"].map((path) => ignore.hides(path, "file"))).toEqual([false, false, true]);
  const { folder, put } = tempRoot({ ".gitignore": `${broken.join("\n")}\n*.log\n` });
  for (const path of ["a/b", "a.log"]) put(path);
  expect(await filesIn(folder, { rule: "gitignore" })).toEqual([".gitignore", "a/b"]);
});

test("patterns that end in plain names say of every path what the library says", async () => {
  const name = constantFrom("a", "b", "ab", "A", ".git", "é");
  const pattern = tuple(
    constantFrom("", "!"),
    constantFrom("", "/", "**/", "*/", "a/", "b/**/"),
    name,
    constantFrom("", "/"),
  ).map((parts) => parts.join(""));
  const path = array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
  const kind = constantFrom("file", "folder");
  await assert(
    property(
      array(pattern, { minLength: 1, maxLength: 4 }),
      array(tuple(path, kind), { maxLength: 8 }),
      (patterns, asked) => {
        const [ours, theirs] = [createIgnore(patterns), library({ ignorecase: false }).add(patterns)];
        for (const [path, kind] of asked) {
          expect(ours.hides(path, kind)).toBe(theirs.test(kind === "folder" ? `${path}/` : path).ignored);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("answers stay right when more paths were asked about than are kept", () => {
  const ignore = createIgnore(["*.log"]);
  for (let index = 0; index < 10_000; index += 1) expect(ignore.hides(`a/${index}.log`, "file")).toBe(true);
  expect(ignore.hides("a/b.luau", "file")).toBe(false);
});
