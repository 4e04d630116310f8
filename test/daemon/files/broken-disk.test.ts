import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Failure } from "../../../daemon/fail.js";
import type { NewFile } from "../../../daemon/files/new-file.js";
import { tempRoot } from "../../support/temp-root.js";
import { apply, disk, type Edits, keep, records, undo } from "./changing.js";
import { problemOf, put } from "./operations.js";

/** Called before each step that changes the disk, with its name; throws where the disk fails or the daemon dies. */
const seam = vi.hoisted(() => ({ before: (_step: string) => {} }));

/** A disk that can fail at any step. */
vi.mock("../../../daemon/files/leaf.js", async (original) => {
  const real = await original<typeof import("../../../daemon/files/leaf.js")>();
  const guarded =
    <Args extends unknown[], Result>(step: string, work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      seam.before(step);
      return work(...args);
    };
  const guardFile = (file: NewFile): NewFile => ({
    ...file,
    async write(bytes) {
      seam.before("write");
      await file.write(bytes);
    },
    async sync() {
      seam.before("sync");
      await file.sync();
    },
  });
  return {
    ...real,
    create: (...args: Parameters<typeof real.create>) => {
      seam.before("create");
      return guardFile(real.create(...args));
    },
    replace: guarded("replace", real.replace),
    claim: guarded("claim", real.claim),
    remove: guarded("remove", real.remove),
    makeFolder: guarded("makeFolder", real.makeFolder),
    removeFolder: guarded("removeFolder", real.removeFolder),
    syncFolder: guarded("syncFolder", real.syncFolder),
  };
});

afterEach(() => {
  seam.before = () => {};
});

const START = {
  "a.txt": "old a",
  "b.txt": "old b",
  "c.txt": "old c",
  "d.txt": "old d",
  "empty/": "",
  "tree/in/e.txt": "e",
};
const EDITS: Edits = [
  { kind: "write", path: "a.txt", text: "new a", expect: "any" },
  { kind: "write", path: "x/y/new.txt", text: "new", expect: "absent" },
  { kind: "move", path: "b.txt", to: "x/b.txt", expect: "any" },
  { kind: "move", path: "tree/in", to: "x/tree", expect: "any" },
  { kind: "remove", path: "tree", expect: "any" },
  { kind: "remove", path: "c.txt", expect: "any" },
  { kind: "remove", path: "empty", expect: "any" },
  { kind: "write", path: "d.txt", text: "new d", expect: "any" },
];

function failWith(code: string): never {
  throw Object.assign(new Error(code), { code });
}

/** Fails once, at the `at`-th time of a step; answers whether it came to that. */
function failOnce(step: string, at: number, code: string): () => boolean {
  let [count, hasFailed] = [0, false];
  seam.before = (name) => {
    if (name !== step) return;
    count += 1;
    if (count !== at) return;
    hasFailed = true;
    failWith(code);
  };
  return () => hasFailed;
}

/** Each step of a batch that can fail, and how often it comes. */
const STEPS: readonly (readonly [string, number])[] = [
  ["create", 3],
  ["write", 3],
  ["sync", 3],
  ["replace", 3],
  ["claim", 2],
  ["remove", 2],
  ["makeFolder", 2],
  ["removeFolder", 2],
  ["syncFolder", 3],
];
const ERRORS: readonly (readonly [string, string])[] = [
  ["EIO", "disk-error"],
  ["ENOSPC", "disk-full"],
  ["EBUSY", "file-busy"],
];

