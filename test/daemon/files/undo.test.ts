import { chmodSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Bounds } from "../../../daemon/files/bounds.js";
import { tempRoot } from "../../support/temp-root.js";
import { apply, disk, headsOf, keep, records, segments, sha256, undo } from "./changing.js";
import { problemOf, put, WALKS } from "./operations.js";

const START = { "a.txt": "old a", "b.txt": "old b", "folder/c.txt": "old c", "empty/": "" };

describe.each(WALKS)("walking %s", (_name, walk) => {
  const start = (content: Record<string, string> = START) => {
    const root = tempRoot(content);
    return { ...root, files: keep(root.base, { walk: walk() }) };
  };

  test("an undone batch leaves what was there before, and its undoing can be undone, again and again", async () => {
    const { files, folder, at } = start();
    chmodSync(at("a.txt"), 0o640);
    const before = disk(folder);
    const done = await apply(
      files,
      { kind: "write", path: "b.txt", text: "new b", expect: "any" },
      { kind: "write", path: "x/y/new.txt", text: "new", expect: "absent" },
      { kind: "remove", path: "a.txt", expect: "any" },
      { kind: "move", path: "folder/c.txt", to: "x/c.txt", expect: "any" },
      { kind: "remove", path: "folder", expect: "any" },
      { kind: "remove", path: "empty", expect: "any" },
    );
    const after = disk(folder);
    let last = done.undo;
    for (let round = 0; round < 2; round += 1) {
      last = (await undo(files, last)).undo;
      expect(disk(folder)).toEqual(before);
      expect(statSync(at("a.txt")).mode & 0o777).toBe(0o640);
      last = (await undo(files, last)).undo;
      expect(disk(folder)).toEqual(after);
    }
  });

  test.each([
    ["over a file", "a.txt"],
    ["of a new file in new folders", "x/y/z.txt"],
  ])("a single write %s can be undone", async (_what, path) => {
    const { files, folder } = start();
    const before = disk(folder);
    const { undo: id = "" } = await put(files, path, Buffer.from([0xff, 0, 0xfe]));
    await undo(files, id);
    expect(disk(folder)).toEqual(before);
  });

  test.each([
    ["has changed since", (at: (path: string) => string) => writeFileSync(at("a.txt"), "mine"), sha256("mine")],
    ["was deleted since", (at: (path: string) => string) => rmSync(at("a.txt")), "absent"],
  ])("an operation whose file %s is not undone, not in part", async (_what, spoil, hash) => {
    const { files, folder, at } = start();
    const { undo: id } = await apply(
      files,
      { kind: "write", path: "a.txt", text: "new a", expect: "any" },
      { kind: "write", path: "b.txt", text: "new b", expect: "any" },
    );
    spoil(at);
    const before = disk(folder);
    expect(await problemOf(undo(files, id))).toMatchObject({ code: "changed", hash, at: "a.txt" });
    expect(disk(folder)).toEqual(before);
  });

  test("a folder that somebody uses by now stays when what made it is undone", async () => {
    const { files, folder, put: place } = start();
    const { undo: id } = await apply(files, { kind: "write", path: "x/y/new.txt", text: "new", expect: "absent" });
    place("x/mine.txt", "mine");
    await undo(files, id);
    expect(disk(folder)).toMatchObject({ x: "/", "x/mine.txt": "mine" });
    expect(Object.keys(disk(folder))).not.toContain("x/y");
  });

  test("a removed file comes back though its folder is gone by now", async () => {
    const { files, folder, at } = start();
    const { undo: id } = await apply(files, { kind: "remove", path: "folder/c.txt", expect: "any" });
    rmSync(at("folder"), { recursive: true });
    await undo(files, id);
    expect(disk(folder)).toMatchObject({ folder: "/", "folder/c.txt": "old c" });
  });
});

test.each(["", "0", "../x", `${"0".repeat(12)}-${"0".repeat(16)}`])("there is nothing to undo by %j", async (id) => {
  const { base } = tempRoot(START);
  expect((await problemOf(undo(keep(base), id))).code).toBe("no-undo");
});

