import { spawnSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { TOP } from "../support/sources.ts";

/** What `npm run build` makes, and what each part of it is made from. */
const PARTS: readonly (readonly [script: string, built: string, sources: readonly string[]])[] = [
  ["build:daemon", "dist/main.js", ["daemon/**/*.ts", "shared/**/*.ts", "vite.config.ts", "package-lock.json"]],
  ["build:plugin", "dist/puente.rbxmx", ["plugin/**/*.{ts,tsx}", "shared/**/*.ts", "rojo.json", "package-lock.json"]],
  ["build:page", "dist/studio/index.html", ["test/studio/stand-in/page/**/*", "package-lock.json"]],
];

function changedAt(path: string): number {
  return statSync(join(TOP, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Builds the parts that are missing or older than their sources. Throws where a build fails. */
export function buildWhatIsOld(say: (line: string) => void): void {
  for (const [script, built, sources] of PARTS) {
    const newest = Math.max(...sources.flatMap((pattern) => globSync(pattern, { cwd: TOP })).map(changedAt));
    if (changedAt(built) > newest) continue;
    say(`npm run ${script}`);
    const { status } = spawnSync("npm", ["run", "--silent", script], {
      cwd: TOP,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`npm run ${script} failed`);
  }
}
