import { Failure } from "../../../daemon/fail.js";
import { createFiles, type Files } from "../../../daemon/files/files.js";
import type { Walk } from "../../../daemon/files/walk.js";
import { walkByHandle } from "../../../daemon/files/walk-linux.js";
import { walkByName } from "../../../daemon/files/walk-portable.js";
import type { Output } from "../../../shared/contract/index.js";
import type { ProblemCode } from "../../../shared/problem.js";

/** A signal that nobody aborts. */
export const SIGNAL = new AbortController().signal;

/** Both kinds of walk run on Linux, so that what other systems use is tested here too. */
export const WALKS: readonly (readonly [string, () => Walk])[] = [
  ["by handles", walkByHandle],
  ["by names", walkByName],
];

/** Serves one folder as the root `place`. */
export function serve(
  folder: string,
  options: { walk?: Walk; denied?: string[]; ignore?: string[]; access?: "read" | "write"; followLinks?: boolean } = {},
): Files {
  const { walk, denied = [], ignore = [], access = "write", followLinks = false } = options;
  return createFiles([{ name: "place", folder, access }], { denied, ignore, followLinks, ...(walk && { walk }) });
}

export async function* bodyOf(...pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

export function put(files: Files, path: string, content: string | Uint8Array, expect: string | undefined = "any") {
  return files.write("place", { path, body: bodyOf(content), signal: SIGNAL, ...(expect !== undefined && { expect }) });
}

export async function readText(files: Files, path: string): Promise<string> {
  const { bytes } = await files.read({ root: "place", path }, SIGNAL);
  return Buffer.from(bytes).toString("utf8");
}

/** Every operation that takes a path. What it answers is text that holds whatever of the disk it saw. */
export const OPERATIONS: readonly (readonly [string, (files: Files, path: string) => Promise<string>])[] = [
  ["list", async (files, path) => JSON.stringify(await files.list({ root: "place", path, depth: 3 }, SIGNAL))],
  ["stat", async (files, path) => JSON.stringify(await files.stat({ root: "place", path }, SIGNAL))],
  ["read", readText],
  [
    "read of a range",
    async (files, path) => {
      const range = { offset: 0, bytes: 64 };
      return Buffer.from((await files.read({ root: "place", path, range }, SIGNAL)).bytes).toString("utf8");
    },
  ],
  [
    "read-many",
    async (files, path) => {
      const answer = await readMany(files, [path]);
      const problem = answer.files[0]?.problem;
      if (problem !== undefined) throw new Failure({ ...problem, code: problem.code as ProblemCode });
      return JSON.stringify(answer);
    },
  ],
  ["write", async (files, path) => JSON.stringify(await put(files, path, "written by the test"))],
  [
    "write of a new file",
    async (files, path) => JSON.stringify(await put(files, path, "written by the test", "absent")),
  ],
];

/** How an operation ends: `ok: …`, or the code of its problem. An error that is no problem is thrown on. */
export async function outcomeOf(answer: Promise<string>): Promise<string> {
  try {
    return `ok: ${await answer}`;
  } catch (error) {
    if (error instanceof Failure) return error.problem.code;
    throw error;
  }
}

export async function problemOf(answer: Promise<unknown>) {
  try {
    await answer;
  } catch (error) {
    if (error instanceof Failure) return error.problem;
    throw error;
  }
  throw new Error("It was done, and a problem was expected.");
}

/** read-many as it arrives: through the answer's JSON. */
export async function readMany(files: Files, paths: string[]): Promise<Output<"files/read-many">> {
  const { bytes, release } = await files.readMany({ root: "place", paths }, SIGNAL);
  const text = Buffer.from(bytes).toString("utf8");
  release();
  return JSON.parse(text);
}