test("content that is no longer whole in the journal is not put back", async () => {
  const { base, folder } = tempRoot(START);
  const files = keep(base);
  const { undo: id } = await apply(files, { kind: "remove", path: "a.txt", expect: "any" });
  const [segment = ""] = segments(base);
  const bytes = readFileSync(segment);
  const from = headsOf(segment)[0]?.contents.from ?? 0;
  bytes[from] = (bytes[from] ?? 0) ^ 1;
  writeFileSync(segment, bytes);
  expect((await problemOf(undo(files, id))).code).toBe("no-undo");
  expect(Object.keys(disk(folder))).not.toContain("a.txt");
});

test("the history lists what was done, the newest first, by whom and whether it can be undone", async () => {
  const { base } = tempRoot(START);
  const files = keep(base);
  const first = await put(files, "a.txt", "new a");
  const second = await apply(
    files,
    { kind: "remove", path: "b.txt", expect: "any" },
    { kind: "folder", path: "made", expect: "any" },
  );
  const third = await undo(files, second.undo);
  const { operations, after } = files.history({});
  expect(after).toBeUndefined();
  expect(operations).toMatchObject([
    { undo: third.undo, kind: "undo", by: "test", root: "place", changed: 2, canUndo: true },
    { undo: second.undo, kind: "apply", by: "test", paths: ["made", "b.txt"], changed: 2, canUndo: false },
    { undo: first.undo, kind: "write", paths: ["a.txt"], changed: 1, canUndo: true },
  ]);
  expect(Math.abs(Date.now() - (operations[0]?.timeMs ?? 0))).toBeLessThan(60_000);
  await undo(files, third.undo);
  expect(files.history({}).operations.map(({ canUndo }) => canUndo)).toEqual([true, false, true, true]);
  const page = files.history({ limit: 3 });
  expect(page.operations).toHaveLength(3);
  expect(files.history({ after: page.after ?? "" }).operations.map(({ undo }) => undo)).toEqual([first.undo]);
});

test.each([
  ["bytes", { bytes: 5_000 }],
  ["operations", { operations: 4 }],
] satisfies [string, Partial<Bounds>][])(
  "the history is bounded in %s: the oldest go first, and nothing else",
  async (_what, bounds: Partial<Bounds>) => {
    const { base } = tempRoot({ "a.txt": "x".repeat(1_000) });
    const files = keep(base, { bounds });
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      ids.push((await put(files, "a.txt", `${round}`.repeat(1_000))).undo ?? "");
      const sizes = segments(base).map((segment) => statSync(segment).size);
      expect(records(base).length).toBeLessThanOrEqual(bounds.operations ?? Number.POSITIVE_INFINITY);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bounds.bytes ?? Number.POSITIVE_INFINITY);
    }
    const kept = files.history({}).operations.map((operation) => operation.undo);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(kept).toEqual(ids.slice(-kept.length).reverse());
  },
);

test("what is older than the bound goes", async () => {
  const { base } = tempRoot(START);
  const bounds = { days: 2, operations: 10 };
  await put(keep(base, { bounds }), "a.txt", "1");
  await put(keep(base, { bounds }), "a.txt", "2");
  const [oldest = ""] = segments(base).sort();
  const files = keep(base, { bounds });
  const threeDaysAgo = Date.now() / 1000 - 3 * 24 * 60 * 60;
  utimesSync(oldest, threeDaysAgo, threeDaysAgo);
  expect(files.history({}).operations).toHaveLength(2);
  const { undo: last } = await put(files, "a.txt", "3");
  expect(files.history({}).operations.map(({ undo }) => undo)).toEqual([last, expect.any(String)]);
});

test("the journal is its user's alone", async () => {
  const { base } = tempRoot(START);
  await put(keep(base), "a.txt", "1");
  expect(statSync(join(base, "journal")).mode & 0o777).toBe(0o700);
  for (const segment of segments(base)) expect(statSync(segment).mode & 0o777).toBe(0o600);
});
