import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../../../daemon/fail.js";
import { createFiles } from "../../../daemon/files/files.js";
import { records } from "./changing.js";

/**
 * Run as a program of its own, where the disk of the root or that of the journal holds 1 MiB, or under a limit of file
 * size: writes over an old file and beside it, as many bytes as the root's disk does not hold.
 */
const [folder = ".", journal = ".", oldBytes = "", newBytes = ""] = process.argv.slice(2);
const bounds = { bytes: 1e9, days: 30, operations: 100 };
const files = createFiles([{ name: "place", folder, access: "write" }], {
  denied: [],
  history: { folder: journal, pid: process.pid, isAlive: () => false, bounds },
});
const old = "o".repeat(Number(oldBytes));
writeFileSync(join(folder, "file.txt"), old);

async function* body(pieces: number) {
  for (let sent = 0; sent < pieces; sent += 1) yield Buffer.alloc(Number(newBytes) / pieces, "n");
}

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "written";
  } catch (error) {
    if (error instanceof Failure) return error.problem.code;
    throw error;
  }
}

const { signal } = new AbortController();

function write(path: string, pieces: number): Promise<string> {
  return outcomeOf(files.write("place", { path, expect: "any", body: body(pieces), signal }));
}

function apply(): Promise<string> {
  const edits = ["new/other.txt", "file.txt"].map((path) => ({
    kind: "write" as const,
    path,
    text: "n".repeat(Number(newBytes)),
    expect: "any",
  }));
  return outcomeOf(files.apply({ root: "place", edits }, { signal, by: "test" }));
}

const outcomes = [await write("file.txt", 40), await write("file.txt", 1), await apply()];
const hash = createHash("sha256")
  .update(readFileSync(join(folder, "file.txt")))
  .digest("hex");
const isOld = hash === createHash("sha256").update(old).digest("hex");
console.log(
  JSON.stringify({
    outcomes,
    isOld,
    names: readdirSync(folder, { recursive: true }),
    records: records(dirname(journal)),
  }),
);
