import { createHash, randomBytes } from "node:crypto";
import { chmodSync, linkSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { bodyOf, problemOf, put, SIGNAL, serve, WALKS } from "./operations.js";

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Every file below a folder, also those that Puente hides, with its content. */
function disk(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = entry.isFile() ? readFileSync(path, "latin1") : "/";
  }
  return found;
}

const OLD = sha256("old");
const OTHER = sha256("other");

/** What a writer expects, what stands there, and what comes of it. */
const PRECONDITIONS: readonly (readonly [string, string | undefined, string | undefined, string, string?])[] = [
  ["any, over a file", "any", "old", "written"],
  ["any, over nothing", "any", undefined, "written"],
  ["absent, over nothing", "absent", undefined, "written"],
  ["absent, over a file", "absent", "old", "changed", OLD],
  ["absent, over an empty file", "absent", "", "changed", sha256("")],
  ["its hash, over a file", OLD, "old", "written"],
  ["another hash, over a file", OTHER, "old", "changed", OLD],
  ["a hash, over nothing", OLD, undefined, "changed", "absent"],
  ["the hash of nothing, over nothing", sha256(""), undefined, "changed", "absent"],
  ["nothing said, over a file", undefined, "old", "expect-missing"],
  ["nothing said, over nothing", undefined, undefined, "expect-missing"],
  ["a hash in capitals", OLD.toUpperCase(), "old", "invalid-input"],
  ["half a hash", OLD.slice(0, 32), "old", "invalid-input"],
  ["a quoted hash", `"${OLD.slice(2)}"`, "old", "invalid-input"],
  ["an empty text", "", "old", "invalid-input"],
  ["a star", "*", "old", "invalid-input"],
  ["Any", "Any", "old", "invalid-input"],
];

const SIZES = [0, 1, 65_536, 10 * 1024 * 1024];
const MODES = [0o600, 0o640, 0o644, 0o755, 0o777];

test("the tables are whole", () => {
  expect(PRECONDITIONS).toHaveLength(17);
  expect(SIZES).toHaveLength(4);
  expect(MODES).toHaveLength(5);
});

