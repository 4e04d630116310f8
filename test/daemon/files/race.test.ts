import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { platform } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { within } from "../../support/deadline.js";
import { arena } from "./arena.js";
import { CHANGES, keep } from "./changing.js";
import { OPERATIONS, outcomeOf, put, readText, SIGNAL, serve } from "./operations.js";

const READS = 20_000;
const WRITES = 5_000;
/** What a path may be told that is a folder at one look and a link at the next. */
const REFUSALS = ["outside-root", "not-a-folder", "not-found", "file-busy"];
const SWAP = fileURLToPath(new URL("swap.py", import.meta.url));

/** With `PUENTE_RACE_SECONDS`, each race lasts at least so long. */
const SECONDS = Number(process.env["PUENTE_RACE_SECONDS"] ?? 0);
/** Tells what is outside from what is inside: a name, a content, and its hash. */
const OUTSIDE = ["only-outside", "canary", createHash("sha256").update("canary").digest("hex")];
const ROUNDS = 500;

/** A root with a folder `place`, and beside it a link of that kind to a folder outside. */
function contested(): { folder: string; outside: string } {
  const { folder, outside } = arena();
  mkdirSync(join(folder, "place"));
  writeFileSync(join(folder, "place/file"), "inside");
  writeFileSync(join(outside, "file"), "canary");
  symlinkSync(outside, join(folder, "link"));
  return { folder, outside };
}

/** So many times, and until the seconds are over that were asked for. */
async function again(least: number, act: () => Promise<void>): Promise<number> {
  const until = performance.now() + SECONDS * 1000;
  let count = 0;
  for (; count < least || performance.now() < until; count += 1) await act();
  return count;
}

/** Swaps `place` and `link` from another process while `attack` runs. Answers how often it did. */
async function whileSwapping(folder: string, attack: () => Promise<void>): Promise<number> {
  const swapper = spawn("python3", [SWAP, folder, "place", "link"], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void swapper.kill("SIGKILL"));
  let output = "";
  swapper.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const ended = once(swapper, "close");
  await within(10, "python3 to begin swapping; is it installed?", once(swapper.stdout, "data"));
  await attack();
  swapper.stdin.end();
  await within(10, "the end of the swapping", ended);
  expect(swapper.exitCode).toBe(0);
  return Number(output.split("\n")[1]);
}

/** What a careful programmer writes without handles: resolve, follow the links, compare, then use the path. */
function naivePath(folder: string, path: string): string {
  const real = realpathSync(resolve(folder, dirname(path)));
  if (!`${real}${sep}`.startsWith(`${folder}${sep}`)) throw new Error("outside");
  return resolve(folder, path);
}

function naiveRead(folder: string, path: string): string {
  try {
    return readFileSync(naivePath(folder, path), "utf8");
  } catch (error) {
    return error instanceof Error ? "refused" : String(error);
  }
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
