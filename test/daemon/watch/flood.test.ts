import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createFiles } from "../../../daemon/files/files.js";
import { createWatch } from "../../../daemon/watch/watch.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL } from "./watching.js";

const PYTHON = `
import os, sys
for number in range(int(sys.argv[2])):
    with open(os.path.join(sys.argv[1], str(number % 10), "file%d" % number), "w") as file:
        file.write(str(number))
`;

/** Does nothing and lets nothing be done. */
function blockFor(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test.each([
  ["more files than the history keeps changes for", 20_000],
  ["fewer files than the history keeps, and more than the system keeps notices for", 15_000],
])("%s, written while the daemon stands still, all reach the client", async (_what, count) => {
  const { folder, at } = tempRoot();
  // Folders that are watched already: their notices are the ones that get lost.
  for (let number = 0; number < 10; number += 1) mkdirSync(at(`flood/${number}`), { recursive: true });
  const files = createFiles([{ name: "place", folder, access: "read" }], { denied: [] });
  const faults: unknown[] = [];
  const watch = createWatch(files, (fault) => faults.push(fault));
  onTestFinished(() => watch.close());
  let { cursor } = await watch.changes({ root: "place" }, SIGNAL, "test");
  const known = new Set<string>();

  async function listAll(): Promise<void> {
    known.clear();
    let after: string | undefined;
    do {
      const more = after === undefined ? {} : { after };
      const page = await files.list({ root: "place", path: "", depth: 8, ...more }, SIGNAL);
      for (const { path, kind } of page.entries) if (kind === "file") known.add(path);
      after = page.after;
    } while (after !== undefined);
  }

  async function follow(): Promise<void> {
    while (known.size < count) {
      const answer = await watch.changes({ root: "place", since: cursor }, SIGNAL, "test");
      ({ cursor } = answer);
      if (answer.overflow === true) await listAll();
      for (const { path, kind } of answer.changes) if (kind !== "removed" && path.includes("file")) known.add(path);
    }
  }

  const writer = spawn("python3", ["-c", PYTHON, at("flood"), `${count}`], { stdio: "inherit" });
  const written = once(writer, "close");
  const following = follow();
  blockFor(3000);
  await within(30, "python3 to write the files; is it installed?", written);
  expect(writer.exitCode).toBe(0);
  // Long before the rounds that are gone in any case.
  await within(20, `all files; ${known.size} so far`, following);
  const expected = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.includes("file"));
  expect(faults).toEqual([]);
  expect(known).toEqual(new Set(expected));
});