describe.each(WALKS)("walking %s", (_name, walk) => {
  test.each(PRECONDITIONS)("expecting %s", async (_what, expectation, standing, outcome, now) => {
    const { folder } = tempRoot(standing === undefined ? {} : { "folder/file.txt": standing });
    const files = serve(folder, { walk: walk() });
    const before = disk(folder);
    const path = "folder/file.txt";
    const body = bodyOf("n", "", "ew");
    const written = files.write("place", {
      path,
      body,
      signal: SIGNAL,
      ...(expectation !== undefined && { expect: expectation }),
    });
    if (outcome === "written") {
      expect(await written).toEqual({ hash: sha256("new"), bytes: 3 });
      expect(disk(folder)).toEqual({ folder: "/", "folder/file.txt": "new" });
    } else {
      const problem = await problemOf(written);
      expect(problem.code).toBe(outcome);
      expect(problem.hash).toBe(now);
      expect(disk(folder)).toEqual(before);
    }
  });

  test.each(SIZES)("%i random bytes arrive as they were sent", async (size) => {
    const bytes = randomBytes(size);
    const { folder, at } = tempRoot();
    const files = serve(folder, { walk: walk() });
    expect(await put(files, "a/b/c.bin", bytes, "absent")).toEqual({ hash: sha256(bytes), bytes: size });
    expect(Buffer.compare(readFileSync(at("a/b/c.bin")), bytes)).toBe(0);
    expect(Object.keys(disk(folder)).sort()).toEqual(["a", "a/b", "a/b/c.bin"]);
  });

  test("of writers with one expectation exactly one writes, and the others are told what it wrote", async () => {
    for (const [expectation, content] of [
      [OLD, "old"],
      ["absent", undefined],
    ] as const) {
      const { folder } = tempRoot(content === undefined ? {} : { "file.txt": content });
      const files = serve(folder, { walk: walk() });
      const writers = Array.from({ length: 20 }, (_, index) => put(files, "file.txt", `writer ${index}`, expectation));
      const results = await Promise.allSettled(writers);
      const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.hash] : []));
      expect(won).toHaveLength(1);
      const problems = results.flatMap((result) => (result.status === "rejected" ? [result.reason.problem] : []));
      expect(problems).toEqual(
        Array.from({ length: 19 }, () => expect.objectContaining({ code: "changed", hash: won[0] })),
      );
      expect(sha256(readFileSync(join(folder, "file.txt")))).toBe(won[0]);
      expect(readdirSync(folder)).toEqual(["file.txt"]);
    }
  });

  test("a file that changes while its successor is on the way is not overwritten", async () => {
    const { folder, put: place, at } = tempRoot({ "file.txt": "old" });
    const files = serve(folder, { walk: walk() });
    const { atime, mtime } = statSync(at("file.txt"));
    async function* slowly() {
      yield Buffer.from("n");
      // The same size and the same time of change: only its content tells.
      place("file.txt", "odd");
      utimesSync(at("file.txt"), atime, mtime);
      yield Buffer.from("ew");
    }
    const problem = await problemOf(
      files.write("place", { path: "file.txt", expect: OLD, body: slowly(), signal: SIGNAL }),
    );
    expect(problem).toMatchObject({ code: "changed", hash: sha256("odd"), at: "file.txt" });
    expect(disk(folder)).toEqual({ "file.txt": "odd" });
  });

  test("a file that appears while a new one is on the way is not overwritten", async () => {
    const { folder, put: place } = tempRoot();
    const files = serve(folder, { walk: walk() });
    async function* slowly() {
      yield Buffer.from("mine");
      place("file.txt", "theirs");
    }
    const problem = await problemOf(
      files.write("place", { path: "file.txt", expect: "absent", body: slowly(), signal: SIGNAL }),
    );
    expect(problem).toMatchObject({ code: "changed", hash: sha256("theirs") });
    expect(disk(folder)).toEqual({ "file.txt": "theirs" });
  });

  test("a write whose caller goes away, or whose body breaks, leaves the old file and nothing else", async () => {
    const { folder } = tempRoot({ "file.txt": "old" });
    const files = serve(folder, { walk: walk() });
    for (const path of ["file.txt", "new/deep/file.txt"]) {
      const gone = new AbortController();
      async function* leaving() {
        yield Buffer.alloc(100_000);
        gone.abort(new Error("the caller went away"));
        yield Buffer.alloc(100_000);
      }
      const left = files.write("place", { path, expect: "any", body: leaving(), signal: gone.signal });
      await expect(left).rejects.toThrow("the caller went away");
      async function* broken() {
        yield Buffer.alloc(100_000);
        throw new Error("the body broke");
      }
      const cut = files.write("place", { path, expect: "any", body: broken(), signal: SIGNAL });
      await expect(cut).rejects.toThrow("the body broke");
      expect(disk(folder)).toEqual({ "file.txt": "old" });
    }
  });

  test("a caller that goes away at the last byte has written nothing", async () => {
    const { folder } = tempRoot({ "file.txt": "old" });
    const gone = new AbortController();
    async function* leaving() {
      yield Buffer.from("new");
      gone.abort(new Error("the caller went away"));
    }
    const left = serve(folder, { walk: walk() }).write("place", {
      path: "file.txt",
      expect: "any",
      body: leaving(),
      signal: gone.signal,
    });
    await expect(left).rejects.toThrow("the caller went away");
    expect(disk(folder)).toEqual({ "file.txt": "old" });
  });

  test("a body over the limit ends at the limit", async () => {
    const { folder } = tempRoot({ "file.txt": "old" });
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken += 1024 * 1024;
        yield Buffer.alloc(1024 * 1024);
      }
    }
    const problem = await problemOf(
      serve(folder, { walk: walk() }).write("place", {
        path: "file.txt",
        expect: "any",
        body: endless(),
        signal: SIGNAL,
      }),
    );
    expect(problem.code).toBe("too-large");
    expect(taken).toBe(LIMITS.fileBytes + 1024 * 1024);
    expect(disk(folder)).toEqual({ "file.txt": "old" });
  });

  test("a root for reading only is not written to", async () => {
    const { folder } = tempRoot({ "file.txt": "old" });
    const files = serve(folder, { walk: walk(), access: "read" });
    for (const path of ["file.txt", "new.txt", "folder/new.txt", ""]) {
      expect((await problemOf(put(files, path, "new"))).code).toBe("read-only");
    }
    expect(disk(folder)).toEqual({ "file.txt": "old" });
  });

  describe.skipIf(platform() === "win32")("modes", () => {
    test.each(MODES)("a file of mode %o keeps it", async (mode) => {
      const { folder, at } = tempRoot({ "file.txt": "old" });
      chmodSync(at("file.txt"), mode);
      await put(serve(folder, { walk: walk() }), "file.txt", "new");
      expect(statSync(at("file.txt")).mode & 0o7777).toBe(mode);
    });

    test("what would run as another user no longer does once it is written to", async () => {
      const { folder, at } = tempRoot({ "file.txt": "old" });
      chmodSync(at("file.txt"), 0o6755);
      await put(serve(folder, { walk: walk() }), "file.txt", "new");
      expect(statSync(at("file.txt")).mode & 0o7777).toBe(0o755);
    });

    test("a new file has the mode that the system gives to new files", async () => {
      const { folder, at, put: place } = tempRoot();
      place("like.txt", "");
      const files = serve(folder, { walk: walk() });
      for (const expectation of ["any", "absent"]) {
        await put(files, `${expectation}.txt`, "new", expectation);
        expect(statSync(at(`${expectation}.txt`)).mode).toBe(statSync(at("like.txt")).mode);
      }
    });

    test("a file that nobody may write to is not replaced", async () => {
      const { folder, at } = tempRoot({ "file.txt": "old" });
      chmodSync(at("file.txt"), 0o444);
      expect((await problemOf(put(serve(folder, { walk: walk() }), "file.txt", "new"))).code).toBe("no-permission");
      expect(disk(folder)).toEqual({ "file.txt": "old" });
    });

    test("a file with a second name outside is replaced, and the second name keeps the old content", async () => {
      const { folder, base, at } = tempRoot({ "file.txt": "old" });
      linkSync(at("file.txt"), join(base, "second.txt"));
      await put(serve(folder, { walk: walk() }), "file.txt", "new", OLD);
      expect(readFileSync(join(base, "second.txt"), "utf8")).toBe("old");
      expect(disk(folder)).toEqual({ "file.txt": "new" });
    });
  });
});

