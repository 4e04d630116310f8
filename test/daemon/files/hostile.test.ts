import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { walkByHandle } from "../../../daemon/files/walk-linux.js";
import { walkByName } from "../../../daemon/files/walk-portable.js";
import { PROBLEMS, type ProblemCode } from "../../../shared/problem.js";
import { SEED } from "../../support/seed.js";
import { arena } from "./arena.js";
import { FRAGMENTS, hostilePaths, MUTATIONS } from "./hostile-paths.js";
import { OPERATIONS, outcomeOf, SIGNAL, serve } from "./operations.js";
import { snapshot } from "./snapshot.js";

const PATHS = 5_000;
const CANARY = "what nobody may see";
/** A name that no path asks for, so that only a look outside finds it. */
const ONLY_OUTSIDE = "beside-the-root";
const TRACES = [CANARY, createHash("sha256").update(CANARY).digest("hex"), ONLY_OUTSIDE];
/** Every way for an operation to end is reached, or the paths are not hostile enough. */
const REACHED = ["ok", "invalid-path", "outside-root", "denied-path", "not-found", "not-a-folder", "is-a-folder"];

function world() {
  const made = arena();
  const { folder, outside } = made;
  for (const name of ["folder/inner", ".git", "state"]) mkdirSync(join(folder, name), { recursive: true });
  for (const name of [".git/config", ".env", "id.pem", "state/tokens.json"]) writeFileSync(join(folder, name), CANARY);
  for (const name of ["file", "folder/file", "folder/inner/file", "aux.lua"])
    writeFileSync(join(folder, name), "inside");
  for (const name of ["secret.txt", "file", ONLY_OUTSIDE]) writeFileSync(join(outside, name), CANARY);
  symlinkSync("../outside", join(folder, "link"));
  symlinkSync(outside, join(folder, "folder/far"));
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("folder/inner", join(folder, "near"));
  return made;
}

/** Everything that no operation may change, with what it holds. */
function guarded({ base, folder, outside }: ReturnType<typeof world>): string[] {
  return [
    ...readdirSync(base),
    ...[outside, join(folder, ".git"), join(folder, "state")].flatMap(snapshot),
    ...[".env", "id.pem"].map((name) => readFileSync(join(folder, name), "utf8")),
  ];
}

test("the tables are whole", () => {
  expect(FRAGMENTS).toHaveLength(75);
  expect(new Set(FRAGMENTS).size).toBe(FRAGMENTS.length);
  expect(MUTATIONS).toHaveLength(28);
});

test.each([
  ["by handles, links refused", walkByHandle, false],
  ["by handles, links followed", walkByHandle, true],
  ["by names, links followed", walkByName, true],
] as const)(
  `${PATHS} hostile paths lead nowhere, walking %s (seed ${SEED})`,
  { timeout: 60_000 },
  async (_way, walk, followLinks) => {
    const made = world();
    const files = serve(made.folder, { walk: walk(), followLinks, denied: [join(made.folder, "state")] });
    const before = guarded(made);
    const reached = new Map<string, number>();
    const paths = hostilePaths(PATHS, SEED, made.base);
    expect(paths).toHaveLength(PATHS);
    for (const path of paths) {
      const told = `seed ${SEED}, ${JSON.stringify(path)}`;
      for (const [name, operation] of OPERATIONS) {
        const outcome = await outcomeOf(operation(files, path));
        for (const trace of TRACES) expect(outcome.includes(trace), `${name}, ${told}: ${outcome}`).toBe(false);
        const code = outcome.startsWith("ok: ") ? "ok" : outcome;
        reached.set(code, (reached.get(code) ?? 0) + 1);
        if (code !== "ok") expect(PROBLEMS[code as ProblemCode].status, `${name}, ${told}`).toBeLessThan(500);
      }
      const seen = [JSON.stringify(await files.sight("place", path, SIGNAL))];
      for await (const [found] of files.survey("place", path, SIGNAL)) seen.push(found);
      for (const trace of TRACES) expect(seen.join("\n").includes(trace), `watch, ${told}`).toBe(false);
    }
    expect(guarded(made)).toEqual(before);
    expect([...reached.keys()], JSON.stringify([...reached])).toEqual(expect.arrayContaining(REACHED));
  },
);
