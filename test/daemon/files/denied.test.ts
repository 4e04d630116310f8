import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempRoot } from "../../support/temp-root.js";
import { OPERATIONS, outcomeOf, put, readText, SIGNAL, serve, WALKS } from "./operations.js";

/** Names that are never touched, and other spellings that some system holds to be the same. */
const DENIED = [
  ".git",
  ".git/config",
  "a/.git/hooks/pre-commit",
  ".GIT",
  ".Git/config",
  ".ｇｉｔ",
  ".g\u200cit",
  ".git\u200d",
  ".g\u0131t",
  ".env",
  ".ENV",
  ".env.local",
  ".envrc",
  "a/.env",
  "server.pem",
  "SERVER.PEM",
  "id.key",
  "id.\u212aey",
  "keys/id.Key",
  `.puente-${"0".repeat(32)}.tmp`,
  `a/.PUENTE-${"a".repeat(32)}.TMP`,
  "Puente.rbxmx",
  "a/PUENTE.RBXMX",
  "puente.\uff52bxmx",
  "Pue\u200cnte.rbxmx",
  "Puente.rbxmx.0123456789ab.tmp",
  `a/puente.RBXMX.${"F".repeat(16)}.TMP`,
  "Puente.rbxmx.bak",
  ".git.",
  ".git ./config",
  ".env. .",
  "server.pem.",
];

/** Names that only resemble them. */
const ALLOWED = [
  "git",
  ".gitignore",
  ".github",
  "env",
  "a.env",
  "pem",
  "key.txt",
  "monkey",
  ".puente-1.tmp",
  "Puente.rbxm",
  "MyPuente.rbxmx",
];

test("the tables are whole", () => {
  expect(DENIED).toHaveLength(32);
  expect(ALLOWED).toHaveLength(11);
});

describe.each(WALKS)("check 10: denied names and the root itself, walking %s", (_name, walk) => {
  test.each(DENIED)("%j is denied to every operation, whether it is there or not", async (path) => {
    const { folder, put } = tempRoot();
    const files = serve(folder, { walk: walk() });
    for (const round of ["not there", "there"]) {
      for (const [name, operation] of OPERATIONS) {
        expect(await outcomeOf(operation(files, path)), `${name}, ${round}`).toBe("denied-path");
      }
      expect(await files.sight("place", path, SIGNAL)).toBeUndefined();
      put(path, "secret");
    }
    const { entries, skipped } = await files.list({ root: "place", path: "", depth: 8 }, SIGNAL);
    const parents = ["a", "keys"];
    expect(entries.map((entry) => entry.path).filter((shown) => !parents.includes(shown))).toEqual([]);
    expect(skipped).toBeUndefined();
  });

  test.each(ALLOWED)("%j is an ordinary name", async (path) => {
    const { folder } = tempRoot();
    const files = serve(folder, { walk: walk() });
    await put(files, path, "plain");
    expect(await readText(files, path)).toBe("plain");
    expect((await files.list({ root: "place", path: "" }, SIGNAL)).entries).toHaveLength(1);
  });

  test("a folder of Puente's own inside a root is denied, also when it is made later, under any case", async () => {
    for (const isMadeLater of [false, true]) {
      const { folder, put, at } = tempRoot({ "state/other.txt": "" });
      const home = at("state/Puente");
      if (!isMadeLater) mkdirSync(home);
      const files = serve(folder, { walk: walk(), denied: [home] });
      put("state/Puente/tokens.json", "secret");
      for (const path of ["state/Puente", "state/Puente/tokens.json", "state/puente/tokens.json"]) {
        for (const [name, operation] of OPERATIONS) {
          expect(await outcomeOf(operation(files, path)), `${name} ${path}`).toBe("denied-path");
        }
      }
      const { entries } = await files.list({ root: "place", path: "", depth: 8 }, SIGNAL);
      expect(entries.map(({ path }) => path)).toEqual(["state", "state/other.txt"]);
    }
  });

  test("a denied folder is known by what it is, whatever way leads there", async () => {
    const { base, folder, put, at } = tempRoot({ "inside/tokens.json": "secret" });
    mkdirSync(join(base, "elsewhere"));
    symlinkSync(at("inside"), join(base, "elsewhere/home"));
    const files = serve(folder, { walk: walk(), denied: [join(base, "elsewhere/home")] });
    put("plain.txt", "plain");
    expect(await outcomeOf(readText(files, "inside/tokens.json"))).toBe("denied-path");
    expect(await outcomeOf(readText(files, "plain.txt"))).toBe("ok: plain");
  });

  test("a denied folder that is given another name while it is served stays denied", async () => {
    const { folder, at } = tempRoot({ ".git/config": "secret", "state/tokens.json": "secret" });
    const files = serve(folder, { walk: walk(), denied: [at("state")] });
    renameSync(at(".git"), at("plain"));
    renameSync(at("state"), at("other"));
    for (const path of ["plain/config", "other/tokens.json"]) {
      for (const [name, operation] of OPERATIONS) {
        expect(await outcomeOf(operation(files, path)), `${name} ${path}`).toBe("denied-path");
      }
      expect(await files.sight("place", path, SIGNAL)).toBeUndefined();
    }
    const { entries } = await files.list({ root: "place", path: "", depth: 8 }, SIGNAL);
    expect(JSON.stringify(entries)).not.toMatch(/config|tokens/u);
  });

  test("a root in a folder of Puente's own cannot be served", () => {
    const { base, folder } = tempRoot();
    expect(() => serve(folder, { walk: walk(), denied: [base] })).toThrow(/place.*never served/u);
    expect(() => serve(folder, { walk: walk(), denied: [folder] })).toThrow(/place.*never served/u);
  });

  test("a folder whose name only begins like the root's is outside", async () => {
    const { base, folder } = tempRoot({ "a.txt": "inside" });
    mkdirSync(join(base, "root2"));
    const files = serve(folder, { walk: walk(), denied: [join(base, "root2")] });
    for (const [, operation] of OPERATIONS)
      expect(await outcomeOf(operation(files, "../root2/x"))).toBe("invalid-path");
    expect(await outcomeOf(readText(files, "a.txt"))).toBe("ok: inside");
  });

  test("the root itself is a folder to every operation", async () => {
    const { folder } = tempRoot({ "a.txt": "" });
    const files = serve(folder, { walk: walk() });
    const outcomes = await Promise.all(OPERATIONS.map(([, operation]) => outcomeOf(operation(files, ""))));
    expect(outcomes.map((outcome) => outcome.split(":")[0])).toEqual([
      "ok",
      "ok",
      "not-regular",
      "not-regular",
      "not-regular",
      "is-a-folder",
      "is-a-folder",
    ]);
  });
});
