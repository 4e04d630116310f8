import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Arbitrary,
  array,
  assert as assertProperty,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import type { Expectation } from "../../../daemon/files/expect.js";
import type { Files } from "../../../daemon/files/files.js";
import { SEED } from "../../support/seed.js";
import { arena } from "./arena.js";
import { hashOf, Model, NAMES } from "./model.js";
import { outcomeOf, put, readText, SIGNAL, serve, WALKS } from "./operations.js";

const RUNS = 300;
const STEPS = 40;

const path = array(constantFrom(...NAMES, "a", "b"), { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const content = string({ maxLength: 3 });
const expectation = oneof(
  constant<Expectation>("any"),
  constant<Expectation>("absent"),
  content.map((text): Expectation => ({ hash: hashOf(text) })),
);

/** One thing that is done, by a client or beside the daemon. */
const step = oneof(
  { weight: 4, arbitrary: record({ does: constant("write"), path, content, expectation }) },
  {
    weight: 3,
    arbitrary: record({
      does: constant("list"),
      path: oneof(constant(""), path),
      depth: integer({ min: 1, max: 4 }),
      limit: integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: record({ does: constant("read"), path }) },
  { weight: 1, arbitrary: record({ does: constant("put"), path, content }) },
  { weight: 1, arbitrary: record({ does: constant("make folder"), path }) },
  { weight: 1, arbitrary: record({ does: constant("remove"), path }) },
);
type Step = typeof step extends Arbitrary<infer Value> ? Value : never;

/** Every page of a listing, in the model's form. */
async function listed(
  files: Files,
  { path, depth, limit }: { path: string; depth: number; limit: number },
): Promise<string> {
  const found: [string, [string, boolean]][] = [];
  let after: string | undefined;
  do {
    const more = after === undefined ? {} : { after };
    const page = await files.list({ root: "place", path, depth, limit, hashes: true, ...more }, SIGNAL);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    for (const entry of page.entries) found.push([entry.path, [entry.hash ?? entry.kind, entry.warning === "name"]]);
    after = page.after;
  } while (after !== undefined);
  return JSON.stringify(found);
}

/** Does one thing to the disk and to the model, and holds what the daemon answers against what the model does. */
async function take(todo: Step, files: Files, folder: string, model: Model): Promise<void> {
  const told = JSON.stringify(todo);
  switch (todo.does) {
    case "write": {
      const { expectation: expected } = todo;
      const word = typeof expected === "string" ? expected : expected.hash;
      const answer = put(files, todo.path, todo.content, word).then(({ hash }) => hash);
      expect(await outcomeOf(answer), told).toBe(model.write(todo.path, todo.content, expected));
      return;
    }
    case "list":
      expect(await outcomeOf(listed(files, todo)), told).toBe(model.list(todo.path, todo.depth));
      return;
    case "read":
      expect(await outcomeOf(readText(files, todo.path)), told).toBe(model.read(todo.path));
      return;
    case "put":
      if (model.putFile(todo.path, todo.content)) writeFileSync(join(folder, todo.path), todo.content);
      return;
    case "make folder":
      if (model.makeFolder(todo.path)) mkdirSync(join(folder, todo.path));
      return;
    case "remove":
      if (model.remove(todo.path)) rmSync(join(folder, todo.path), { recursive: true });
  }
}

test.each(WALKS)(
  `whatever is written and done beside it, reads and listings are as the model says, walking %s (seed ${SEED})`,
  async (_name, walk) => {
    const { folder: top } = arena();
    const property = asyncProperty(array(step, { maxLength: STEPS }), async (steps) => {
      const folder = mkdtempSync(join(top, "run-"));
      const files = serve(folder, { walk: walk() });
      const model = new Model();
      for (const todo of steps) await take(todo, files, folder, model);
      expect(await outcomeOf(listed(files, { path: "", depth: 8, limit: 10_000 }))).toBe(model.list("", 8));
      const left = readdirSync(folder, { recursive: true, encoding: "utf8" });
      expect(left.filter((path) => path.endsWith(".tmp"))).toEqual([]);
      rmSync(folder, { recursive: true });
    });
    await assertProperty(property, { seed: SEED, numRuns: RUNS });
  },
);
