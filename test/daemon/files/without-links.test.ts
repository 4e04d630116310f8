import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { tempRoot } from "../../support/temp-root.js";
import { problemOf, put, serve } from "./operations.js";

const leaf = vi.hoisted(() => ({ beforeReplace: (_folder: string) => {}, beforeRemove: (_name: string) => {} }));

/** A disk without hard links. */
vi.mock("../../../daemon/files/leaf.js", async (original) => {
  const real = await original<typeof import("../../../daemon/files/leaf.js")>();
  return {
    ...real,
    claim() {
      throw Object.assign(new Error("EPERM"), { code: "EPERM" });
    },
    replace(...[from, to]: Parameters<typeof real.replace>) {
      leaf.beforeReplace(to.folder.at);
      real.replace(from, to);
    },
    remove(place: Parameters<typeof real.remove>[0]) {
      leaf.beforeRemove(place.name);
      real.remove(place);
    },
  };
});

function failWith(code: string): never {
  throw Object.assign(new Error(code), { code });
}

test("a new file is written where the disk has no hard links, and never over another", async () => {
  leaf.beforeReplace = () => {};
  const { folder } = tempRoot({ "old.txt": "old" });
  const files = serve(folder);
  await put(files, "new.txt", "new", "absent");
  expect((await problemOf(put(files, "old.txt", "new", "absent"))).code).toBe("changed");
  expect(readFileSync(join(folder, "new.txt"), "utf8")).toBe("new");
  expect(readFileSync(join(folder, "old.txt"), "utf8")).toBe("old");
});

const FAILURES = [
  ["EBUSY", "file-busy"],
  ["EIO", "disk-error"],
] as const;

test("the table is whole", () => {
  expect(FAILURES).toHaveLength(2);
});

test.each(FAILURES)("a file that fails to take its name with %s leaves no empty one", async (errno, code) => {
  leaf.beforeReplace = () => failWith(errno);
  const { folder } = tempRoot();
  const files = serve(folder);
  expect((await problemOf(put(files, "new.txt", "new", "absent"))).code).toBe(code);
  expect(readdirSync(folder)).toEqual([]);
});

test("what somebody else has put there meanwhile stays", async () => {
  leaf.beforeReplace = (folder) => {
    writeFileSync(`${folder}/new.txt`, "theirs");
    failWith("EBUSY");
  };
  const { folder } = tempRoot();
  expect((await problemOf(put(serve(folder), "new.txt", "new", "absent"))).code).toBe("file-busy");
  expect(readFileSync(join(folder, "new.txt"), "utf8")).toBe("theirs");
});

test("where the empty file is held too, the failure that came first is told", async () => {
  leaf.beforeReplace = () => failWith("EBUSY");
  leaf.beforeRemove = (name) => {
    if (name === "new.txt") failWith("EPERM");
  };
  onTestFinished(() => {
    leaf.beforeRemove = () => {};
  });
  const { folder } = tempRoot();
  expect((await problemOf(put(serve(folder), "new.txt", "new", "absent"))).code).toBe("file-busy");
  expect(readdirSync(folder)).toEqual(["new.txt"]);
});
