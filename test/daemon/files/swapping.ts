import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { within } from "../../support/deadline.js";
import { arena } from "./arena.js";

const SWAP = fileURLToPath(new URL("swap.py", import.meta.url));

/** A root with a folder `place`, and beside it a link of that kind to a folder outside. */
export function contested(): { folder: string; outside: string } {
  const { folder, outside } = arena();
  mkdirSync(join(folder, "place"));
  writeFileSync(join(folder, "place/file"), "inside");
  writeFileSync(join(outside, "file"), "canary");
  symlinkSync(outside, join(folder, "link"));
  return { folder, outside };
}

/** Swaps `place` and `link` from another process while `attack` runs. Answers how often it did. */
export async function whileSwapping(folder: string, attack: () => Promise<void>): Promise<number> {
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
export function naivePath(folder: string, path: string): string {
  const real = realpathSync(resolve(folder, dirname(path)));
  if (!`${real}${sep}`.startsWith(`${folder}${sep}`)) throw new Error("outside");
  return resolve(folder, path);
}

export function naiveRead(folder: string, path: string): string {
  try {
    return readFileSync(naivePath(folder, path), "utf8");
  } catch (error) {
    return error instanceof Error ? "refused" : String(error);
  }
}
