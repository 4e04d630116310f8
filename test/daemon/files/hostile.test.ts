import { expect, test } from "vitest";
import { PROBLEMS, type ProblemCode } from "../../../shared/problem.js";
import { SEED } from "../../support/seed.js";
import { CHANGES, keep } from "./changing.js";
import { FRAGMENTS, hostilePaths, MUTATIONS } from "./hostile-paths.js";
import { expectNoTrace, guarded, world } from "./hostile-world.js";
import { OPERATIONS, outcomeOf, SIGNAL } from "./operations.js";

const PATHS = 5_000;
/** Every way for an operation to end is reached, or the paths are not hostile enough. */
const REACHED = ["ok", "invalid-path", "outside-root", "denied-path", "not-found", "not-a-folder", "is-a-folder"];

test("the tables are whole", () => {
  expect(FRAGMENTS).toHaveLength(74);
  expect(new Set(FRAGMENTS).size).toBe(FRAGMENTS.length);
  expect(MUTATIONS).toHaveLength(28);
});

/** A batch and its undo cost ten times what the others do: they are tried where there is more to reach. */
test.each([
  ["refused", false, OPERATIONS],
  ["followed", true, [...OPERATIONS, ...CHANGES]],
] as const)(
  `${PATHS} hostile paths lead nowhere, links %s (seed ${SEED})`,
  async (_policy, followLinks, operations) => {
    const made = world();
    const files = keep(made.base, { followLinks, bounds: { operations: 20 } });
    const before = guarded(made);
    const reached = new Map<string, number>();
    const paths = hostilePaths(PATHS, SEED, made.base);
    expect(paths).toHaveLength(PATHS);
    for (const path of paths) {
      const told = `seed ${SEED}, ${JSON.stringify(path)}`;
      for (const [name, operation] of operations) {
        const outcome = await outcomeOf(operation(files, path));
        expectNoTrace(outcome, `${name}, ${told}`);
        const code = outcome.startsWith("ok: ") ? "ok" : outcome;
        if (!reached.has(code) && code !== "ok")
          expect(PROBLEMS[code as ProblemCode].status, `${name}, ${told}`).toBeLessThan(500);
        reached.set(code, (reached.get(code) ?? 0) + 1);
      }
      const seen = [JSON.stringify(await files.sight("place", path, SIGNAL))];
      for await (const [found] of files.survey("place", path, SIGNAL)) seen.push(found);
      expectNoTrace(seen.join("\n"), `watch, ${told}`);
    }
    expect(guarded(made)).toEqual(before);
    expect([...reached.keys()], JSON.stringify([...reached])).toEqual(expect.arrayContaining(REACHED));
  },
);
