import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { follow, SIGNAL, sha256, watchPlace } from "./watching.js";

test("a file that is added, changed and removed is told of with its hash", async () => {
  const { folder, put, at } = tempRoot({ "folder/old.txt": "old" });
  const follower = await follow(watchPlace(folder));
  put("folder/new.txt", "one");
  expect(await follower.until({ "folder/new.txt": { kind: "added", text: "one" } })).toEqual([
    { path: "folder/new.txt", kind: "added", hash: sha256("one") },
  ]);
  put("folder/old.txt", "two");
  expect(await follower.until({ "folder/old.txt": { kind: "changed", text: "two" } })).toEqual([
    { path: "folder/old.txt", kind: "changed", hash: sha256("two") },
  ]);
  rmSync(at("folder/new.txt"));
  expect(await follower.until({ "folder/new.txt": "removed" })).toEqual([{ path: "folder/new.txt", kind: "removed" }]);
});

test("a file that is made empty is told of as empty", async () => {
  const { folder, put } = tempRoot({ "full.txt": "full" });
  const follower = await follow(watchPlace(folder));
  put("full.txt", "");
  put("new.txt", "");
  await follower.until({ "full.txt": { kind: "changed", text: "" }, "new.txt": { kind: "added", text: "" } });
});

test("a change that happens before the next question is kept for it", async () => {
  const { folder, put } = tempRoot();
  const watch = watchPlace(folder);
  const follower = await follow(watch);
  const { cursor } = await watch.changes({ root: "place" }, SIGNAL, "other");
  put("a.txt", "a");
  await follower.until({ "a.txt": "added" });
  put("b.txt", "b");
  await follower.until({ "b.txt": "added" });
  const { changes } = await watch.changes({ root: "place", since: cursor }, SIGNAL, "other");
  expect(changes.map(({ path }) => path)).toEqual(["a.txt", "b.txt"]);
});

test("the same content again is no change, nor is another time or mode", async () => {
  const { folder, put, at } = tempRoot({ "same.txt": "old", "mark.txt": "" });
  const follower = await follow(watchPlace(folder));
  put("same.txt", "known");
  await follower.until({ "same.txt": "changed" });
  const others = await follower.settle(() => {
    put("same.txt", "known");
    utimesSync(at("same.txt"), new Date(), new Date(1000));
    chmodSync(at("same.txt"), 0o600);
    put("mark.txt", "done");
  }, "mark.txt");
  expect(others).toEqual([]);
});

test("a change of the same size and the same time is told of", async () => {
  const { folder, put, at } = tempRoot({ "same.txt": "aaa" });
  const time = new Date(1_700_000_000_000);
  utimesSync(at("same.txt"), time, time);
  const follower = await follow(watchPlace(folder));
  put("same.txt", "bbb");
  utimesSync(at("same.txt"), time, time);
  await follower.until({ "same.txt": { kind: "changed", text: "bbb" } });
});

test("a renamed file goes and comes, a replaced one changes", async () => {
  const { folder, put, at } = tempRoot({ "a.txt": "a", "target.txt": "old" });
  const follower = await follow(watchPlace(folder));
  renameSync(at("a.txt"), at("b.txt"));
  await follower.until({ "a.txt": "removed", "b.txt": { kind: "added", text: "a" } });
  put("fresh.tmp", "new");
  renameSync(at("fresh.tmp"), at("target.txt"));
  const told = await follower.until({ "target.txt": { kind: "changed", text: "new" } });
  expect(told.filter(({ path }) => path === "target.txt").map(({ kind }) => kind)).toEqual(["changed"]);
});

test("a folder that comes, moves or goes is told of with all it holds", async () => {
  const { folder, base, at } = tempRoot({ "kept.txt": "" });
  mkdirSync(join(base, "made/inner/deep"), { recursive: true });
  writeFileSync(join(base, "made/inner/deep/file.txt"), "deep");
  const follower = await follow(watchPlace(folder));
  renameSync(join(base, "made"), at("made"));
  await follower.until({
    made: "added",
    "made/inner": "added",
    "made/inner/deep": "added",
    "made/inner/deep/file.txt": "added",
  });
  renameSync(at("made/inner"), at("moved"));
  await follower.until({
    "made/inner": "removed",
    "made/inner/deep/file.txt": "removed",
    "moved/deep/file.txt": { kind: "added", text: "deep" },
  });
  appendFileSync(at("moved/deep/file.txt"), "er");
  await follower.until({ "moved/deep/file.txt": { kind: "changed", text: "deeper" } });
  rmSync(at("moved"), { recursive: true });
  await follower.until({ moved: "removed", "moved/deep": "removed", "moved/deep/file.txt": "removed" });
});

