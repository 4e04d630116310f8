import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type TempRoot, tempRoot } from "../../support/temp-root.js";
import { apply, disk, type Edits, keep, undo } from "./changing.js";
import { OPERATIONS, outcomeOf, problemOf, put, readText, SIGNAL, serve, WALKS } from "./operations.js";
import { snapshot } from "./snapshot.js";

function world(): TempRoot {
  const root = tempRoot({
    "kept.txt": "kept",
    "folder/kept.txt": "kept",
    "folder/inner/deep.txt": "deep",
    ".git/config": "secret",
    "state/tokens.json": "secret",
    "aux.lua": "odd",
  });
  mkdirSync(join(root.base, "outside/inner"), { recursive: true });
  for (const name of ["secret.txt", "kept.txt", "inner/deep.txt"])
    writeFileSync(join(root.base, "outside", name), "canary");
  return root;
}

/** Links that stay inside, `link` being the first: what it holds, and its path without links. */
const INSIDE: readonly (readonly [string, readonly (readonly [string, string])[], string, string])[] = [
  ["to a file", [["link", "kept.txt"]], "link", "kept.txt"],
  ["to a file, with dots", [["link", "./folder/../kept.txt"]], "link", "kept.txt"],
  ["to a folder", [["link", "folder"]], "link/kept.txt", "folder/kept.txt"],
  ["to a folder, with a slash", [["link", "folder/"]], "link/kept.txt", "folder/kept.txt"],
  ["to a folder, absolute", [["link", "/ROOT/folder"]], "link/kept.txt", "folder/kept.txt"],
  ["to the root, absolute", [["link", "/ROOT"]], "link/folder/kept.txt", "folder/kept.txt"],
  ["to a file, absolute, from a folder", [["folder/link", "/ROOT/folder/kept.txt"]], "folder/link", "folder/kept.txt"],
  ["to the folder it is in", [["folder/link", "."]], "folder/link/kept.txt", "folder/kept.txt"],
  ["to the folder above", [["folder/link", ".."]], "folder/link/kept.txt", "kept.txt"],
  [
    "to a link",
    [
      ["link", "second"],
      ["second", "third/inner"],
      ["third", "/ROOT/folder"],
    ],
    "link/deep.txt",
    "folder/inner/deep.txt",
  ],
  [
    "whose way back starts behind another link",
    [
      ["link", "second/../kept.txt"],
      ["second", "folder/inner"],
    ],
    "link",
    "folder/kept.txt",
  ],
  ["in the middle of a path twice", [["folder/link", "../folder"]], "folder/link/link/kept.txt", "folder/kept.txt"],
];

/** Links that do not, or that lead to what nobody may see: the paths that are asked for, and what is said of them. */
const REFUSED: readonly (readonly [string, readonly (readonly [string, string])[], readonly string[], string])[] = [
  ["outside", [["link", "../outside"]], ["link", "link/secret.txt", "link/new/new.txt"], "outside-root"],
  ["outside, absolute", [["link", "/BASE/outside"]], ["link", "link/secret.txt"], "outside-root"],
  ["to a file outside", [["link", "../outside/secret.txt"]], ["link"], "outside-root"],
  ["to the top", [["link", "/"]], ["link", "link/etc/passwd"], "outside-root"],
  ["above the root", [["link", ".."]], ["link", "link/outside/secret.txt"], "outside-root"],
  ["out of the root and in again", [["link", "../root/kept.txt"]], ["link"], "outside-root"],
  ["to a folder beside that begins like the root", [["link", "/ROOT2"]], ["link", "link/x"], "outside-root"],
  [
    "out by dots behind the root's own path",
    [["link", "/ROOT/../outside"]],
    ["link", "link/secret.txt"],
    "outside-root",
  ],
  [
    "out through another link",
    [
      ["link", "second/secret.txt"],
      ["second", "../outside"],
    ],
    ["link"],
    "outside-root",
  ],
  ["to itself", [["link", "link"]], ["link", "link/x"], "outside-root"],
  [
    "in a circle",
    [
      ["link", "second"],
      ["second", "./link"],
    ],
    ["link", "link/x"],
    "outside-root",
  ],
  ["to a denied folder", [["link", ".git"]], ["link", "link/config", "link/new"], "denied-path"],
  ["to a denied file", [["link", "folder/../.git/config"]], ["link"], "denied-path"],
  ["to a folder of Puente's own", [["link", "state"]], ["link", "link/tokens.json"], "denied-path"],
  ["to a name that no path can say", [["link", "a:b"]], ["link"], "outside-root"],
  ["to a device", [["link", "/dev/zero"]], ["link"], "outside-root"],
];

