import { expect, test, vi } from "vitest";
import { walkByName } from "../../../daemon/files/walk-portable.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { put, serve } from "./operations.js";

const disk = vi.hoisted(() => ({ beforeSync: async (_folder: string) => {} }));

/** A disk that says which folder is made safe, and can be slow at it. */
vi.mock("../../../daemon/files/leaf.js", async (original) => {
  const real = await original<typeof import("../../../daemon/files/leaf.js")>();
  return {
    ...real,
    async syncFolder(folder: Parameters<typeof real.syncFolder>[0]) {
      await disk.beforeSync(folder.at);
      await real.syncFolder(folder);
    },
  };
});

/** Which folders were asked for and which were done; the first time for `slow` is held until `release`. */
function watchSyncs(slow: string) {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const done: string[] = [];
  let isFirst = true;
  disk.beforeSync = async (folder) => {
    if (folder === slow && isFirst) {
      isFirst = false;
      reached.resolve();
      await held.promise;
    }
    done.push(folder);
  };
  return { done, reached: reached.promise, release: () => held.resolve() };
}

test.each(["absent", "any"])(
  "a write into a folder that another call has just made is told of once that folder is safe (%s)",
  async (expectation) => {
    const { folder, at } = tempRoot();
    const files = serve(folder, { walk: walkByName() });
    const syncs = watchSyncs(folder);
    const first = put(files, "new/inner/first.txt", "1");
    await within(5, "the first write to come to its folders", syncs.reached);
    await put(files, expectation === "any" ? "new/inner/first.txt" : "new/inner/second.txt", "2", expectation);
    expect(syncs.done).toContain(folder);
    syncs.release();
    await first;
    expect(syncs.done).toContain(at("new"));
  },
);

test("a folder that is safe costs later writes nothing", async () => {
  const { folder, at } = tempRoot();
  const files = serve(folder, { walk: walkByName() });
  const syncs = watchSyncs("none");
  await put(files, "new/inner/first.txt", "1");
  expect(syncs.done.sort()).toEqual([folder, at("new"), at("new/inner")]);
  await put(files, "new/inner/second.txt", "2", "absent");
  expect(syncs.done.slice(3)).toEqual([at("new/inner")]);
});

test("a folder that is made while its parent is being made safe is not taken for safe", async () => {
  const { folder } = tempRoot();
  const files = serve(folder, { walk: walkByName() });
  const early = watchSyncs(folder);
  const first = put(files, "one/first.txt", "1");
  await within(5, "the first write to come to its folders", early.reached);
  const body = Promise.withResolvers<void>();
  async function* slowly() {
    await body.promise;
    yield Buffer.from("2");
  }
  const signal = new AbortController().signal;
  const second = files.write("place", { path: "two/second.txt", expect: "any", body: slowly(), signal });
  await vi.waitFor(async () => files.stat({ root: "place", path: "two" }, signal));
  early.release();
  await first;
  const late = watchSyncs("none");
  await put(files, "two/third.txt", "3");
  expect(late.done).toContain(folder);
  body.resolve();
  await second;
});
