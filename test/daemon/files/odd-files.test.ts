import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createPace } from "../../../daemon/files/pace.js";
import { readHash, readWhole } from "../../../daemon/files/read.js";
import { createSandbox } from "../../../daemon/files/sandbox.js";
import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { OPERATIONS, outcomeOf, put, readText, SIGNAL, serve, WALKS } from "./operations.js";

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

/** Seconds in which a refusal comes. */
const AT_ONCE = 0.1;

/** What is no regular file and can be made by anybody. */
const ODD = [
  ["a pipe", async (path: string) => void execFileSync("mkfifo", [path])],
  ["a socket", listenAt],
] as const;

/** Names of any script and form that are to come back as they went. */
const NAMES = [
  "with space.txt",
  "名前.luau",
  "🎮.txt",
  "\u00e9.txt",
  "e\u0301.txt",
  "%41.txt",
  "'; rm -rf $HOME.txt",
  "-rf",
];

const UNSAYABLE = ["line\nbreak", "back\\slash", "co:lon", "short~1", "~home"];

const UNSERVED = ["", "Place", "__proto__", "constructor", "place "];

test("the tables are whole", () => {
  expect(ODD).toHaveLength(2);
  expect(NAMES).toHaveLength(8);
  expect(UNSAYABLE).toHaveLength(5);
  expect(UNSERVED).toHaveLength(5);
});

describe.each(WALKS)("check 13: files that are none, walking %s", (_name, walk) => {
  describe.runIf(platform() === "linux")("pipes and sockets", () => {
    test.each(ODD)("%s is listed as other, and refused at once by what reads and writes", async (_what, make) => {
      const { folder, at } = tempRoot();
      await make(at("odd"));
      const files = serve(folder, { walk: walk() });
      for (const [name, operation] of OPERATIONS.filter(([name]) => !["list", "stat"].includes(name))) {
        expect(await within(AT_ONCE, name, outcomeOf(operation(files, "odd"))), name).toBe("not-regular");
      }
      const { entries } = await files.list({ root: "place", path: "", hashes: true }, SIGNAL);
      const odd = { path: "odd", kind: "other", bytes: 0, modifiedMs: expect.any(Number) };
      expect(entries).toEqual([odd]);
      expect(await files.stat({ root: "place", path: "odd" }, SIGNAL)).toEqual({ entry: odd });
      expect(await files.sight("place", "odd", SIGNAL)).toBeUndefined();
      expect(readdirSync(folder)).toEqual(["odd"]);
    });

    test("eight reads of pipes at once leave room for an ordinary read", async () => {
      const { folder, at, put } = tempRoot({ "plain.txt": "plain" });
      const names = Array.from({ length: 8 }, (_, index) => `pipe${index}`);
      for (const name of names) execFileSync("mkfifo", [at(name)]);
      put("plain.txt", "plain");
      const files = serve(folder, { walk: walk() });
      const pipes = names.map((name) => outcomeOf(readText(files, name)));
      expect(await within(AT_ONCE, "an ordinary read", readText(files, "plain.txt"))).toBe("plain");
      expect(await within(AT_ONCE, "the pipes", Promise.all(pipes))).toEqual(names.map(() => "not-regular"));
    });
  });

  test("a folder is refused by what reads and writes, and is no problem to a list", async () => {
    const { folder, put } = tempRoot();
    put("folder/");
    const files = serve(folder, { walk: walk() });
    const outcomes = await Promise.all(
      OPERATIONS.map(async ([name, operation]) => [name, (await outcomeOf(operation(files, "folder"))).split(":")[0]]),
    );
    expect(outcomes).toEqual([
      ["list", "ok"],
      ["stat", "ok"],
      ["read", "not-regular"],
      ["read of a range", "not-regular"],
      ["read-many", "not-regular"],
      ["write", "is-a-folder"],
      ["write of a new file", "is-a-folder"],
    ]);
  });

  test("what is not there is not found, and a file is no folder", async () => {
    const { folder } = tempRoot({ "file.txt": "" });
    const files = serve(folder, { walk: walk() });
    for (const [name, operation] of OPERATIONS.filter(([name]) => !name.startsWith("write"))) {
      expect(await outcomeOf(operation(files, "missing.txt")), name).toBe("not-found");
      expect(await outcomeOf(operation(files, "missing/file.txt")), name).toBe("not-found");
      expect(await outcomeOf(operation(files, "file.txt/inner")), name).toBe("not-a-folder");
    }
    expect(await outcomeOf(put(files, "file.txt/inner", "").then(String))).toBe("not-a-folder");
    expect(await outcomeOf(files.list({ root: "place", path: "file.txt" }, SIGNAL).then(String))).toBe("not-a-folder");
  });

  test("no operation knows a root that is not served", async () => {
    const files = serve(tempRoot().folder, { walk: walk() });
    for (const root of UNSERVED) {
      const calls = [
        files.list({ root, path: "" }, SIGNAL),
        files.stat({ root, path: "" }, SIGNAL),
        files.read({ root, path: "" }, SIGNAL),
        files.readMany({ root, paths: [] }, SIGNAL),
        files.write(root, { path: "a", expect: "any", body: (async function* () {})(), signal: SIGNAL }),
      ];
      for (const call of calls) expect(await outcomeOf(call.then(String))).toBe("no-root");
    }
  });
});

