import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHANGES, keep } from "./changing.js";
import { OPERATIONS, outcomeOf, put, readText, SIGNAL, serve } from "./operations.js";
import { contested, naivePath, naiveRead, whileSwapping } from "./swapping.js";

const READS = 20_000;
const WRITES = 5_000;
/** What a path may be told that is a folder at one look and a link at the next. */
const REFUSALS = ["outside-root", "not-a-folder", "not-found", "file-busy"];

/** With `PUENTE_RACE_SECONDS`, each race lasts at least so long. */
const SECONDS = Number(process.env["PUENTE_RACE_SECONDS"] ?? 0);
/** Tells what is outside from what is inside: a name, a content, and its hash. */
const OUTSIDE = ["only-outside", "canary", createHash("sha256").update("canary").digest("hex")];
const ROUNDS = 500;

/** So many times, and until the seconds are over that were asked for. */
async function again(least: number, act: () => Promise<void>): Promise<number> {
  const until = performance.now() + SECONDS * 1000;
  let count = 0;
  for (; count < least || performance.now() < until; count += 1) await act();
  return count;
}

function naiveWrite(folder: string, path: string): void {
  try {
    const target = naivePath(folder, path);
    writeFileSync(`${target}.tmp`, "naive");
    renameSync(`${target}.tmp`, target);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

describe.runIf(platform() === "linux")("check 11: while somebody swaps a folder and a link", () => {
  test(`${READS} reads see nothing outside, and naive reads do`, { timeout: 180_000 + SECONDS * 1000 }, async () => {
    const { folder } = contested();
    const files = serve(folder);
    const seen = new Map<string, number>();
    let naiveEscapes = 0;
    const swaps = await whileSwapping(folder, async () => {
      await again(READS, async () => {
        const outcome = await outcomeOf(readText(files, "place/file"));
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        if (naiveRead(folder, "place/file") === "canary") naiveEscapes += 1;
      });
    });
    const told = `${swaps} swaps, ${naiveEscapes} naive escapes, ${JSON.stringify([...seen])}`;
    expect(REFUSALS, told).toEqual(
      expect.arrayContaining([...seen.keys()].filter((outcome) => outcome !== "ok: inside")),
    );
    expect(seen.get("ok: inside"), told).toBeGreaterThan(READS / 100);
    expect(seen.get("outside-root"), told).toBeGreaterThan(READS / 100);
    expect(naiveEscapes, told).toBeGreaterThan(0);
  });

  test(`${WRITES} writes put nothing outside, and naive writes do`, { timeout: 180_000 + SECONDS * 1000 }, async () => {
    const { folder, outside } = contested();
    const files = serve(folder);
    const seen = new Map<string, number>();
    let naiveEscapes = 0;
    const swaps = await whileSwapping(folder, async () => {
      await again(WRITES, async () => {
        const outcome = await outcomeOf(put(files, "place/new/mine", "mine").then(() => "done"));
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        expect(readdirSync(outside)).toEqual(["file"]);
        naiveWrite(folder, "place/naive");
        if (readdirSync(outside).length > 1) {
          naiveEscapes += 1;
          for (const name of readdirSync(outside)) if (name !== "file") rmSync(join(outside, name));
        }
      });
    });
    const told = `${swaps} swaps, ${naiveEscapes} naive escapes, ${JSON.stringify([...seen])}`;
    expect(readFileSync(join(outside, "file"), "utf8"), told).toBe("canary");
    expect(REFUSALS, told).toEqual(
      expect.arrayContaining([...seen.keys()].filter((outcome) => outcome !== "ok: done")),
    );
    expect(seen.get("outside-root"), told).toBeGreaterThan(WRITES / 100);
    expect(naiveEscapes, told).toBeGreaterThan(0);
  });

  test.each([
    ["refused", false],
    ["followed", true],
  ])(
    "no operation sees or makes anything outside, links %s",
    { timeout: 180_000 + SECONDS * 1000 },
    async (_policy, followLinks) => {
      const { folder, outside } = contested();
      writeFileSync(join(outside, "only-outside"), "");
      writeFileSync(join(folder, "file"), "inside");
      const files = keep(dirname(folder), { followLinks });
      const seen = new Map<string, number>();
      const saw = (name: string, outcome: string) => {
        for (const trace of OUTSIDE) expect(outcome.includes(trace), `${name}: ${outcome}`).toBe(false);
        const told = `${name} ${outcome.startsWith("ok: ") ? "ok" : outcome}`;
        seen.set(told, (seen.get(told) ?? 0) + 1);
      };
      const swaps = await whileSwapping(folder, async () => {
        await again(ROUNDS, async () => {
          for (const [name, operation] of OPERATIONS) {
            const path = name === "list" ? "place" : name === "write of a new file" ? "place/new/file" : "place/file";
            saw(name, await outcomeOf(operation(files, path)));
          }
          for (const [name, change] of CHANGES) saw(name, await outcomeOf(change(files, "place/mine")));
          saw("sight", `ok: ${JSON.stringify(await files.sight("place", "place/file", SIGNAL))}`);
          const found: string[] = [];
          for await (const [path] of files.survey("place", "", SIGNAL)) found.push(path);
          saw("survey", `ok: ${found.join(" ")}`);
          expect(readdirSync(outside)).toEqual(["file", "only-outside"]);
        });
      });
      const told = `${swaps} swaps, ${JSON.stringify([...seen])}`;
      expect(readFileSync(join(outside, "file"), "utf8"), told).toBe("canary");
      for (const name of ["list", "stat", "read", "read of a range", "read-many", "write"]) {
        expect(seen.get(`${name} ok`), told).toBeGreaterThan(ROUNDS / 100);
        expect(seen.get(`${name} outside-root`), told).toBeGreaterThan(ROUNDS / 100);
      }
    },
  );
});
