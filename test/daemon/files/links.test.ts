import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type TempRoot, tempRoot } from "../../support/temp-root.js";
import { OPERATIONS, outcomeOf, put, SIGNAL, serve, WALKS } from "./operations.js";
import { snapshot } from "./snapshot.js";

/** Links by what they are: their places in the root, each with its target as seen from `base`. */
const LINKS: readonly (readonly [string, (world: TempRoot) => readonly (readonly [string, string])[]])[] = [
  ["to a file, absolute", ({ base }) => [["link", join(base, "outside/secret.txt")]]],
  ["to a file, relative", () => [["link", "../outside/secret.txt"]]],
  ["to a folder, absolute", ({ base }) => [["link", join(base, "outside")]]],
  ["to a folder, relative", () => [["link", "../outside"]]],
  ["to a folder by way of the root", () => [["link", "folder/../../outside"]]],
  [
    "to a link to a folder",
    () => [
      ["link", "second"],
      ["second", "third"],
      ["third", "../outside"],
    ],
  ],
  [
    "to a link to a file",
    () => [
      ["link", "second"],
      ["second", "../outside/secret.txt"],
    ],
  ],
  ["to itself", () => [["link", "link"]]],
  [
    "in a circle",
    () => [
      ["link", "second"],
      ["second", "link"],
    ],
  ],
  ["to nothing outside", () => [["link", "../outside/nothing"]]],
  ["to nothing inside", () => [["link", "nothing"]]],
  ["to the root", ({ folder }) => [["link", folder]]],
  ["to the folder above the root", () => [["link", ".."]]],
  ["to the top of the system", () => [["link", "/"]]],
  ["to a file inside", () => [["link", "kept.txt"]]],
  ["to a folder inside", () => [["link", "folder"]]],
  ["to a device", () => [["link", "/dev/zero"]]],
  ["to the process itself", () => [["link", "/proc/self/cwd"]]],
];

/** Where in the path the link is, `link` standing for it. */
const POSITIONS = [
  ["last", "link"],
  ["in the middle", "link/secret.txt"],
  ["before a folder", "link/inner/deep.txt"],
  ["before what is not there", "link/new/new.txt"],
] as const;

function world(): TempRoot {
  const root = tempRoot({ "kept.txt": "kept", "folder/secret.txt": "kept", "folder/inner/deep.txt": "kept" });
  mkdirSync(join(root.base, "outside/inner"), { recursive: true });
  writeFileSync(join(root.base, "outside/secret.txt"), "canary");
  writeFileSync(join(root.base, "outside/inner/deep.txt"), "canary");
  return root;
}

test("the tables are whole", () => {
  expect(LINKS).toHaveLength(18);
  expect(POSITIONS).toHaveLength(4);
});

describe.each(WALKS)("check 11: links, walking %s", (_name, walk) => {
  describe.each(LINKS)("a link %s", (_kind, links) => {
    test.each(["before the daemon starts", "after"])("that is made %s leads nowhere", async (when) => {
      const root = world();
      const make = () => {
        for (const [place, target] of links(root)) symlinkSync(target, root.at(place));
      };
      if (when === "after") {
        // The path has been served before it becomes a link.
        mkdirSync(root.at("link/inner"), { recursive: true });
      } else make();
      const files = serve(root.folder, { walk: walk() });
      if (when === "after") {
        await put(files, "link/secret.txt", "served");
        rmSync(root.at("link"), { recursive: true });
        make();
      }
      const before = snapshot(root.base);
      for (const [position, path] of POSITIONS) {
        for (const [operation, run] of OPERATIONS) {
          expect(await outcomeOf(run(files, path)), `${operation}, ${position}`).toBe("outside-root");
        }
        expect(await files.sight("place", path, SIGNAL), position).toBeUndefined();
        for await (const [seen] of files.survey("place", path, SIGNAL)) expect.fail(`${position}: ${seen}`);
      }
      expect(snapshot(root.base)).toEqual(before);
    });

    test("is listed as a link and not gone into", async () => {
      const root = world();
      for (const [place, target] of links(root)) symlinkSync(target, root.at(place));
      const { entries } = await serve(root.folder, { walk: walk() }).list(
        { root: "place", path: "", depth: 64, hashes: true },
        SIGNAL,
      );
      expect(entries.find(({ path }) => path === "link")).toEqual({
        path: "link",
        kind: "link",
        bytes: 0,
        modifiedMs: expect.any(Number),
      });
      expect(entries.filter(({ path }) => dirname(path).startsWith("link"))).toEqual([]);
      expect(JSON.stringify(entries)).not.toContain("canary");
    });
  });
});
