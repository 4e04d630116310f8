import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Bounds } from "../../../daemon/files/bounds.js";
import { createFiles, type Files } from "../../../daemon/files/files.js";
import { type Head, headsIn } from "../../../daemon/files/record.js";
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
  readonly followLinks?: boolean;
  readonly pid?: number;
  readonly isAlive?: (pid: number) => boolean;
}

/** Serves the folder `root` of a base as the root `place`, with its journal beside it. */
export function keep(
  base: string,
  { walk, bounds, access = "write", followLinks = false, pid = 1, isAlive = () => false }: Options = {},
): Files {
  return createFiles([{ name: "place", folder: join(base, "root"), access }], {
    denied: [],
    followLinks,
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

/** The segments of the journal, as paths. */
export function segments(base: string): string[] {
  const journal = join(base, "journal");
  const names = readdirSync(journal, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.(?:open|closed)$/.test(name)).map((name) => join(journal, name));
}

/** What a segment holds. */
export function headsOf(segment: string): Head[] {
  const file = openSync(segment, "r");
  try {
    return headsIn(file, basename(segment).split(".")[0] ?? "");
  } finally {
    closeSync(file);
  }
}

/** How far each operation of the journal has come that was not dropped. */
export function records(base: string): string[] {
  return segments(base)
    .flatMap(headsOf)
    .map(({ progress }) => progress)
    .filter((progress) => progress !== "dropped");
}

/** An edit that is carried out and undone. Answers what both say. */
async function thereAndBack(files: Files, edit: Edits[number]): Promise<string> {
  const done = await apply(files, edit);
  return JSON.stringify([done, await undo(files, done.undo)]);
}

/** Every way for a path to stand in an edit, each undone at once. */
export const CHANGES: readonly (readonly [string, (files: Files, path: string) => Promise<string>])[] = [
  ["apply of a write", (files, path) => thereAndBack(files, { kind: "write", path, text: "new", expect: "any" })],
  ["apply of a removal", (files, path) => thereAndBack(files, { kind: "remove", path, expect: "any" })],
  ["apply of a folder", (files, path) => thereAndBack(files, { kind: "folder", path, expect: "any" })],
  ["apply of a move", (files, path) => thereAndBack(files, { kind: "move", path, to: "moved/here", expect: "any" })],
  [
    "apply of a move to it",
    (files, path) => thereAndBack(files, { kind: "move", path: "file", to: path, expect: "any" }),
  ],
];
