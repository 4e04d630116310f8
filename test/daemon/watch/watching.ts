import { createHash } from "node:crypto";
import { expect, onTestFinished } from "vitest";
import { createFiles } from "../../../daemon/files/files.js";
import { createWatch, type Watch } from "../../../daemon/watch/watch.js";
import type { Output } from "../../../shared/contract/index.js";
import { within } from "../../support/deadline.js";

type Changes = Output<"watch/changes">["changes"];

export const SIGNAL = new AbortController().signal;

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Watches a folder as the root `place`, until the test is over. Faults of the watch fail the test. */
export function watchPlace(folder: string, denied: string[] = [], followLinks = false): Watch {
  const files = createFiles([{ name: "place", folder, access: "write" }], { denied, followLinks });
  const faults: unknown[] = [];
  const watch = createWatch(files, (fault) => faults.push(fault));
  onTestFinished(async () => {
    await within(5, "the end of the watch", watch.close());
    expect(faults).toEqual([]);
  });
  return watch;
}

/** A client that polls: it asks on from where it was. */
export interface Follower {
  /** Follows changes until they say all that is expected: by path, the kind and the content, or the kind alone. Answers everything that was told. */
  until(expected: { readonly [path: string]: Expected }): Promise<Changes>;
  /** What is told until a file that this makes last is told of. Whatever else had come would be among it. */
  settle(make: () => void, path: string): Promise<Changes>;
}

type Expected = "removed" | "added" | "changed" | { readonly kind: "added" | "changed"; readonly text: string };

export async function follow(watch: Watch, seconds = 10): Promise<Follower> {
  let { cursor } = await within(seconds, "the cursor of now", watch.changes({ root: "place" }, SIGNAL, "test"));

  async function collect(
    label: string,
    isDone: (told: ReadonlyMap<string, Changes[number]>) => boolean,
  ): Promise<Changes> {
    const told = new Map<string, Changes[number]>();
    const all: Changes = [];
    while (!isDone(told)) {
      const asked = watch.changes({ root: "place", since: cursor }, SIGNAL, "test");
      const answer = await within(seconds, `${label}; so far ${JSON.stringify([...told.values()])}`, asked);
      expect(answer.overflow).toBeUndefined();
      ({ cursor } = answer);
      all.push(...answer.changes);
      for (const change of answer.changes) told.set(change.path, change);
    }
    return all;
  }

  function fits(change: Changes[number] | undefined, expected: Expected): boolean {
    if (change === undefined) return false;
    if (typeof expected === "string") return change.kind === expected;
    return change.hash === sha256(expected.text);
  }

  return {
    until: (expected) =>
      collect(`changes ${JSON.stringify(expected)}`, (told) =>
        Object.entries(expected).every(([path, wanted]) => fits(told.get(path), wanted)),
      ),
    async settle(make, path) {
      make();
      const all = await collect(`a change of ${path}`, (told) => told.has(path));
      return all.filter((change) => change.path !== path);
    },
  };
}
