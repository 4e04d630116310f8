import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type Arena, arena } from "./arena.js";
import { snapshot } from "./snapshot.js";

const CANARY = "what nobody may see";
/** A name that no path asks for, so that only a look outside finds it. */
const ONLY_OUTSIDE = "beside-the-root";
const TRACES = [CANARY, createHash("sha256").update(CANARY).digest("hex"), ONLY_OUTSIDE];

/** A root with what hostile paths aim at: links that lead out, in a circle and inside, denied names, and files outside. */
export function world(): Arena {
  const made = arena();
  const { folder, outside } = made;
  for (const name of ["folder/inner", ".git"]) mkdirSync(join(folder, name), { recursive: true });
  for (const name of [".git/config", ".env", "id.pem"]) writeFileSync(join(folder, name), CANARY);
  for (const name of ["file", "folder/file", "folder/inner/file", "aux.lua"])
    writeFileSync(join(folder, name), "inside");
  for (const name of ["secret.txt", "file", ONLY_OUTSIDE]) writeFileSync(join(outside, name), CANARY);
  symlinkSync("../outside", join(folder, "link"));
  symlinkSync("../outside/secret.txt", join(folder, "leak"));
  symlinkSync(outside, join(folder, "folder/far"));
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("folder/inner", join(folder, "near"));
  return made;
}

/** Everything that no operation may change, with what it holds. */
export function guarded({ base, folder, outside }: Arena): string[] {
  return [
    ...readdirSync(base).filter((name) => name !== "journal"),
    ...[outside, join(folder, ".git")].flatMap(snapshot),
    ...[".env", "id.pem"].map((name) => readFileSync(join(folder, name), "utf8")),
  ];
}

/** An answer tells nothing of what is outside or denied: neither a content, nor its hash, nor a name. */
export function expectNoTrace(answer: string, told: string): void {
  // An expectation each would take as long as the operations do.
  const trace = TRACES.find((each) => answer.includes(each));
  if (trace !== undefined) expect.fail(`${told}: ${answer} tells ${trace}`);
}
