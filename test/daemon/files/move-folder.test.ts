import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFiles } from "../../../daemon/files/files.js";
import { tempRoot } from "../../support/temp-root.js";
import { apply, disk, keep, sha256, undo } from "./changing.js";
import { problemOf, put, SIGNAL, WALKS } from "./operations.js";

const START = { "src/a.txt": "a", "src/in/b.txt": "b", "src/in/empty/": "", "src/aux.lua": "odd", "c.txt": "c" };
const MOVE = { kind: "move", path: "src", to: "lib/new", expect: "any" } as const;
const MOVED = {
  "c.txt": "c",
  lib: "/",
  "lib/new": "/",
  "lib/new/a.txt": "a",
  "lib/new/aux.lua": "odd",
  "lib/new/in": "/",
  "lib/new/in/b.txt": "b",
  "lib/new/in/empty": "/",
};

describe.each(WALKS)("walking %s", (_name, walk) => {
  function start() {
    const root = tempRoot(START);
    return { ...root, files: keep(root.base, { walk: walk() }) };
  }

  test("a folder moves with all that is in it, as the same folder, and back again and again", async () => {
    const { files, folder, at } = start();
    const before = disk(folder);
    const { ino } = lstatSync(at("src/in/b.txt"));
    const done = await apply(files, MOVE);
    expect(done.results).toEqual([
      { path: "lib", kind: "folder" },
      { path: "lib/new", kind: "folder" },
      { path: "src", kind: "nothing" },
    ]);
    expect(disk(folder)).toEqual(MOVED);
    expect(lstatSync(at("lib/new/in/b.txt")).ino).toBe(ino);
    expect(files.history({}).operations).toMatchObject([
      { undo: done.undo, kind: "move", paths: ["lib", "lib/new", "src"], canUndo: true },
    ]);
    let last = done.undo;
    for (let round = 0; round < 2; round += 1) {
      last = (await undo(files, last)).undo;
      expect(disk(folder)).toEqual(before);
      last = (await undo(files, last)).undo;
      expect(disk(folder)).toEqual(MOVED);
    }
  });

  test("links in it go along as they are", async () => {
    const { files, at } = start();
    symlinkSync("../c.txt", at("src/link"));
    await apply(files, MOVE);
    expect(readlinkSync(at("lib/new/link"))).toBe("../c.txt");
  });

  test("in a batch it is one edit among others, and its old parent can go with it", async () => {
    const { files, folder } = start();
    const before = disk(folder);
    const { undo: id } = await apply(
      files,
      { kind: "remove", path: "src/a.txt", expect: sha256("a") },
      { kind: "remove", path: "src/aux.lua", expect: "any" },
      { kind: "move", path: "src/in", to: "in", expect: "any" },
      { kind: "remove", path: "src", expect: "any" },
      { kind: "write", path: "lib/c.txt", text: "new", expect: "absent" },
    );
    expect(disk(folder)).toEqual({
      "c.txt": "c",
      in: "/",
      "in/b.txt": "b",
      "in/empty": "/",
      lib: "/",
      "lib/c.txt": "new",
    });
    await undo(files, id);
    expect(disk(folder)).toEqual(before);
  });

  test("what was changed in it since goes back along", async () => {
    const { files, folder, at } = start();
    const { undo: id } = await apply(files, MOVE);
    await put(files, "lib/new/in/b.txt", "newer");
    writeFileSync(at("lib/new/mine.txt"), "mine");
    await undo(files, id);
    expect(disk(folder)).toMatchObject({ "src/in/b.txt": "newer", "src/mine.txt": "mine" });
  });

  test.each([
    [
      "another folder stands where it went",
      (at: (path: string) => string) => {
        renameSync(at("lib/new"), at("elsewhere"));
        mkdirSync(at("lib/new"));
      },
      "lib/new",
    ],
    ["something stands where it came from", (at: (path: string) => string) => mkdirSync(at("src")), "src"],
    ["it is gone", (at: (path: string) => string) => rmSync(at("lib/new"), { recursive: true }), "lib/new"],
  ])("it is not moved back where %s", async (_what, spoil, path) => {
    const { files, folder, at } = start();
    const { undo: id } = await apply(files, MOVE);
    spoil(at);
    const before = disk(folder);
    expect(await problemOf(undo(files, id))).toMatchObject({ code: "changed", at: path });
    expect(disk(folder)).toEqual(before);
  });

  test("a write that is under way in it keeps it where it is", async () => {
    const { files, folder } = start();
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* body() {
      yield Buffer.from("half ");
      begun.resolve();
      await go.promise;
      yield Buffer.from("whole");
    }
    const writing = files.write("place", { path: "src/in/b.txt", expect: "any", body: body(), signal: SIGNAL });
    await begun.promise;
    expect(await problemOf(apply(files, MOVE))).toMatchObject({ code: "file-busy", at: "src" });
    go.resolve();
    await writing;
    await apply(files, MOVE);
    expect(readFileSync(join(folder, "lib/new/in/b.txt"), "utf8")).toBe("half whole");
  });
});

test("a folder that Puente's own lies in is not moved", async () => {
  const { base, folder, at } = tempRoot({ "state/puente/tokens/one": "secret", "state/other.txt": "" });
  const files = createFiles([{ name: "place", folder, access: "write" }], {
    denied: [at("state/puente")],
    history: {
      folder: join(base, "journal"),
      pid: 1,
      isAlive: () => false,
      bounds: { bytes: 1e6, days: 1, operations: 100 },
    },
  });
  const problem = await problemOf(apply(files, { kind: "move", path: "state", to: "moved", expect: "any" }));
  expect(problem).toMatchObject({ code: "denied-path", at: "state" });
  expect(readFileSync(at("state/puente/tokens/one"), "utf8")).toBe("secret");
});
