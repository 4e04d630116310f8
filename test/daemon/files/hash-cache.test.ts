import { lstatSync, readdirSync, readFileSync, type Stats, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFiles } from "../../../daemon/files/files.js";
import { hashOf } from "../../../daemon/files/hash.js";
import { createHashCache, type Hashes, MOST_BYTES } from "../../../daemon/files/hash-cache.js";
import { keepHashes } from "../../../daemon/files/hash-store.js";
import { openStateFolder } from "../../../daemon/state.js";
import { startDaemon } from "../../support/daemon.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL } from "./operations.js";

const SECONDS = 10_000;
const HASH = hashOf(Buffer.from("some file"));

/** A cache that takes all files for old, and says how many were read. */
function patient(): Hashes & { reads: number } {
  const cache = createHashCache();
  return {
    reads: 0,
    get: cache.get,
    put(stats, hash, openedMs) {
      this.reads += 1;
      cache.put(stats, hash, openedMs + SECONDS);
    },
  };
}

function serveWith(folder: string, hashes: Hashes) {
  const files = createFiles([{ name: "place", folder, access: "write" }], { denied: [], hashes });
  return async () => {
    const { entries } = await files.list({ root: "place", path: "", depth: 9, hashes: true }, SIGNAL);
    return entries.map(({ path, hash }) => [path, hash]);
  };
}

function statsOf(ino: number, changes: Partial<Stats> = {}): Stats {
  return { dev: 1, ino, size: 3, mtimeMs: 1000, ctimeMs: 1000, ...changes } as Stats;
}

test("a file is read once, and again when it has changed, also where size and mtime say that it has not", async () => {
  const { folder, put, at } = tempRoot({ a: "one", b: "two" });
  const hashes = patient();
  const list = serveWith(folder, hashes);
  utimesSync(at("a"), 1000, 1000);
  const first = await list();
  expect(first).toEqual([
    ["a", hashOf(Buffer.from("one"))],
    ["b", hashOf(Buffer.from("two"))],
  ]);
  expect(await list()).toEqual(first);
  expect(hashes.reads).toBe(2);
  const before = statSync(at("a"));
  put("a", "ONE");
  utimesSync(at("a"), 1000, 1000);
  const after = statSync(at("a"));
  expect([after.ino, after.size, after.mtimeMs]).toEqual([before.ino, before.size, before.mtimeMs]);
  expect(await list()).toEqual([["a", hashOf(Buffer.from("ONE"))], first[1]]);
  expect(hashes.reads).toBe(3);
});

test("a file that changed just before it was read is in doubt, and read again", async () => {
  const { folder, put } = tempRoot({ a: "one" });
  const cache = createHashCache();
  const list = serveWith(folder, cache);
  await list();
  const stats = lstatSync(put("a", "two"));
  expect(cache.save()).toBe(undefined);
  cache.put(stats, HASH, stats.ctimeMs + 1999);
  expect(cache.get(stats)).toBe(undefined);
  cache.put(stats, HASH, stats.ctimeMs + 2001);
  expect(cache.get(stats)).toBe(HASH);
});

test.each<[string, Partial<Stats>]>([
  ["device", { dev: 2 }],
  ["inode", { ino: 8 }],
  ["size", { size: 4 }],
  ["mtime", { mtimeMs: 1000.0005 }],
  ["ctime", { ctimeMs: 1000.0005 }],
])("a hash holds for one %s only", (_what, change) => {
  const cache = createHashCache();
  cache.put(statsOf(7), HASH, SECONDS);
  expect(cache.get(statsOf(7))).toBe(HASH);
  expect(cache.get(statsOf(7, change))).toBe(undefined);
});

test("what is known already is nothing new to write down, and another hash of the same is", () => {
  const cache = createHashCache();
  cache.put(statsOf(1), HASH, SECONDS);
  expect(cache.save()).toBeDefined();
  cache.put(statsOf(1), HASH, SECONDS);
  expect(cache.save()).toBe(undefined);
  const other = hashOf(Buffer.from("some other file"));
  cache.put(statsOf(1), other, SECONDS);
  expect(cache.save()).toBeDefined();
  expect(cache.get(statsOf(1))).toBe(other);
});

