import { readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Input } from "../../../shared/contract/index.js";
import { tempRoot } from "../../support/temp-root.js";
import { outcomeOf, SIGNAL, serve, WALKS } from "./operations.js";

/** Numbers that look random and are the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = ["a", "a.b", "a-b", "A", "ab", "z", "é", "e\u0301", "\uff21", "🎮", "!", "a b", "名", "a~x", "-"];

/** A tree of files and folders, and the order in which a listing shows it. */
function grow(next: (below: number) => number): { files: string[]; expected: string[] } {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (let count = 0; count < 120; count += 1) {
    const names = Array.from({ length: 1 + next(5) }, () => NAMES[next(NAMES.length)] ?? "a");
    const path = names.join("/");
    const parents = names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
    if (folders.has(path) || parents.some((parent) => files.has(parent))) continue;
    files.add(path);
    for (const parent of parents) folders.add(parent);
  }
  const bytesOf = (path: string) => path.split("/").map((name) => Buffer.from(name));
  const expected = [...files, ...folders].sort((one, other) => {
    const [left, right] = [bytesOf(one), bytesOf(other)];
    for (const [index, name] of left.entries()) {
      const order = right[index] === undefined ? 1 : Buffer.compare(name, right[index]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  });
  return { files: [...files], expected };
}

async function pages(folder: string, input: Omit<Input<"files/list">, "root">): Promise<string[][]> {
  const files = serve(folder);
  const found: string[][] = [];
  let after = input.after;
  do {
    const answer = await files.list({ root: "place", ...input, ...(after !== undefined && { after }) }, SIGNAL);
    found.push(answer.entries.map(({ path }) => path));
    after = answer.after;
  } while (after !== undefined);
  return found;
}

test.each([1, 2, 3])("a random tree is listed whole and in order, whatever the page (seed %i)", async (seed) => {
  const next = numbers(seed);
  const { files, expected } = grow(next);
  const { folder, put } = tempRoot();
  for (const path of files) put(path, path);
  expect(expected.length).toBeGreaterThan(50);
  for (const limit of [1, 2, 7, expected.length - 1, expected.length, 10_000]) {
    const found = await pages(folder, { path: "", depth: 64, limit });
    expect(found.flat(), `seed ${seed}, limit ${limit}`).toEqual(expected);
    expect(found).toHaveLength(Math.ceil(expected.length / limit));
  }
  for (const depth of [1, 2, 3]) {
    const near = expected.filter((path) => path.split("/").length <= depth);
    expect((await pages(folder, { path: "", depth, limit: 5 })).flat(), `seed ${seed}, depth ${depth}`).toEqual(near);
  }
  for (const from of expected.filter((path) => !files.includes(path)).slice(0, 10)) {
    const below = expected.filter((path) => path.startsWith(`${from}/`));
    expect((await pages(folder, { path: from, depth: 64, limit: 3 })).flat(), `seed ${seed}, from ${from}`).toEqual(
      below,
    );
  }
});

test("a page goes on where the one before ended, also where that path is gone by then", async () => {
  const { folder, put, at } = tempRoot();
  for (const path of ["a/1", "a/2", "b/1", "c"]) put(path);
  const files = serve(folder);
  const first = await files.list({ root: "place", path: "", depth: 2, limit: 2 }, SIGNAL);
  expect(first.after).toBe("a/1");
  rmSync(at("a"), { recursive: true });
  const rest = await files.list({ root: "place", path: "", depth: 2, after: "a/1" }, SIGNAL);
  expect(rest.entries.map(({ path }) => path)).toEqual(["b", "b/1", "c"]);
});

/** Pages that no listing answered, and what is said of them. */
const STRAYS = [
  ["a path outside of what is listed", { path: "a", after: "b/1" }, "invalid-input"],
  ["the listed path itself", { path: "a", after: "a" }, "invalid-input"],
  ["a path deeper than what is listed", { path: "", depth: 1, after: "a/1" }, "invalid-input"],
  ["no path", { path: "", after: "../x" }, "invalid-path"],
] as const;

test("the table is whole", () => {
  expect(STRAYS).toHaveLength(4);
});

test.each(STRAYS)("%s cannot be gone on from", async (_what, input, code) => {
  const { folder } = tempRoot({ "a/1": "", "b/1": "" });
  expect(
    await outcomeOf(
      serve(folder)
        .list({ root: "place", ...input }, SIGNAL)
        .then(String),
    ),
  ).toBe(code);
});

describe.each(WALKS)("walking %s", (_name, walk) => {
  test("an entry says what stands there; a file's hash is told where asked for", async () => {
    const { folder, at } = tempRoot({ "file.txt": "abc", "folder/": "" });
    utimesSync(at("file.txt"), 1_700_000_000, 1_700_000_000.5);
    utimesSync(at("folder"), new Date(0), new Date(-5000));
    const files = serve(folder, { walk: walk() });
    const file = { path: "file.txt", kind: "file", bytes: 3, modifiedMs: 1_700_000_000_500 };
    const inner = { path: "folder", kind: "folder", bytes: 0, modifiedMs: 0 };
    expect((await files.list({ root: "place", path: "" }, SIGNAL)).entries).toEqual([file, inner]);
    const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect((await files.list({ root: "place", path: "", hashes: true }, SIGNAL)).entries).toEqual([
      { ...file, hash },
      inner,
    ]);
    expect((await files.stat({ root: "place", path: "folder" }, SIGNAL)).entry).toEqual(inner);
    expect((await files.stat({ root: "place", path: "" }, SIGNAL)).entry).toMatchObject({ path: "", kind: "folder" });
  });
});

describe("unfinished writes of a daemon that died", () => {
  const OLD = `.puente-${"1".repeat(32)}.tmp`;
  const YOUNG = `.puente-${"2".repeat(32)}.tmp`;
  const longAgo = Date.now() / 1000 - 3600;

  function leftovers() {
    const root = tempRoot({ "folder/kept.txt": "kept" });
    for (const name of [OLD, YOUNG]) writeFileSync(root.put(`folder/${name}`), "half");
    utimesSync(root.at(`folder/${OLD}`), longAgo, longAgo);
    const others = ["folder/.puente-old.tmp", "folder/.env", "folder/id.pem", `other/.puente-${"3".repeat(32)}.tmp/`];
    for (const path of others) utimesSync(root.put(path), longAgo, longAgo);
    return { ...root, names: () => readdirSync(join(root.folder, "folder")).sort() };
  }

  test("are cleared away by a listing, once they are too old to be anybody's", async () => {
    const { folder, names } = leftovers();
    const { entries } = await serve(folder).list({ root: "place", path: "", depth: 3 }, SIGNAL);
    expect(entries.map(({ path }) => path)).toEqual(["folder", "folder/.puente-old.tmp", "folder/kept.txt", "other"]);
    expect(names()).toEqual([YOUNG, ".env", ".puente-old.tmp", "id.pem", "kept.txt"].sort());
  });

  test("stay where the root is served for reading only", async () => {
    const { folder, names } = leftovers();
    await serve(folder, { access: "read" }).list({ root: "place", path: "", depth: 3 }, SIGNAL);
    expect(names()).toContain(OLD);
  });
});
