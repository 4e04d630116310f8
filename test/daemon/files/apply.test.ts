import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProblemCode } from "../../../shared/problem.js";
import { tempRoot } from "../../support/temp-root.js";
import { apply, disk, type Edits, keep, records, sha256 } from "./changing.js";
import { problemOf, put, WALKS } from "./operations.js";

const START = {
  "a.txt": "old a",
  "b.txt": "old b",
  "folder/c.txt": "old c",
  "empty/": "",
  "link-to-be/": "",
  ".env": "secret",
};

/** One edit that cannot be had, and what comes of the whole batch. */
const REFUSED: readonly (readonly [what: string, edit: Edits[number], code: ProblemCode, hash?: string])[] = [
  [
    "a write that expects nothing, over a file",
    { kind: "write", path: "b.txt", text: "", expect: "absent" },
    "changed",
    sha256("old b"),
  ],
  [
    "a write that expects another hash",
    { kind: "write", path: "b.txt", text: "", expect: sha256("x") },
    "changed",
    sha256("old b"),
  ],
  [
    "a write that expects a hash, over nothing",
    { kind: "write", path: "n.txt", text: "", expect: sha256("x") },
    "changed",
    "absent",
  ],
  ["a write without expectation", { kind: "write", path: "b.txt", text: "" }, "expect-missing"],
  ["a write without text", { kind: "write", path: "b.txt", expect: "any" }, "invalid-input"],
  ["a write over a folder", { kind: "write", path: "folder", text: "", expect: "any" }, "is-a-folder"],
  ["a write below a file", { kind: "write", path: "b.txt/deep/x", text: "", expect: "any" }, "not-a-folder"],
  ["a write over the root", { kind: "write", path: "", text: "", expect: "any" }, "is-a-folder"],
  ["a write of a denied name", { kind: "write", path: ".env", text: "", expect: "any" }, "denied-path"],
  ["a write through a link", { kind: "write", path: "link/x.txt", text: "", expect: "any" }, "outside-root"],
  ["a write over a link", { kind: "write", path: "link", text: "", expect: "any" }, "outside-root"],
  ["a write with a way out", { kind: "write", path: "../x.txt", text: "", expect: "any" }, "invalid-path"],
  [
    "a write over what nobody may write to",
    { kind: "write", path: "locked.txt", text: "", expect: "any" },
    "no-permission",
  ],
  ["a removal of nothing", { kind: "remove", path: "n.txt", expect: "any" }, "not-found"],
  ["a removal of another content", { kind: "remove", path: "b.txt", expect: sha256("x") }, "changed", sha256("old b")],
  ["a removal of a folder that holds something", { kind: "remove", path: "folder", expect: "any" }, "is-a-folder"],
  ["a removal of a denied name", { kind: "remove", path: ".env", expect: "any" }, "denied-path"],
  ["a removal of a link", { kind: "remove", path: "link", expect: "any" }, "outside-root"],
  ["a move of nothing", { kind: "move", path: "n.txt", to: "m.txt", expect: "any" }, "not-found"],
  [
    "a move of another content",
    { kind: "move", path: "b.txt", to: "m.txt", expect: sha256("x") },
    "changed",
    sha256("old b"),
  ],
  [
    "a move to a name that is taken",
    { kind: "move", path: "b.txt", to: "folder/c.txt", expect: "any" },
    "changed",
    sha256("old c"),
  ],
  ["a move of a folder of a hash", { kind: "move", path: "folder", to: "o", expect: sha256("x") }, "is-a-folder"],
  ["a move of a folder that is absent", { kind: "move", path: "folder", to: "o", expect: "absent" }, "is-a-folder"],
  [
    "a move of a folder to a name that is taken",
    { kind: "move", path: "folder", to: "b.txt", expect: "any" },
    "changed",
    sha256("old b"),
  ],
  [
    "a move of a folder over an empty one",
    { kind: "move", path: "folder", to: "link-to-be", expect: "any" },
    "is-a-folder",
  ],
  ["a move of a folder into itself", { kind: "move", path: "folder", to: "folder/in", expect: "any" }, "invalid-input"],
  [
    "a move of a folder to where another edit writes",
    { kind: "move", path: "folder", to: "new", expect: "any" },
    "invalid-input",
  ],
  ["a move of a folder with a secret", { kind: "move", path: "secrets", to: "o", expect: "any" }, "denied-path"],
  ["a move of a folder through a link", { kind: "move", path: "folder", to: "link/o", expect: "any" }, "outside-root"],
  ["a move of a link to a folder", { kind: "move", path: "link", to: "o", expect: "any" }, "outside-root"],
  [
    "a move of a folder with deep paths to deeper",
    { kind: "move", path: "deep", to: Array.from({ length: 60 }, () => "d").join("/"), expect: "any" },
    "invalid-path",
  ],
  ["a move to nowhere", { kind: "move", path: "b.txt", expect: "any" }, "invalid-input"],
  ["a move to a denied name", { kind: "move", path: "b.txt", to: ".git/hooks", expect: "any" }, "denied-path"],
  ["a folder where a file is", { kind: "folder", path: "b.txt", expect: "any" }, "not-a-folder"],
  ["a folder that must be new and is there", { kind: "folder", path: "folder", expect: "absent" }, "is-a-folder"],
  ["a folder with a hash", { kind: "folder", path: "new", expect: sha256("x") }, "invalid-input"],
  ["a second edit of a path", { kind: "remove", path: "a.txt", expect: "any" }, "invalid-input"],
];