test("an inode that a double does not hold is never kept", () => {
  const cache = createHashCache();
  cache.put(statsOf(2 ** 53), HASH, SECONDS);
  expect(cache.get(statsOf(2 ** 53))).toBe(undefined);
});

test("a full cache forgets the oldest, and its memory has a bound", () => {
  const cache = createHashCache();
  const most = MOST_BYTES / 72;
  for (let ino = 0; ino < most + 10; ino += 1) cache.put(statsOf(ino), HASH, SECONDS);
  expect(cache.get(statsOf(9))).toBe(undefined);
  expect(cache.get(statsOf(10))).toBe(HASH);
  expect(cache.get(statsOf(most + 9))).toBe(HASH);
  expect(cache.save()?.length).toBe(MOST_BYTES);
});

describe("between two daemons", () => {
  const fail = (error: unknown) => {
    throw error;
  };

  async function kept() {
    const { base } = tempRoot();
    const home = join(base, "home");
    const state = openStateFolder(home, process.platform);
    const hashes = keepHashes(state, fail);
    hashes.put(statsOf(7), HASH, SECONDS);
    await hashes.close();
    return { home, state, file: join(home, "hashes") };
  }

  test("the hashes are kept, for their user only, and nothing is left beside them", async () => {
    const { home, state, file } = await kept();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["hashes"]);
    const again = keepHashes(state, fail);
    expect(again.get(statsOf(7))).toBe(HASH);
    again.put(statsOf(8), HASH, SECONDS);
    await again.close();
    const third = keepHashes(state, fail);
    expect([third.get(statsOf(7)), third.get(statsOf(8))]).toEqual([HASH, HASH]);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["cut off", (bytes) => bytes.subarray(0, -1)],
    ["empty", () => Buffer.alloc(0)],
    ["of another form", (bytes) => Buffer.concat([Buffer.from("x"), bytes.subarray(1)])],
    ["changed by one bit", (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])],
    ["too long", (bytes) => Buffer.concat([bytes, Buffer.alloc(MOST_BYTES)])],
  ])("a file that is %s is an empty cache", async (_what, spoil) => {
    const { state, file } = await kept();
    writeFileSync(file, spoil(readFileSync(file)));
    const hashes = keepHashes(state, fail);
    expect(hashes.get(statsOf(7))).toBe(undefined);
    hashes.put(statsOf(9), HASH, SECONDS);
    await hashes.close();
    expect(keepHashes(state, fail).get(statsOf(9))).toBe(HASH);
  });

  test("where it cannot be written the daemon goes on, and says so", async () => {
    const { state } = await kept();
    const faults: unknown[] = [];
    const broken = { ...state, replaceBytes: () => state.replaceBytes("no-such-folder/hashes", Buffer.alloc(1)) };
    const hashes = keepHashes(broken, (error) => faults.push(error));
    hashes.put(statsOf(9), HASH, SECONDS);
    await hashes.close();
    expect(faults).toHaveLength(1);
    expect(hashes.get(statsOf(9))).toBe(HASH);
  });

  test("a daemon writes them down when it ends", async () => {
    const { folder, at } = tempRoot({ a: "one" });
    const daemon = await startDaemon([{ name: "place", folder, access: "read" }]);
    const until = statSync(at("a")).ctimeMs + 2100;
    for (;;) {
      const asked = Date.now();
      const answer = await daemon.call("files/list", { root: "place", path: "", hashes: true });
      expect(JSON.stringify(await answer.json())).toContain(hashOf(Buffer.from("one")));
      if (asked > until) break;
      await new Promise((resolve) => setTimeout(resolve, until - asked + 1));
    }
    await daemon.restart();
    expect(keepHashes(daemon.state, fail).get(lstatSync(at("a")))).toBe(hashOf(Buffer.from("one")));
    await daemon.close();
  });
});
