import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { platform, tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { within } from "../../support/deadline.js";
import { outcomeOf, put, readText, serve } from "./operations.js";

const READS = 20_000;
const WRITES = 5_000;
/** What a path may be told that is a folder at one look and a link at the next. */
const REFUSALS = ["outside-root", "not-a-folder", "not-found", "file-busy"];
const SWAP = fileURLToPath(new URL("swap.py", import.meta.url));

/** A root with a folder `place`, and beside it a link of that kind to a folder outside. In memory where there is one: writes are many. */
function arena(): { folder: string; outside: string } {
  const base = realpathSync(mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "puente-race-")));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, "root");
  const outside = join(base, "outside");
  for (const made of [join(folder, "place"), outside]) mkdirSync(made, { recursive: true });
  writeFileSync(join(folder, "place/file"), "inside");
  writeFileSync(join(outside, "file"), "canary");
  symlinkSync(outside, join(folder, "link"));
  return { folder, outside };
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
  test(`${READS} reads see nothing outside, and naive reads do`, { timeout: 60_000 }, async () => {
    const { folder } = arena();
    const files = serve(folder);
    const seen = new Map<string, number>();
    let naiveEscapes = 0;
    const swaps = await whileSwapping(folder, async () => {
      for (let count = 0; count < READS; count += 1) {
        const outcome = await outcomeOf(readText(files, "place/file"));
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        if (naiveRead(folder, "place/file") === "canary") naiveEscapes += 1;
      }
    });
    const told = `${swaps} swaps, ${naiveEscapes} naive escapes, ${JSON.stringify([...seen])}`;
    expect(REFUSALS, told).toEqual(
      expect.arrayContaining([...seen.keys()].filter((outcome) => outcome !== "ok: inside")),
    );
    expect(seen.get("ok: inside"), told).toBeGreaterThan(READS / 100);
    expect(seen.get("outside-root"), told).toBeGreaterThan(READS / 100);
    expect(naiveEscapes, told).toBeGreaterThan(0);
  });

  test(`${WRITES} writes put nothing outside, and naive writes do`, { timeout: 60_000 }, async () => {
    const { folder, outside } = arena();
    const files = serve(folder);
    const seen = new Map<string, number>();
    let naiveEscapes = 0;
    const swaps = await whileSwapping(folder, async () => {
      for (let count = 0; count < WRITES; count += 1) {
        const outcome = await outcomeOf(put(files, "place/new/mine", "mine").then(() => "done"));
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        expect(readdirSync(outside)).toEqual(["file"]);
        naiveWrite(folder, "place/naive");
        if (readdirSync(outside).length > 1) {
          naiveEscapes += 1;
          for (const name of readdirSync(outside)) if (name !== "file") rmSync(join(outside, name));
        }
      }
    });
    const told = `${swaps} swaps, ${naiveEscapes} naive escapes, ${JSON.stringify([...seen])}`;
    expect(readFileSync(join(outside, "file"), "utf8"), told).toBe("canary");
    expect(REFUSALS, told).toEqual(
      expect.arrayContaining([...seen.keys()].filter((outcome) => outcome !== "ok: done")),
    );
    expect(seen.get("outside-root"), told).toBeGreaterThan(WRITES / 100);
    expect(naiveEscapes, told).toBeGreaterThan(0);
  });
});
