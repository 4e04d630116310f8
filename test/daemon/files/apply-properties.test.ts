import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  array,
  assert as assertProperty,
  asyncProperty,
  constant,
  constantFrom,
  oneof,
  record,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import { SEED } from "../../support/seed.js";
import { arena } from "./arena.js";
import { apply, disk, type Edits, keep, undo } from "./changing.js";
import { outcomeOf, put, WALKS } from "./operations.js";

const RUNS = 120;
const BATCHES = 8;
/** Of the batches, at least so many are carried out, or the property says little. */
const LEAST_DONE = 30;

type Disk = Record<string, string>;

const NAMES = ["a", "b", "c", "\u00e9", "e\u0301"];
const path = array(constantFrom(...NAMES), { minLength: 1, maxLength: 2 }).map((names) => names.join("/"));
const text = string({ maxLength: 3, unit: "binary-ascii" });
const expectation = constantFrom("any", "any", "any", "absent");
const edit = oneof(
  { weight: 3, arbitrary: record({ kind: constant("write"), path, text, expect: expectation }) },
  { weight: 2, arbitrary: record({ kind: constant("move"), path, to: path, expect: constant("any") }) },
  { weight: 2, arbitrary: record({ kind: constant("remove"), path, expect: constant("any") }) },
  { weight: 1, arbitrary: record({ kind: constant("folder"), path, expect: expectation }) },
);

/** A path and the folders on its way. */
function stand(disk: Disk, path: string, content: string): void {
  for (let way = dirname(path); way !== "."; way = dirname(way)) disk[way] = "/";
  disk[path] = content;
}

/** What the disk is after a batch that was carried out: what goes, what comes, and then the folders that go. */
function after(before: Disk, edits: Edits): Disk {
  const disk = { ...before };
  const moved = edits.filter(({ kind, path }) => kind === "move" && before[path] === "/");
  for (const { path, to = "" } of moved) {
    for (const each of Object.keys(before).filter((one) => one === path || one.startsWith(`${path}/`))) {
      delete disk[each];
      stand(disk, `${to}${each.slice(path.length)}`, before[each] ?? "");
    }
  }
  const removed = edits.filter(({ kind }) => kind === "remove" || kind === "move").map((edit) => edit.path);
  for (const gone of removed) if (disk[gone] !== "/") delete disk[gone];
  for (const { kind, path, to, text } of edits) {
    if (kind === "write") stand(disk, path, text ?? "");
    if (kind === "folder") stand(disk, path, "/");
    if (kind === "move" && before[path] !== "/") stand(disk, to ?? "", before[path] ?? "");
  }
  for (const gone of removed) if (disk[gone] === "/") delete disk[gone];
  return disk;
}

test.each(WALKS)(
  `a batch is carried out whole or not at all, and undo puts back all of it, walking %s (seed ${SEED})`,
  async (_name, walk) => {
    const { base } = arena();
    let done = 0;
    const batches = array(array(edit, { minLength: 1, maxLength: 4 }), { maxLength: BATCHES });
    const property = asyncProperty(batches, async (all) => {
      const top = mkdtempSync(join(base, "run-"));
      const folder = join(top, "root");
      mkdirSync(folder);
      const files = keep(top, { walk: walk() });
      await put(files, "a/b", "first");
      await put(files, "b", "second");
      for (const [index, edits] of all.entries()) {
        const before = disk(folder);
        let id = "";
        const outcome = await outcomeOf(
          apply(files, ...edits).then((answer) => {
            id = answer.undo;
            return "done";
          }),
        );
        const told = `${outcome}, ${JSON.stringify(edits)}`;
        if (outcome !== "ok: done") {
          expect(disk(folder), told).toEqual(before);
          continue;
        }
        done += 1;
        expect(disk(folder), told).toEqual(after(before, edits));
        if (index % 2 === 0) continue;
        await undo(files, id);
        expect(disk(folder), `undone: ${told}`).toEqual(before);
      }
      rmSync(top, { recursive: true });
    });
    await assertProperty(property, { seed: SEED, numRuns: RUNS });
    expect(done).toBeGreaterThan(LEAST_DONE);
  },
);