test("a folder that is removed and made again at once is watched again", async () => {
  const { folder, put, at } = tempRoot({ "sub/a.txt": "a" });
  const follower = await follow(watchPlace(folder));
  for (const round of [1, 2, 3]) {
    rmSync(at("sub"), { recursive: true });
    put("sub/b.txt", `${round}`);
    await follower.until({ "sub/b.txt": { kind: "added", text: `${round}` } });
  }
  put("sub/c.txt", "c");
  await follower.until({ "sub/c.txt": "added" });
});

test("a burst of folders and files in new folders arrives whole", async () => {
  const { folder, put } = tempRoot();
  const follower = await follow(watchPlace(folder));
  const expected: Record<string, "added"> = {};
  for (let count = 0; count < 1000; count += 1) {
    const path = `burst/${count % 20}/${count % 7}/file${count}.txt`;
    put(path, `${count}`);
    expected[path] = "added";
  }
  await follower.until(expected);
});

test("a file that becomes a folder, and back, is both", async () => {
  const { folder, put, at } = tempRoot({ thing: "file" });
  const follower = await follow(watchPlace(folder));
  rmSync(at("thing"));
  put("thing/inner.txt", "inner");
  await follower.until({ "thing/inner.txt": "added" });
  rmSync(at("thing"), { recursive: true });
  put("thing", "again");
  await follower.until({ "thing/inner.txt": "removed", thing: { kind: "changed", text: "again" } });
});

test("links, denied names and unfinished writes are never told of", async () => {
  const { folder, base, put, at } = tempRoot({ "mark.txt": "", "plain.txt": "" });
  mkdirSync(join(base, "outside"));
  writeFileSync(join(base, "outside/secret.txt"), "canary");
  const follower = await follow(watchPlace(folder, [at("state")]));
  const others = await follower.settle(() => {
    symlinkSync(join(base, "outside"), at("link"));
    symlinkSync(join(base, "outside/secret.txt"), at("link.txt"));
    symlinkSync("plain.txt", at("inner.txt"));
    writeFileSync(join(base, "outside/secret.txt"), "canary, changed");
    writeFileSync(join(base, "outside/new.txt"), "canary");
    for (const path of [".git/config", ".env", "key.pem", "state/tokens.json", `.puente-${"a".repeat(32)}.tmp`])
      put(path, "x");
    put("mark.txt", "done");
  }, "mark.txt");
  expect(others).toEqual([]);
});

test("a folder that is swapped for a link is gone, and nothing behind the link is told of", async () => {
  const { folder, base, put, at } = tempRoot({ "sub/inner.txt": "inner", "mark.txt": "" });
  mkdirSync(join(base, "outside"));
  writeFileSync(join(base, "outside/inner.txt"), "canary");
  const follower = await follow(watchPlace(folder));
  renameSync(at("sub"), join(base, "moved"));
  symlinkSync(join(base, "outside"), at("sub"));
  await follower.until({ sub: "removed", "sub/inner.txt": "removed" });
  for (const round of [1, 2, 3]) {
    const others = await follower.settle(() => {
      writeFileSync(join(base, "outside/inner.txt"), `canary ${round}`);
      writeFileSync(join(base, `outside/new${round}.txt`), "canary");
      writeFileSync(join(base, "moved/inner.txt"), `canary ${round}`);
      put("mark.txt", `${round}`);
    }, "mark.txt");
    expect(others).toEqual([]);
  }
});

test.runIf(platform() === "linux")("names that no path can say disturb nothing", async () => {
  const { folder, put } = tempRoot({ "mark.txt": "" });
  const follower = await follow(watchPlace(folder));
  const others = await follower.settle(() => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), "");
    for (const name of ["line\nbreak", "back\\slash", "nul.txt"]) writeFileSync(join(folder, name), "");
    put("mark.txt", "done");
  }, "mark.txt");
  expect(others).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(5);
});