test("who reads while others write sees one content or the other, whole", async () => {
  const { folder, at } = tempRoot({ "file.txt": "a".repeat(300_000) });
  const files = serve(folder);
  const seen = new Set<string>();
  const done = new AbortController();
  const reading = (async () => {
    while (!done.signal.aborted) {
      const text = readFileSync(at("file.txt"), "latin1");
      expect(text.length).toBe(300_000);
      expect(text).toBe((text[0] ?? "").repeat(300_000));
      seen.add(text[0] ?? "");
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (const letter of "bcdefghij") await put(files, "file.txt", letter.repeat(300_000));
  done.abort();
  await within(5, "the reader", reading);
  expect(seen.size).toBeGreaterThan(1);
});

test("what is being written is not listed, not read, and nobody else's", async () => {
  const { folder } = tempRoot({ "file.txt": "old" });
  const files = serve(folder);
  const half = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<void>();
  async function* body() {
    yield Buffer.from("ne");
    half.resolve();
    await rest.promise;
    yield Buffer.from("w");
  }
  const writing = files.write("place", { path: "file.txt", expect: "any", body: body(), signal: SIGNAL });
  await within(5, "half the body to be written", half.promise);
  const [temporary = "none"] = readdirSync(folder).filter((name) => name !== "file.txt");
  expect(temporary).toMatch(/^\.puente-[0-9a-f]{32}\.tmp$/u);
  if (platform() !== "win32") expect(statSync(join(folder, temporary)).mode & 0o777).toBe(0o600);
  expect((await problemOf(files.read({ root: "place", path: temporary }, SIGNAL))).code).toBe("denied-path");
  expect((await files.list({ root: "place", path: "" }, SIGNAL)).entries.map(({ path }) => path)).toEqual(["file.txt"]);
  expect(readFileSync(join(folder, "file.txt"), "utf8")).toBe("old");
  rest.resolve();
  await writing;
  expect(disk(folder)).toEqual({ "file.txt": "new" });
});
