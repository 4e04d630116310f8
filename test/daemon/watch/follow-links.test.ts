import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempRoot } from "../../support/temp-root.js";
import { follow, watchPlace } from "./watching.js";

test("where links are followed, a change is told of once, under its path without links, and nothing outside is", async () => {
  const { base, folder, at, put } = tempRoot({ "folder/file.txt": "old" });
  mkdirSync(join(base, "outside"));
  symlinkSync("folder", at("link"));
  symlinkSync(join(base, "outside"), at("out"));
  const follower = await follow(watchPlace(folder, [], true));
  writeFileSync(join(base, "outside/secret.txt"), "secret");
  writeFileSync(at("link/file.txt"), "new");
  symlinkSync("folder/file.txt", at("second"));
  writeFileSync(at("link/made.txt"), "made");
  const wanted = {
    "folder/file.txt": { kind: "changed", text: "new" },
    "folder/made.txt": { kind: "added", text: "made" },
  } as const;
  const told = await follower.until(wanted);
  told.push(...(await follower.settle(() => put("last.txt"), "last.txt")));
  expect(new Set(told.map(({ path }) => path))).toEqual(new Set(Object.keys(wanted)));
});
