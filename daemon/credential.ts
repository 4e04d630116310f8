import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

interface Whereabouts {
  /** Where a relative file starts from. */
  readonly base: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** Reads the value of an upstream's header: from a variable, or from a file that nobody else may read. Errors name the place, never the value. */
export function readCredential(from: { env?: string; file?: string }, { base, env, platform }: Whereabouts): string {
  const value = from.file === undefined ? env[from.env ?? ""] : readPrivate(resolve(base, from.file), platform);
  if ((from.env === undefined) === (from.file === undefined)) {
    throw new Error("a header's value is from one place: write `from` as {env} or {file}");
  }
  if (value === undefined || value.trim() === "") {
    throw new Error(`there is nothing in ${from.env ?? from.file}: put the value of the header there`);
  }
  return value.trim();
}

function readPrivate(path: string, platform: NodeJS.Platform): string {
  try {
    if (platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
      throw new Error(`others may read ${path}: make it private (chmod 600)`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Error(`${path} cannot be read (${code})`);
  }
}
