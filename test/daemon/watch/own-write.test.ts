import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL, sha256, watchPlace } from "./watching.js";

interface Told {
  readonly cursor: string;
  readonly changes: readonly { path: string; kind: string; hash?: string }[];
}

async function place(files: Readonly<Record<string, string>> = {}) {
  const root = tempRoot({ "mark.txt": "", ...files });
  const daemon = await startDaemon([{ name: "place", folder: root.folder, access: "write" }]);
  onTestFinished(() => daemon.close());
  const ask = async (token: string, more: object) =>
    (await (await daemon.call("watch/changes", { root: "place", ...more }, token)).json()) as Told;
  const own = daemon.token;
  const other = daemon.createToken("other", ["files:read", "files:write"]);

  async function write(path: string, text: string, expectation = "any"): Promise<number> {
    const query = new URLSearchParams({ root: "place", path, expect: expectation });
    const response = await fetch(`${daemon.url}/v1/files/write?${query}`, {
      method: "POST",
      headers: { authorization: `Bearer ${own}`, "content-type": "application/octet-stream" },
      body: text,
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** All that a token is told from a cursor on, until it is told of a file that is made last. */
  async function until(token: string, since: string, path: string, more: object = {}): Promise<Told["changes"]> {
    const all: Told["changes"][number][] = [];
    for (let cursor = since; !all.some((change) => change.path === path); ) {
      const answer = await within(20, `${path}; so far ${JSON.stringify(all)}`, ask(token, { since: cursor, ...more }));
      all.push(...answer.changes);
      ({ cursor } = answer);
    }
    return all.filter((change) => change.path !== path);
  }

  /** A batch, or an undoing; answers its undo. */
  async function change(operation: "files/apply" | "files/undo", input: object): Promise<string> {
    const response = await daemon.call(operation, input, own);
    expect(response.status).toBe(200);
    return ((await response.json()) as { undo: string }).undo;
  }

  return { root, own, other, write, change, until, cursor: (await ask(own, {})).cursor };
}

test("what a token writes is told to others, and to it only if it asks", async () => {
  const { root, own, other, write, until, cursor } = await place();
  for (const round of [1, 2, 3]) {
    expect(await write("new/folder/a.txt", `content ${round}`)).toBe(200);
    expect(await write(`b${round}.txt`, "b")).toBe(200);
  }
  root.put("mark.txt", "done");
  const all = [
    { path: "new", kind: "added" },
    { path: "new/folder", kind: "added" },
    { path: "b1.txt", kind: "added", hash: sha256("b") },
    { path: "b2.txt", kind: "added", hash: sha256("b") },
    { path: "new/folder/a.txt", kind: "added", hash: sha256("content 3") },
    { path: "b3.txt", kind: "added", hash: sha256("b") },
  ];
  expect(await until(other, cursor, "mark.txt")).toEqual(all);
  expect(await until(own, cursor, "mark.txt", { echo: true })).toEqual(all);
  expect(await until(own, cursor, "mark.txt")).toEqual([]);
});

test("of many writes of one file after each other the others are told the last, and their writer nothing", async () => {
  const { root, own, other, write, until, cursor } = await place();
  const told = until(other, cursor, "mark.txt");
  const toldOwn = until(own, cursor, "mark.txt");
  for (let count = 0; count < 30; count += 1) await write("a.txt", `content ${count}`);
  root.put("mark.txt", "done");
  expect((await told).at(-1)).toEqual({ path: "a.txt", kind: expect.anything(), hash: sha256("content 29") });
  expect(await toldOwn).toEqual([]);
});

test("what somebody else writes there afterwards is told to the writer, and a write that fails hides nothing", async () => {
  const { root, own, write, until, cursor } = await place();
  await write("a.txt", "own");
  root.put("a.txt", "by hand");
  root.put("b.txt", "by hand");
  expect(await write("b.txt", "refused", sha256("something else"))).toBe(412);
  root.put("mark.txt", "done");
  expect((await until(own, cursor, "mark.txt")).toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: "a.txt", kind: expect.stringMatching(/added|changed/u), hash: sha256("by hand") },
    { path: "b.txt", kind: "added", hash: sha256("by hand") },
  ]);
});

test("while a write is under way nobody is told what happens at its paths and below; then all but the writer are", async () => {
  const { folder, put, at } = tempRoot({ "old/a.txt": "a", "b.txt": "b" });
  const watch = watchPlace(folder);
  const { cursor } = await watch.changes({ root: "place" }, SIGNAL, "writer");
  const told = async (holder: string) =>
    (
      await within(
        5,
        `${holder}'s answer`,
        watch.changes({ root: "place", since: cursor, moves: true }, SIGNAL, holder),
      )
    ).changes;
  const own = watch.writing("place", "writer", ["old", "new", "b.txt", "c.txt"]);
  own.hold();
  renameSync(at("old"), at("new"));
  put("b.txt", "by the writer");
  put("c.txt", "by somebody else");
  put("mark.txt", "free");
  const mark = { path: "mark.txt", kind: "added", hash: sha256("free") };
  expect(await told("other")).toEqual([mark]);
  const hash = sha256("by the writer");
  own.done([{ path: "old" }, { path: "new" }, { path: "b.txt", hash }, { path: "c.txt", hash }]);
  await expect.poll(async () => (await told("other")).length).toBe(4);
  expect(await told("other")).toEqual(
    expect.arrayContaining([
      mark,
      { path: "new", kind: "moved", from: "old" },
      { path: "b.txt", kind: "changed", hash },
      { path: "c.txt", kind: "added", hash: sha256("by somebody else") },
    ]),
  );
  expect((await told("writer")).map(({ path }) => path).toSorted()).toEqual(["c.txt", "mark.txt"]);
});

test("what a batch changes, and what its undoing does, is told to others, and to its token only if it asks", async () => {
  const files = { "old.txt": "old", "gone.txt": "gone" };
  const { root, own, other, change, until, cursor } = await place(files);
  const undo = await change("files/apply", {
    root: "place",
    edits: [
      { kind: "write", path: "new/a.txt", text: "a", expect: "absent" },
      { kind: "move", path: "old.txt", to: "moved.txt", expect: sha256("old") },
      { kind: "remove", path: "gone.txt", expect: sha256("gone") },
    ],
  });
  root.put("between.txt", "");
  const paths = ["gone.txt", "moved.txt", "new", "new/a.txt", "old.txt"];
  const told = (changes: readonly { path: string }[]) => changes.map(({ path }) => path).toSorted();
  expect(told(await until(own, cursor, "between.txt"))).toEqual([]);
  expect(told(await until(own, cursor, "between.txt", { echo: true }))).toEqual(paths);
  expect(told(await until(other, cursor, "between.txt"))).toEqual(paths);
  await change("files/undo", { undo });
  root.put("mark.txt", "done");
  expect(told(await until(own, cursor, "mark.txt"))).toEqual(["between.txt"]);
  // What came and went since the cursor is not told at all.
  expect(told(await until(other, cursor, "mark.txt"))).toEqual(["between.txt", "gone.txt", "old.txt"]);
  expect(readFileSync(join(root.folder, "old.txt"), "utf8")).toBe("old");
});

test("a folder that a batch moves is one change to others, with the folder it came to, and nothing to its token", async () => {
  const files = { "src/a.txt": "a", "src/in/b.txt": "b" };
  const { root, own, other, change, until, cursor } = await place(files);
  const undo = await change("files/apply", {
    root: "place",
    edits: [{ kind: "move", path: "src", to: "lib/src", expect: "any" }],
  });
  root.put("between.txt", "");
  expect(await until(own, cursor, "between.txt", { moves: true })).toEqual([]);
  const told = await until(other, cursor, "between.txt", { moves: true });
  expect(told.toSorted((one, another) => (one.path < another.path ? -1 : 1))).toEqual([
    { path: "lib", kind: "added" },
    { path: "lib/src", kind: "moved", from: "src" },
  ]);
  await change("files/undo", { undo });
  root.put("mark.txt", "done");
  // How much of it comes in one answer, and so is told as nothing, is a matter of the moment: what stands in the end is not.
  const last = new Map((await until(other, cursor, "mark.txt")).map(({ path, kind }) => [path, kind]));
  for (const path of ["src", "src/a.txt", "src/in", "src/in/b.txt"])
    expect(last.get(path), path).toMatch(/added|changed/);
  for (const path of ["lib", "lib/src", "lib/src/a.txt"]) expect(last.get(path) ?? "removed", path).toBe("removed");
});
