import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFiles, type Files } from "../../../daemon/files/files.js";
import type { Bounds } from "../../../daemon/files/journal.js";
import type { Walk } from "../../../daemon/files/walk.js";
import type { Input } from "../../../shared/contract/index.js";
import { SIGNAL } from "./operations.js";

export type Edits = Input<"files/apply">["edits"];

export const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Every file below a folder, also those that Puente hides, with its content; `/` for a folder. */
export function disk(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = entry.isFile() ? readFileSync(path, "latin1") : "/";
  }
  return found;
}

export interface Options {
  readonly walk?: Walk;
  readonly bounds?: Partial<Bounds>;
  readonly access?: "read" | "write";
  readonly pid?: number;
  readonly isAlive?: (pid: number) => boolean;
}

/** Serves the folder `root` of a base as the root `place`, with its journal beside it. */
export function keep(
  base: string,
  { walk, bounds, access = "write", pid = 1, isAlive = () => false }: Options = {},
): Files {
  return createFiles([{ name: "place", folder: join(base, "root"), access }], {
    denied: [],
    ...(walk && { walk }),
    history: {
      folder: join(base, "journal"),
      pid,
      isAlive,
      bounds: { bytes: 1e9, days: 30, operations: 1000, ...bounds },
    },
  });
}

export function apply(files: Files, ...edits: Edits) {
  return files.apply({ root: "place", edits }, { signal: SIGNAL, by: "test" });
}

export function undo(files: Files, id: string) {
  return files.undo({ undo: id }, { signal: SIGNAL, by: "test" });
}

/** The names in the journal. */
export function records(base: string): string[] {
  return readdirSync(join(base, "journal"), { recursive: true, encoding: "utf8" }).filter((name) => name.includes("/"));
}
