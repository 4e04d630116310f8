import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempRoot } from "../../support/temp-root.js";
import { serve } from "./operations.js";

const idOf = (folder: string) => serve(folder).roots().roots[0]?.id;

test("a root is told of by name, access and id, and not by its folder", () => {
  const { folder } = tempRoot();
  expect(serve(folder, { access: "read" }).roots()).toEqual({
    roots: [{ name: "place", access: "read", id: expect.stringMatching(/^[0-9a-f]{32}$/u) }],
  });
});

test("a folder has one id, whatever way leads to it and however it is served", () => {
  const { base, folder } = tempRoot();
  symlinkSync(folder, join(base, "link"));
  expect(idOf(folder)).toBe(idOf(folder));
  expect(idOf(join(base, "link"))).toBe(idOf(folder));
  expect(serve(folder, { access: "read" }).roots().roots[0]?.id).toBe(idOf(folder));
});

test("another folder of the same name has another id", () => {
  const { base } = tempRoot();
  for (const project of ["one", "two"]) mkdirSync(join(base, project, "src"), { recursive: true });
  expect(idOf(join(base, "one/src"))).not.toBe(idOf(join(base, "two/src")));
});
