import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILES_PER_FOLDER = 100;
const LINES = [
  'local ReplicatedStorage = game:GetService("ReplicatedStorage")',
  "local value = if ready then compute(index) else nil -- π ≈ 3.14159",
  "\tfor index, child in folder:GetChildren() do",
  "\t\tprint(`{child.Name}: {index}`)",
  "\tend",
  'assert(typeof(value) == "number", "a number")',
];

export interface Place {
  readonly folder: string;
  readonly project: string;
  readonly files: number;
  readonly bytes: number;
  remove(): void;
}

/** A repeatable pseudo-random sequence in 0…1 (a linear congruential generator), so that every run reads the same files. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A place of `files` Luau files of 1 to 5 KB, in folders of 100, with a Rojo project beside it. */
export function makePlace(files: number): Place {
  const next = sequence(files);
  const top = mkdtempSync(join(tmpdir(), "puente-bench-place-"));
  const folder = join(top, "src");
  let bytes = 0;
  for (let index = 0; index < files; index += 1) {
    const parent = join(folder, `package${Math.floor(index / FILES_PER_FOLDER)}`);
    if (index % FILES_PER_FOLDER === 0) mkdirSync(parent, { recursive: true });
    const wanted = 1000 + next() * 4000;
    const lines = [`-- module ${index}`, "local module = {}"];
    for (let length = 0; length < wanted; length += lines.at(-1)?.length ?? 1) {
      lines.push(`${LINES[Math.floor(next() * LINES.length)]} -- ${Math.floor(next() * 1e9)}`);
    }
    const text = `${[...lines, "return module"].join("\n")}\n`;
    bytes += Buffer.byteLength(text);
    writeFileSync(join(parent, `module${index}.luau`), text);
  }
  const project = join(top, "default.project.json");
  writeFileSync(project, JSON.stringify({ name: "bench", tree: { $path: "src" } }));
  return { folder, project, files, bytes, remove: () => rmSync(top, { recursive: true }) };
}
