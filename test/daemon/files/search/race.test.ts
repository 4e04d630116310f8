import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { outcomeOf } from "../operations.js";
import { contested, naiveRead, whileSwapping } from "../swapping.js";
import { ENGINES, messagesOf, type SearchInput, searchIn, testOf } from "./searching.js";

const ROUNDS = 100;
/** What a path may be told that is a folder at one look and a link at the next. */
const REFUSALS = ["outside-root", "not-a-folder", "not-found"];
/** Tells what is outside from what is inside: a name and a content. */
const OUTSIDE = ["only-outside", "canary"];

/** From the root and from the contested folder itself; by what is in a file and by its name alone. */
const SEARCHES: readonly SearchInput[] = [
  { pattern: "inside|canary", kind: "regex", context: 1 },
  { pattern: "inside|canary", kind: "regex", root: "place", path: "place" },
  { pattern: "**", kind: "glob" },
  { pattern: "**", kind: "glob", root: "place", path: "place" },
];

function naiveReads(folder: string): string {
  return Array.from({ length: 20 }, () => naiveRead(folder, "place/file")).join(" ");
}

/** What ripgrep reads by itself below a folder, told not to follow links. */
function naiveSearch(ripgrep: string, folder: string): string {
  const args = ["--no-config", "--no-ignore", "--hidden", "--no-follow", "--no-messages", "-e", "inside|canary", "./"];
  return spawnSync(ripgrep, args, { cwd: folder, encoding: "utf8", timeout: 10_000 }).stdout;
}

describe.runIf(platform() === "linux").each(ENGINES)("%s", (_engine, ripgrep, isThere) => {
  const test = testOf(isThere);

  test(`while somebody swaps a folder and a link, ${ROUNDS * SEARCHES.length} searches tell nothing of outside, and naive ones do`, async () => {
    const { folder, outside } = contested();
    writeFileSync(join(outside, "only-outside"), "canary");
    const search = searchIn({ place: folder }, ripgrep);
    const naive = () => (ripgrep === undefined ? naiveReads(folder) : naiveSearch(ripgrep, folder));
    const seen = new Map<string, number>();
    let hasNaiveEscaped = false;
    const swaps = await whileSwapping(folder, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const input of SEARCHES) {
          const outcome = await outcomeOf((async () => JSON.stringify(await messagesOf(search, input)))());
          for (const trace of OUTSIDE) expect(outcome.includes(trace), outcome).toBe(false);
          const told = outcome.includes('"path":') ? "found" : outcome.startsWith("ok: ") ? "nothing" : outcome;
          seen.set(told, (seen.get(told) ?? 0) + 1);
          hasNaiveEscaped ||= naive().includes("canary");
        }
      }
    });
    const told = `${swaps} swaps, ${JSON.stringify([...seen])}`;
    expect(["found", "nothing", ...REFUSALS], told).toEqual(expect.arrayContaining([...seen.keys()]));
    expect(seen.get("found"), told).toBeGreaterThan(ROUNDS / 10);
    expect(seen.get("outside-root"), told).toBeGreaterThan(ROUNDS / 10);
    expect(hasNaiveEscaped, told).toBe(true);
  }, 60_000);
});
