import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, renameSync } from "node:fs";
import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { tempRoot } from "../../support/temp-root.js";
import { put, readMany, SIGNAL, serve } from "./operations.js";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const SIZES = [0, 1, 4095, 65_536, 1_048_575, 1_048_576, 1_048_577, 10 * 1024 * 1024];

/** Ranges of ten letters, and what they hold. */
const RANGES = [
  ["from the start", 0, 3, "abc"],
  ["from within", 3, 3, "def"],
  ["over the end", 8, 100, "ij"],
  ["at the end", 10, 5, ""],
  ["behind the end", 99, 5, ""],
  ["of nothing", 4, 0, ""],
] as const;

test("the tables are whole", () => {
  expect(SIZES).toHaveLength(8);
  expect(RANGES).toHaveLength(6);
});

test.each(SIZES)("a file of %i random bytes is read back with its hash", async (size) => {
  const bytes = randomBytes(size);
  const { folder } = tempRoot({ "file.bin": bytes });
  const files = serve(folder);
  const answer = await files.read({ root: "place", path: "file.bin" }, SIGNAL);
  expect(Buffer.compare(answer.bytes, bytes)).toBe(0);
  expect(answer.hash).toBe(sha256(bytes));
  const { entry } = await files.stat({ root: "place", path: "file.bin" }, SIGNAL);
  expect(entry).toEqual({
    path: "file.bin",
    kind: "file",
    bytes: size,
    modifiedMs: expect.any(Number),
    hash: sha256(bytes),
  });
});

test.each(RANGES)("a range %s has what is there, and no hash", async (_what, offset, bytes, expected) => {
  const { folder } = tempRoot({ "file.txt": "abcdefghij" });
  const answer = await serve(folder).read({ root: "place", path: "file.txt", range: { offset, bytes } }, SIGNAL);
  expect(Buffer.from(answer.bytes).toString()).toBe(expected);
  expect(answer).not.toHaveProperty("hash");
});

test("many files come in the order asked for, each with its text or its own problem", async () => {
  const { folder } = tempRoot({
    "bom.luau": "\ufeffprint()",
    "crlf.luau": "a\r\nb\r\n",
    "empty.luau": "",
    "zero.txt": "a\0b",
    "umlaut.txt": "äöü 名前 🎮",
    "latin.txt": Buffer.from([0x61, 0xe4]),
    "cut.txt": Buffer.from("🎮").subarray(0, 3),
    "surrogate.txt": Buffer.from([0xed, 0xa0, 0x80]),
    "overlong.txt": Buffer.from([0xc0, 0xaf]),
    "folder/inner.luau": "inner",
  });
  const paths = ["umlaut.txt", "bom.luau", "crlf.luau", "empty.luau", "zero.txt", "folder/inner.luau", "bom.luau"];
  const broken = [
    "latin.txt",
    "cut.txt",
    "surrogate.txt",
    "overlong.txt",
    "missing",
    "folder",
    "../x",
    ".env",
    "folder/inner.luau/x",
  ];
  const answer = await readMany(serve(folder), [...broken, ...paths]);
  expect(answer.leftOut).toEqual([]);
  expect(answer.files.map(({ path }) => path)).toEqual([...broken, ...paths]);
  expect(answer.files.slice(0, broken.length).map(({ problem }) => problem?.code)).toEqual([
    "not-text",
    "not-text",
    "not-text",
    "not-text",
    "not-found",
    "not-regular",
    "invalid-path",
    "denied-path",
    "not-a-folder",
  ]);
  const texts = ["äöü 名前 🎮", "\ufeffprint()", "a\r\nb\r\n", "", "a\0b", "inner", "\ufeffprint()"];
  expect(answer.files.slice(broken.length)).toEqual(
    texts.map((text, index) => ({ path: paths[index], text, hash: sha256(Buffer.from(text)) })),
  );
});

test("many files end at the limit of the answer, and the rest is named", async () => {
  const third = "x".repeat(LIMITS.readManyBytes / 3);
  const { folder } = tempRoot({
    "1": third,
    "2": third,
    "3": third,
    "4": third,
    whole: "y".repeat(LIMITS.readManyBytes),
    over: "z".repeat(LIMITS.readManyBytes + 1),
  });
  const files = serve(folder);
  const ask = async (...paths: string[]) => {
    const answer = await readMany(files, paths);
    return [answer.files.map(({ path, problem }) => problem?.code ?? path), answer.leftOut];
  };
  expect(await ask("1", "2", "3", "4", "1")).toEqual([
    ["1", "2", "3"],
    ["4", "1"],
  ]);
  expect(await ask("whole", "1")).toEqual([["whole"], ["1"]]);
  expect(await ask("1", "whole", "2")).toEqual([["1"], ["whole", "2"]]);
  expect(await ask("over", "1")).toEqual([["too-large", "1"], []]);
  expect(await ask()).toEqual([[], []]);
});

test("a caller that goes away ends a long read", async () => {
  const { folder } = tempRoot({ "large.bin": Buffer.alloc(32 * 1024 * 1024) });
  const files = serve(folder);
  const gone = new AbortController();
  const reading = files.read({ root: "place", path: "large.bin" }, gone.signal);
  gone.abort(new Error("the caller went away"));
  await expect(reading).rejects.toThrow("the caller went away");
});

test("a root that was removed and made again is the new one", async () => {
  const { folder, base } = tempRoot({ "old.txt": "old" });
  const files = serve(folder);
  renameSync(folder, `${base}/moved`);
  await expect(files.list({ root: "place", path: "" }, SIGNAL)).rejects.toThrow("not-found");
  mkdirSync(folder);
  expect((await files.list({ root: "place", path: "" }, SIGNAL)).entries).toEqual([]);
  await put(files, "new.txt", "new");
  expect((await files.list({ root: "place", path: "" }, SIGNAL)).entries).toHaveLength(1);
});

test("a root whose folder is missing cannot be served", () => {
  expect(() => serve(`${tempRoot().folder}/missing`)).toThrow(/place/u);
});