describe.each(WALKS)("check 12: odd names, walking %s", (_name, walk) => {
  test("names of any script come back as they went, and twins in another Unicode form are two files", async () => {
    const { folder } = tempRoot();
    const files = serve(folder, { walk: walk() });
    for (const name of NAMES) await put(files, `ordner/${name}`, name);
    const { entries } = await files.list({ root: "place", path: "ordner" }, SIGNAL);
    expect(new Set(entries.map(({ path }) => path))).toEqual(new Set(NAMES.map((name) => `ordner/${name}`)));
    for (const name of NAMES) expect(await readText(files, `ordner/${name}`)).toBe(name);
  });

  test.runIf(platform() === "linux")("names that no path can say are counted and not shown", async () => {
    const { folder } = tempRoot({ "plain.txt": "" });
    for (const name of UNSAYABLE) writeFileSync(join(folder, name), "");
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), "");
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xc3])]));
    const { entries, skipped } = await serve(folder, { walk: walk() }).list(
      { root: "place", path: "", depth: 9 },
      SIGNAL,
    );
    expect(entries.map(({ path }) => path)).toEqual(["plain.txt"]);
    expect(skipped).toBe(7);
    let [sum, after]: [number, string | undefined] = [0, undefined];
    writeFileSync(join(folder, "zzz"), "");
    do {
      const more = after === undefined ? {} : { after };
      const page: Output<"files/list"> = await serve(folder).list(
        { root: "place", path: "", limit: 1, ...more },
        SIGNAL,
      );
      sum += page.skipped ?? 0;
      after = page.after;
    } while (after !== undefined);
    expect(sum).toBe(7);
  });
});

describe("check 13: files that are larger than they may be", () => {
  test("a file of a TiB is too large for every read, and no memory is taken for it", async () => {
    const { folder, at } = tempRoot();
    const file = openSync(at("huge"), "w");
    ftruncateSync(file, 2 ** 40);
    closeSync(file);
    const files = serve(folder);
    const before = process.memoryUsage().rss;
    for (const name of ["stat", "read", "read-many"]) {
      const operation = OPERATIONS.find(([found]) => found === name)?.[1];
      expect(await within(1, name, outcomeOf(operation?.(files, "huge") ?? Promise.resolve("none"))), name).toBe(
        "too-large",
      );
    }
    const range = { offset: 2 ** 39, bytes: 4 };
    expect((await files.read({ root: "place", path: "huge", range }, SIGNAL)).bytes).toEqual(Buffer.alloc(4));
    const { entries } = await files.list({ root: "place", path: "", hashes: true }, SIGNAL);
    expect(entries).toEqual([{ path: "huge", kind: "file", bytes: 2 ** 40, modifiedMs: expect.any(Number) }]);
    expect(await files.sight("place", "huge", SIGNAL)).toMatchObject({ kind: "file" });
    expect(process.memoryUsage().rss - before).toBeLessThan(LIMITS.fileBytes);
  });

  test.runIf(platform() === "linux")("a file that holds more than the system says ends at the limit", async () => {
    // The kernel says 0 bytes of this file, as it does of one that grows after it was asked.
    const visit = createSandbox([{ name: "kernel", folder: "/proc/sys/kernel", access: "read" }], []).enter("kernel");
    onTestFinished(() => visit.close());
    const spot = visit.spot("osrelease") ?? expect.fail("no spot");
    const whole = await readWhole(spot, 1000, createPace(SIGNAL));
    expect(whole.bytes.length).toBeGreaterThan(4);
    expect(await readHash(spot, createPace(SIGNAL))).toBe(whole.hash);
    expect((await readWhole(spot, whole.bytes.length, createPace(SIGNAL))).bytes).toEqual(whole.bytes);
    expect(await outcomeOf(readWhole(spot, 4, createPace(SIGNAL)).then(String))).toBe("too-large");
  });
});

test("no call leaves a handle behind", async () => {
  const { folder, put, at } = tempRoot({ "a/b/c/file.txt": "x" });
  const files = serve(folder);
  const handles = () => readdirSync("/proc/self/fd").length;
  const call = async () => {
    for (const path of ["a/b/c/file.txt", "a/b/missing/x", "a/b/c", "bad//path", ".git"]) {
      for (const [, operation] of OPERATIONS) await outcomeOf(operation(files, path));
    }
    await outcomeOf(files.list({ root: "place", path: "", depth: 64, limit: 1 }, SIGNAL).then(String));
    rmSync(at("a/b/missing"), { recursive: true, force: true });
    put("a/b/c/file.txt", "x");
  };
  await call();
  const before = handles();
  for (let count = 0; count < 20; count += 1) await call();
  expect(handles()).toBe(before);
});
