import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";
import type { Root } from "../config.js";
import type { Context } from "./context.js";

/**
 * The ripgrep on the PATH, absolute, or undefined.
 * The danger: a program of that name which a client has put where the daemon looks. The rule: only absolute folders of
 * the PATH count, never the current one, and nothing that lies in a root.
 */
export function findRipgrep({ env, platform }: Context, roots: readonly Root[]): string | undefined {
  const name = platform === "win32" ? "rg.exe" : "rg";
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const program = programAt(join(folder, name));
    if (program !== undefined && !roots.some((root) => program.startsWith(root.folder + sep))) return program;
  }
  return undefined;
}

function programAt(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