function lay({ base, folder, at }: TempRoot, links: readonly (readonly [string, string])[]): void {
  for (const [place, target] of links) {
    symlinkSync(target.replace("/ROOT", folder).replace("/BASE", base), at(place));
  }
}

test("the tables are whole", () => {
  expect(INSIDE).toHaveLength(12);
  expect(REFUSED).toHaveLength(16);
});

describe.each(WALKS)("links that are followed, walking %s", (_name, walk) => {
  test.each(INSIDE)("a link %s leads to what it names", async (_kind, links, path, real) => {
    const root = world();
    lay(root, links);
    const files = serve(root.folder, { walk: walk(), followLinks: true });
    const content = readFileSync(root.at(real), "utf8");
    expect(await readText(files, path)).toBe(content);
    expect((await files.stat({ root: "place", path }, SIGNAL)).entry).toMatchObject({ path, to: real, kind: "file" });
    await put(files, path, "written");
    expect(readFileSync(root.at(real), "utf8")).toBe("written");
    for (const [place, target] of links) {
      expect(readlinkSync(root.at(place))).toBe(target.replace("/ROOT", root.folder));
    }
    expect(await outcomeOf(put(files, path, "twice", "absent").then(String))).toBe("changed");
    if (path.includes("/")) {
      const parent = path.slice(0, path.lastIndexOf("/"));
      await put(files, `${parent}/new/new.txt`, "new");
      expect(readFileSync(join(root.at(real), "../new/new.txt"), "utf8")).toBe("new");
      const { entries } = await files.list({ root: "place", path: parent }, SIGNAL);
      expect(entries.map((entry) => entry.path)).toContain(path);
    }
  });

  test.each(REFUSED)("a link %s is refused to every operation", async (_kind, links, paths, code) => {
    const root = world();
    lay(root, links);
    const files = serve(root.folder, { walk: walk(), followLinks: true, denied: [root.at("state")] });
    const before = snapshot(root.base);
    for (const path of paths) {
      for (const [operation, run] of OPERATIONS) {
        expect(await outcomeOf(run(files, path)), `${operation} ${path}`).toBe(code);
      }
    }
    expect(snapshot(root.base)).toEqual(before);
    const { entries } = await files.list({ root: "place", path: "", depth: 64 }, SIGNAL);
    expect(entries.find(({ path }) => path === "link")).toMatchObject({ kind: "link" });
    expect(entries.find(({ path }) => path === "link")).not.toHaveProperty("to");
    expect(JSON.stringify(entries)).not.toMatch(/canary|secret/u);
  });

  test("a listing names what a link leads to and does not go into it", async () => {
    const root = world();
    lay(root, [
      ["folder/back", ".."],
      ["folder/file", "../kept.txt"],
      ["folder/nothing", "missing"],
    ]);
    const files = serve(root.folder, { walk: walk(), followLinks: true });
    const { entries } = await files.list({ root: "place", path: "folder", depth: 64 }, SIGNAL);
    expect(entries.map(({ path, kind, to }) => [path, kind, to])).toEqual([
      ["folder/back", "link", ""],
      ["folder/file", "link", "kept.txt"],
      ["folder/inner", "folder", undefined],
      ["folder/inner/deep.txt", "file", undefined],
      ["folder/kept.txt", "file", undefined],
      ["folder/nothing", "link", undefined],
    ]);
  });

  test("the watch sees what a link leads to under its own path only", async () => {
    const root = world();
    lay(root, [
      ["link", "folder"],
      ["file", "kept.txt"],
      ["out", "../outside"],
    ]);
    const files = serve(root.folder, { walk: walk(), followLinks: true });
    for (const path of ["link", "link/kept.txt", "file", "out", "out/secret.txt"]) {
      expect(await files.sight("place", path, SIGNAL), path).toBeUndefined();
      for await (const [seen] of files.survey("place", path, SIGNAL)) expect.fail(`${path}: ${seen}`);
    }
    const seen: string[] = [];
    for await (const [path] of files.survey("place", "", SIGNAL)) seen.push(path);
    expect(seen.filter((path) => /link|out|^file/u.test(path))).toEqual([]);
    expect(seen).toContain("folder/kept.txt");
  });

  test("a link to nothing is written through, if a path could say where it leads", async () => {
    const root = world();
    lay(root, [
      ["link", "folder/new.txt"],
      ["odd", "folder/con"],
      ["far", "missing/new.txt"],
      ["up", "gone/../new.txt"],
    ]);
    const files = serve(root.folder, { walk: walk(), followLinks: true });
    await put(files, "link", "new", "absent");
    expect(readFileSync(root.at("folder/new.txt"), "utf8")).toBe("new");
    expect(await outcomeOf(put(files, "odd", "new").then(String))).toBe("invalid-path");
    await put(files, "far", "new");
    expect(readFileSync(root.at("missing/new.txt"), "utf8")).toBe("new");
    expect(await outcomeOf(put(files, "up", "new").then(String))).toBe("not-found");
  });

  test("a batch and its undo name a file by its path without links, and leave links alone", async () => {
    const root = world();
    lay(root, [
      ["link", "folder"],
      ["file", "kept.txt"],
    ]);
    const files = keep(root.base, { walk: walk(), followLinks: true });
    const before = disk(root.folder);
    const done = await apply(
      files,
      { kind: "write", path: "link/new/new.txt", text: "new", expect: "absent" },
      { kind: "write", path: "file", text: "through", expect: "any" },
      { kind: "move", path: "link/kept.txt", to: "link/inner/moved.txt", expect: "any" },
    );
    expect(done.results.map(({ path }) => path).sort()).toEqual([
      "folder/inner/moved.txt",
      "folder/kept.txt",
      "folder/new",
      "folder/new/new.txt",
      "kept.txt",
    ]);
    expect(readFileSync(root.at("kept.txt"), "utf8")).toBe("through");
    await undo(files, done.undo);
    expect(disk(root.folder)).toEqual(before);
    const twice = (["link/kept.txt", "folder/kept.txt"] as const).map((path) => {
      return { kind: "write", path, text: "", expect: "any" } as const;
    });
    expect((await problemOf(apply(files, ...twice))).code).toBe("invalid-input");
    for (const path of ["link", "file"]) {
      expect((await problemOf(apply(files, { kind: "remove", path, expect: "any" }))).code).toBe("outside-root");
      const move = { kind: "move", path, to: "moved", expect: "any" } as const;
      expect((await problemOf(apply(files, move))).code).toBe("outside-root");
    }
    expect(disk(root.folder)).toEqual(before);
  });
});

describe.each(WALKS)("names that Windows cannot hold, in a batch, walking %s", (_name, walk) => {
  test("no new file or folder has one, and a file that had one comes back with undo", async () => {
    const { base, folder } = tempRoot({ "nul/aux.lua": "odd", "kept.txt": "kept" });
    const files = keep(base, { walk: walk() });
    const before = disk(folder);
    const refused: Edits = [
      { kind: "write", path: "con", text: "", expect: "any" },
      { kind: "write", path: "prn/new.txt", text: "", expect: "any" },
      { kind: "folder", path: "a/b.", expect: "any" },
      { kind: "move", path: "kept.txt", to: "lpt1.txt", expect: "any" },
    ];
    for (const edit of refused) {
      expect((await problemOf(apply(files, edit))).code, edit.path).toBe("invalid-path");
    }
    expect(disk(folder)).toEqual(before);
    const done = await apply(
      files,
      { kind: "remove", path: "nul/aux.lua", expect: "any" },
      { kind: "remove", path: "nul", expect: "any" },
    );
    expect(disk(folder)).toEqual({ "kept.txt": "kept" });
    await undo(files, done.undo);
    expect(disk(folder)).toEqual(before);
  });
});
