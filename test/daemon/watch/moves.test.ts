import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Watch } from "../../../daemon/watch/watch.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL, sha256, watchPlace } from "./watching.js";

type Asking = { readonly moves?: true };

/** What one answer says after something was done. */
async function toldOf(watch: Watch, act: () => void, asking: Asking = { moves: true }) {
  const { cursor } = await watch.changes({ root: "place" }, SIGNAL, "test");
  act();
  const answer = watch.changes({ root: "place", since: cursor, ...asking }, SIGNAL, "test");
  return (await within(5, "the answer", answer)).changes;
}

test("a renamed file is one change, and without being asked for the two ends of it in one answer", async () => {
  const { folder, at } = tempRoot({ "a.txt": "content", "inner/b.txt": "b" });
  const watch = watchPlace(folder);
  expect(await toldOf(watch, () => renameSync(at("a.txt"), at("inner/c.txt")))).toEqual([
    { path: "inner/c.txt", kind: "moved", from: "a.txt", hash: sha256("content") },
  ]);
  expect(await toldOf(watch, () => renameSync(at("inner/c.txt"), at("a.txt")), {})).toEqual([
    { path: "inner/c.txt", kind: "removed" },
    { path: "a.txt", kind: "added", hash: sha256("content") },
  ]);
  expect(await toldOf(watch, () => renameSync(at("a.txt"), at("inner/b.txt")))).toEqual([
    { path: "inner/b.txt", kind: "moved", from: "a.txt", hash: sha256("content") },
  ]);
});

test("a rename is seen too where the new name was spoken of before the old one", async () => {
  const { folder, put, at } = tempRoot({ "a.txt": "content" });
  const told = await toldOf(watchPlace(folder), () => {
    put("b.txt", "for a moment");
    rmSync(at("b.txt"));
    renameSync(at("a.txt"), at("b.txt"));
  });
  expect(told).toEqual([{ path: "b.txt", kind: "moved", from: "a.txt", hash: sha256("content") }]);
});

test("a renamed folder is one change, however much it holds", async () => {
  const { folder, put, at } = tempRoot();
  for (let count = 0; count < 600; count += 1) put(`folder/${count % 7}/file${count}.txt`, `${count}`);
  const watch = watchPlace(folder);
  expect(await toldOf(watch, () => renameSync(at("folder"), at("other")))).toEqual([
    { path: "other", kind: "moved", from: "folder" },
  ]);
  const plain = await toldOf(watch, () => renameSync(at("other"), at("folder")), {});
  expect(plain).toHaveLength(2 * (1 + 7 + 600));
  put("folder/0/file0.txt", "told of under the new name");
  const { cursor } = await watch.changes({ root: "place" }, SIGNAL, "test");
  put("folder/1/late.txt", "too");
  const { changes } = await watch.changes({ root: "place", since: cursor, moves: true }, SIGNAL, "test");
  expect(changes.at(-1)).toMatchObject({ path: "folder/1/late.txt", kind: "added" });
});

test("what else happened in a renamed folder is told of too", async () => {
  const { folder, put, at } = tempRoot({ "old/same.txt": "s", "old/edited.txt": "e", "old/gone.txt": "g" });
  const watch = watchPlace(folder);
  const told = await toldOf(watch, () => {
    rmSync(at("old/gone.txt"));
    renameSync(at("old"), at("new"));
    put("new/edited.txt", "other");
    put("new/fresh.txt", "f");
  });
  expect(told).toHaveLength(5);
  expect(told).toEqual(
    expect.arrayContaining([
      { path: "old/gone.txt", kind: "removed" },
      { path: "new", kind: "moved", from: "old" },
      { path: "old/edited.txt", kind: "removed" },
      { path: "new/edited.txt", kind: "added", hash: sha256("other") },
      { path: "new/fresh.txt", kind: "added", hash: sha256("f") },
    ]),
  );
});

test("another file with the number of one that is gone is not the same file", async () => {
  const { folder, put, at } = tempRoot({ "a.txt": "one" });
  const told = await toldOf(watchPlace(folder), () => {
    rmSync(at("a.txt"));
    put("b.txt", "two");
  });
  expect(told.map(({ kind }) => kind).toSorted()).toEqual(["added", "removed"]);
});

test("what comes from outside the root is added, what goes there is removed", async () => {
  const { folder, base, at } = tempRoot({ "a.txt": "a" });
  mkdirSync(join(base, "outside"));
  const watch = watchPlace(folder);
  const out = () => renameSync(at("a.txt"), join(base, "outside/a.txt"));
  expect(await toldOf(watch, out)).toEqual([{ path: "a.txt", kind: "removed" }]);
  const back = () => renameSync(join(base, "outside/a.txt"), at("b.txt"));
  expect(await toldOf(watch, back)).toEqual([{ path: "b.txt", kind: "added", hash: sha256("a") }]);
});

test("a burst is one answer", async () => {
  const { folder, at } = tempRoot({ "0.txt": "0" });
  const watch = watchPlace(folder);
  const told = await toldOf(watch, () => {
    for (let count = 0; count < 50; count += 1) writeFileSync(at(`${count}.txt`), `new ${count}`);
  });
  expect(told).toHaveLength(50);
});