test("the table is whole", () => {
  expect(REFUSED).toHaveLength(37);
});

describe.each(WALKS)("walking %s", (_name, walk) => {
  function start() {
    const root = tempRoot(START);
    mkdirSync(join(root.base, "outside"));
    symlinkSync(join(root.base, "outside"), root.at("link"));
    root.put("locked.txt", "locked");
    chmodSync(root.at("locked.txt"), 0o444);
    return { ...root, files: keep(root.base, { walk: walk() }) };
  }

  test.each(REFUSED.map(([what, edit, code, hash]) => [what, edit, { code, hash }] as const))(
    "%s refuses the whole batch before anything changes",
    async (_what, edit, refusal) => {
      const { base, folder, files, put: place } = start();
      place("secrets/inner/.env", "secret");
      place("deep/1/2/3/4/5.txt");
      const before = disk(folder);
      const whole: Edits = [
        { kind: "write", path: "a.txt", text: "new", expect: "any" },
        { kind: "write", path: "new/x.txt", text: "new", expect: "absent" },
        edit,
        { kind: "remove", path: "empty", expect: "any" },
      ];
      const problem = await problemOf(apply(files, ...whole));
      expect({ code: problem.code, hash: problem.hash }).toEqual(refusal);
      expect(disk(folder)).toEqual(before);
      expect(readFileSync(join(base, "root", ".env"), "utf8")).toBe("secret");
    },
  );

  test("a batch does every edit, makes the folders on the way, and leaves nothing else", async () => {
    const { base, folder, put: place, files, at } = start();
    place("run.sh", "old");
    chmodSync(at("run.sh"), 0o750);
    const { undo, results } = await apply(
      files,
      { kind: "write", path: "run.sh", text: "new", expect: sha256("old") },
      { kind: "write", path: "x/y/new.txt", text: "größe", expect: "absent" },
      { kind: "remove", path: "a.txt", expect: sha256("old a") },
      { kind: "move", path: "b.txt", to: "x/z/b.txt", expect: sha256("old b") },
      { kind: "folder", path: "made/deep", expect: "absent" },
      { kind: "folder", path: "folder", expect: "any" },
      { kind: "remove", path: "folder/c.txt", expect: "any" },
      { kind: "remove", path: "empty", expect: "any" },
    );
    expect(undo).toMatch(/^[0-9a-f-]+$/);
    expect(results.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: "a.txt", kind: "nothing" },
      { path: "b.txt", kind: "nothing" },
      { path: "empty", kind: "nothing" },
      { path: "folder/c.txt", kind: "nothing" },
      { path: "made", kind: "folder" },
      { path: "made/deep", kind: "folder" },
      { path: "run.sh", kind: "file", hash: sha256("new"), bytes: 3 },
      { path: "x", kind: "folder" },
      { path: "x/y", kind: "folder" },
      { path: "x/y/new.txt", kind: "file", hash: sha256("größe"), bytes: 7 },
      { path: "x/z", kind: "folder" },
      { path: "x/z/b.txt", kind: "file", hash: sha256("old b"), bytes: 5 },
    ]);
    const { link, ...now } = disk(folder);
    expect(link).toBe("/");
    expect(now).toEqual({
      ".env": "secret",
      "run.sh": "new",
      folder: "/",
      "link-to-be": "/",
      "locked.txt": "locked",
      made: "/",
      "made/deep": "/",
      x: "/",
      "x/y": "/",
      "x/y/new.txt": Buffer.from("größe").toString("latin1"),
      "x/z": "/",
      "x/z/b.txt": "old b",
    });
    expect(statSync(at("run.sh")).mode & 0o777).toBe(0o750);
    expect(records(base)).toEqual(["done"]);
  });

  test("a folder goes with all that is removed from it", async () => {
    const { folder, files } = start();
    await apply(
      files,
      { kind: "remove", path: "folder", expect: "any" },
      { kind: "remove", path: "folder/c.txt", expect: "any" },
    );
    expect(Object.keys(disk(folder))).not.toContain("folder");
  });

  test("of batches with one expectation exactly one is done, and the others are told the hash of now", async () => {
    const { files } = start();
    const batches = Array.from({ length: 12 }, (_, index) =>
      apply(
        files,
        { kind: "write", path: `mine-${index}.txt`, text: "mine", expect: "absent" },
        { kind: "write", path: "a.txt", text: `batch ${index}`, expect: sha256("old a") },
      ),
    );
    const single = put(files, "a.txt", "single", sha256("old a"));
    const outcomes = await Promise.allSettled([...batches, single]);
    const won = outcomes.filter(({ status }) => status === "fulfilled");
    expect(won).toHaveLength(1);
    const now = sha256(readFileSync(join(files.folders[0]?.folder ?? "", "a.txt")));
    const problems = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.problem] : []));
    expect(problems).toHaveLength(12);
    for (const problem of problems) expect(problem).toMatchObject({ code: "changed", hash: now, at: "a.txt" });
    const listing = disk(files.folders[0]?.folder ?? "");
    expect(Object.keys(listing).filter((name) => name.startsWith("mine-")).length).toBeLessThanOrEqual(1);
    expect(Object.keys(listing).filter((name) => name.startsWith(".puente-"))).toEqual([]);
  });
});

test("a root that is served for reading takes no batch", async () => {
  const { base } = tempRoot(START);
  const files = keep(base, { access: "read" });
  const problem = await problemOf(apply(files, { kind: "write", path: "x", text: "", expect: "any" }));
  expect(problem.code).toBe("read-only");
});

test("a thousand edits are one batch", async () => {
  const { base, folder } = tempRoot();
  mkdirSync(join(folder, "many"));
  for (let index = 0; index < 500; index += 1) writeFileSync(join(folder, "many", `${index}.txt`), `old ${index}`);
  const files = keep(base);
  const edits: Edits = Array.from({ length: 1000 }, (_, index) => ({
    kind: "write",
    path: `many/${index}.txt`,
    text: `new ${index}`,
    expect: index < 500 ? sha256(`old ${index}`) : "absent",
  }));
  await apply(files, ...edits);
  for (const index of [0, 499, 500, 999]) {
    expect(readFileSync(join(folder, "many", `${index}.txt`), "utf8")).toBe(`new ${index}`);
  }
});
