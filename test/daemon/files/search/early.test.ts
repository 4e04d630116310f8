import { chmodSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { within } from "../../../support/deadline.js";
import { tempRoot } from "../../../support/temp-root.js";
import { SIGNAL } from "../operations.js";
import { messagesOf, searchIn } from "./searching.js";

const SLOW = `${"a".repeat(60)}!`;
const QUERY = { pattern: "(?:a+)+b", kind: "regex" } as const;

/** A search of these files, with a program in ripgrep's place that does what the shell is told. */
function searchWith(files: Record<string, string>, script: string) {
  const root = tempRoot(files);
  const program = join(root.base, "names");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return searchIn({ place: root.folder }, program);
}

async function outcomeOf(search: ReturnType<typeof searchIn>) {
  const messages = await messagesOf(search, QUERY);
  return { found: messages.flatMap(({ files }) => files.map(({ path }) => path)), done: messages.at(-1)?.done };
}

// What runs a script by its first line.
describe.skipIf(platform() === "win32")("before ripgrep names the first file", () => {
  test("the search finds something by itself", async () => {
    const { body } = searchWith({ "a.txt": "ab", "b.txt": "ab" }, "exec sleep 30").search(QUERY, SIGNAL);
    onTestFinished(() => void body.destroy());
    const first = await within(10, "the first find", body[Symbol.asyncIterator]().next());
    expect(JSON.parse(String(first.value)).files.map(({ path }: { path: string }) => path)).toEqual(["a.txt"]);
  });

  test("what it found is told once, and what it did not look at is looked at", async () => {
    const search = searchWith({ "a.txt": "ab", "b.txt": "ab" }, "sleep 0.3; echo a.txt; echo b.txt");
    expect(await outcomeOf(search)).toEqual({ found: ["a.txt", "b.txt"], done: { more: false, notText: 0 } });
  });

  test("a file that takes for ever is nobody's, unless it is named", async () => {
    const files = { "m.txt": SLOW, "z.txt": "ab" };
    expect(await outcomeOf(searchWith(files, "sleep 0.3; echo z.txt"))).toEqual({
      found: ["z.txt"],
      done: { more: false, notText: 0 },
    });
    expect(await outcomeOf(searchWith(files, "sleep 0.3; echo z.txt; echo m.txt"))).toEqual({
      found: ["z.txt"],
      done: { more: false, notText: 0, tooSlow: [{ root: "place", path: "m.txt" }] },
    });
  });
});