describe.each(ERRORS)("a disk that answers %s", (errno, code) => {
  test.each(STEPS)("at %s fails the batch with the right problem, and all of it is as before", async (step, times) => {
    for (let at = 1; at <= times; at += 1) {
      const { base, folder } = tempRoot(START);
      const before = disk(folder);
      const files = keep(base);
      const hasFailed = failOnce(step, at, errno);
      expect((await problemOf(apply(files, ...EDITS))).code, `${step} ${at}`).toBe(code);
      expect(hasFailed()).toBe(true);
      expect(disk(folder), `${step} ${at}`).toEqual(before);
      expect(records(base)).toEqual([]);
      seam.before = () => {};
      await apply(files, ...EDITS);
    }
  });

  test.each(["create", "write", "sync", "replace"])(
    "at %s fails a single write, and the old content stays",
    async (step) => {
      const { base, folder } = tempRoot(START);
      const before = disk(folder);
      const files = keep(base);
      failOnce(step, 1, errno);
      expect((await problemOf(put(files, "a.txt", "new"))).code).toBe(code);
      expect(disk(folder)).toEqual(before);
      expect(records(base)).toEqual([]);
    },
  );

  test("at the undoing fails the undoing, and all of it is as it was", async () => {
    const { base, folder } = tempRoot(START);
    const files = keep(base);
    const { undo: id } = await apply(files, ...EDITS);
    const after = disk(folder);
    failOnce("replace", 2, errno);
    expect((await problemOf(undo(files, id))).code).toBe(code);
    expect(disk(folder)).toEqual(after);
    seam.before = () => {};
    await undo(files, id);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("old a");
  });
});

test("a daemon that dies at any step of a batch leaves what the next one makes whole", async () => {
  const outcomes = new Set<string>();
  let step = 0;
  for (let isDead = true; isDead; step += 1) {
    const { base, folder } = tempRoot(START);
    const before = JSON.stringify(Object.entries(disk(folder)).sort());
    isDead = await dieAt(step, () => apply(keep(base), ...EDITS));
    const troubles: unknown[] = [];
    await keep(base).recover((error) => troubles.push(error));
    expect(troubles).toEqual([]);
    const now = disk(folder);
    const isOld = JSON.stringify(Object.entries(now).sort()) === before;
    if (!isOld) {
      expect(now, `step ${step}`).toEqual({
        "a.txt": "new a",
        "d.txt": "new d",
        x: "/",
        "x/b.txt": "old b",
        "x/tree": "/",
        "x/tree/e.txt": "e",
        "x/y": "/",
        "x/y/new.txt": "new",
      });
    }
    outcomes.add(isOld ? "old" : "new");
    expect(readdirSync(join(base, "journal"), { recursive: true, encoding: "utf8" }).join()).not.toMatch(/open/);
  }
  expect(step).toBeGreaterThan(20);
  expect(outcomes).toEqual(new Set(["old", "new"]));
});

test("a daemon that dies while it puts back leaves what the next one makes whole", async () => {
  for (let step = 0, isDead = true; isDead; step += 1) {
    const { base, folder } = tempRoot(START);
    const before = disk(folder);
    await dieAt(16, () => apply(keep(base), ...EDITS));
    expect(disk(folder)).not.toEqual(before);
    isDead = await dieAt(step, () => keep(base).recover(() => undefined));
    await keep(base).recover((error) => {
      throw error;
    });
    expect(disk(folder), `step ${step}`).toEqual(before);
  }
});

test("the work of a daemon that lives is left to it", async () => {
  const { base, folder } = tempRoot(START);
  await dieAt(16, () => apply(keep(base, { pid: 7 }), ...EDITS));
  const half = disk(folder);
  await keep(base, { pid: 8, isAlive: () => true }).recover(() => undefined);
  expect(disk(folder)).toEqual(half);
  await keep(base, { pid: 7, isAlive: () => true }).recover(() => undefined);
  expect(disk(folder)).not.toEqual(half);
});

class Death extends Error {}

/** Lets a daemon go so many steps, after which the disk takes nothing more of it. Whether it came to that. */
async function dieAt(steps: number, work: () => Promise<unknown>): Promise<boolean> {
  let [left, isDead] = [steps, false];
  seam.before = () => {
    left -= 1;
    if (left >= 0) return;
    isDead = true;
    throw new Death("dead");
  };
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Death) && !(error instanceof Failure)) throw error;
  } finally {
    seam.before = () => {};
  }
  return isDead;
}