test("a root that is removed and made again is watched again", async () => {
  const { folder, put } = tempRoot({ "a/old.txt": "old" });
  const follower = await follow(watchPlace(folder));
  rmSync(folder, { recursive: true });
  await follower.until({ a: "removed", "a/old.txt": "removed" });
  put("a/new.txt", "new");
  await follower.until({ "a/new.txt": { kind: "added", text: "new" } });
  put("a/later.txt", "later");
  await follower.until({ "a/later.txt": { kind: "added", text: "later" } });
  rmSync(folder, { recursive: true });
  put("b.txt", "at once");
  await follower.until({ "a/new.txt": "removed", "b.txt": { kind: "added", text: "at once" } });
  put("c.txt", "c");
  await follower.until({ "c.txt": "added" });
});

test("a root that is gone when it is first asked for is watched once it is there", async () => {
  const { folder, put } = tempRoot();
  const watch = watchPlace(folder);
  rmSync(folder, { recursive: true });
  const follower = await follow(watch);
  put("a.txt", "a");
  await follower.until({ "a.txt": { kind: "added", text: "a" } });
  put("b/c.txt", "c");
  await follower.until({ "b/c.txt": "added" });
});

test("a cursor of another daemon, or of no daemon, answers overflow at once, and the new cursor goes on", async () => {
  const { folder, put } = tempRoot();
  const { cursor: foreign } = await watchPlace(folder).changes({ root: "place" }, SIGNAL, "test");
  const watch = watchPlace(folder);
  for (const since of [foreign, "nonsense", ""]) {
    const answer = await within(5, "an overflow", watch.changes({ root: "place", since }, SIGNAL, "test"));
    expect(answer).toEqual({ cursor: expect.stringMatching(/^[0-9a-f]{16}-\d+$/u), changes: [], overflow: true });
    const next = watch.changes({ root: "place", since: answer.cursor }, SIGNAL, "test");
    put("file.txt", `${since} seen`);
    expect((await within(5, "a change", next)).changes).toHaveLength(1);
  }
});

test("a caller that goes away is let go at once, and its place is free", async () => {
  const { folder } = tempRoot();
  const watch = watchPlace(folder);
  const { cursor: since } = await watch.changes({ root: "place" }, SIGNAL, "test");
  for (let round = 0; round < 3; round += 1) {
    const gone = new AbortController();
    const waiting = Array.from({ length: LIMITS.waits }, () =>
      watch.changes({ root: "place", since }, gone.signal, "test"),
    );
    await expect(watch.changes({ root: "place", since }, SIGNAL, "test")).rejects.toThrow("too-many-waits");
    const other = watch.changes({ root: "place" }, SIGNAL, "another token");
    expect(await within(1, "another token's call", other)).toEqual({ cursor: since, changes: [] });
    gone.abort(new Error("the caller went away"));
    const ends = await within(1, "the end of the waits", Promise.allSettled(waiting));
    expect(ends.map((end) => end.status === "rejected" && String(end.reason))).toEqual(
      waiting.map(() => "Error: the caller went away"),
    );
  }
});

test("all who wait are told", async () => {
  const { folder, put } = tempRoot();
  const watch = watchPlace(folder);
  const { cursor: since } = await watch.changes({ root: "place" }, SIGNAL, "test");
  const waiting = ["one", "two", "three"].map((holder) => watch.changes({ root: "place", since }, SIGNAL, holder));
  put("file.txt", "x");
  const answers = await within(5, "three answers", Promise.all(waiting));
  for (const { changes } of answers) expect(changes).toEqual([{ path: "file.txt", kind: "added", hash: sha256("x") }]);
});

test("the end of the daemon ends the waits, and later calls are refused", async () => {
  const { folder } = tempRoot();
  const watch = watchPlace(folder);
  const { cursor: since } = await watch.changes({ root: "place" }, SIGNAL, "test");
  const waiting = expect(watch.changes({ root: "place", since }, SIGNAL, "test")).rejects.toThrow("shutting-down");
  await within(5, "the end", watch.close());
  await within(1, "the wait's end", waiting);
  await expect(watch.changes({ root: "place" }, SIGNAL, "test")).rejects.toThrow("shutting-down");
});

test("a root that is not served is not watched", async () => {
  const watch = watchPlace(tempRoot().folder);
  for (const root of ["", "other", "__proto__"]) {
    await expect(watch.changes({ root }, SIGNAL, "test")).rejects.toThrow("no-root");
  }
});
