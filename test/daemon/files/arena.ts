import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface Arena {
  /** A folder of its own; what it holds beside `folder` is outside of every root. */
  readonly base: string;
  readonly folder: string;
  readonly outside: string;
}

/** A root and a folder beside it, in memory where there is one: for tests that write thousands of files. */
export function arena(): Arena {
  const base = realpathSync(mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "puente-arena-")));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, "root");
  const outside = join(base, "outside");
  for (const made of [folder, outside]) mkdirSync(made);
  return { base, folder, outside };
}
