import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface TempRoot {
  /** A folder of its own; what it holds beside `folder` is outside of every root. */
  readonly base: string;
  /** Absolute, to be served as a root. */
  readonly folder: string;
  /** Writes a file and its folders; a path ending in "/" is an empty folder. Answers the absolute path. */
  put(path: string, content?: string | Uint8Array): string;
  at(path: string): string;
}

/** A real folder that is gone when the test is over. */
export function tempRoot(content: { readonly [path: string]: string | Uint8Array } = {}): TempRoot {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "puente-test-")));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, "root");
  mkdirSync(folder);
  const at = (path: string) => join(folder, path);
  function put(path: string, bytes: string | Uint8Array = ""): string {
    mkdirSync(path.endsWith("/") ? at(path) : dirname(at(path)), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(at(path), bytes);
    return at(path);
  }
  for (const [path, bytes] of Object.entries(content)) put(path, bytes);
  return { base, folder, put, at };
}
