import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const TOP = resolve(import.meta.dirname, "..", "..");

export interface Source {
  /** Relative to the top, with slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports: files of ours relative to the top, packages by their specifier. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? "";
    if (!specifier.startsWith(".")) return specifier;
    const source = resolve(dirname(path), specifier.replace(/\.js$/, ".ts"));
    return relative(TOP, existsSync(source) ? source : `${source}x`).replaceAll("\\", "/");
  });
}

/** Every TypeScript file below a folder of the top. */
export function sourcesIn(folder: string): Source[] {
  const names = readdirSync(join(TOP, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /\.tsx?$/.test(name) && !name.includes("node_modules"))
    .map((name) => {
      const full = join(TOP, folder, name);
      const text = readFileSync(full, "utf8");
      return { path: relative(TOP, full).replaceAll("\\", "/"), text, imports: importsOf(full, text) };
    });
}
