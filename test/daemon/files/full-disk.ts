import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../../daemon/fail.js";
import { createFiles } from "../../../daemon/files/files.js";

/** Run as a program of its own, on a disk of 1 MiB or under a limit of file size: writes 2,000,000 bytes over an old file and beside it. */
const [folder = "."] = process.argv.slice(2);
const files = createFiles([{ name: "place", folder, access: "write" }], { denied: [] });
const old = "o".repeat(100_000);
writeFileSync(join(folder, "file.txt"), old);

async function* body(pieces: number) {
  for (let sent = 0; sent < pieces; sent += 1) yield Buffer.alloc(2_000_000 / pieces, "n");
}

async function write(path: string, pieces: number): Promise<string> {
  try {
    await files.write("place", { path, expect: "any", body: body(pieces), signal: new AbortController().signal });
    return "written";
  } catch (error) {
    if (error instanceof Failure) return error.problem.code;
    throw error;
  }
}

const outcomes = [await write("file.txt", 40), await write("new/file.txt", 40), await write("file.txt", 1)];
const hash = createHash("sha256")
  .update(readFileSync(join(folder, "file.txt")))
  .digest("hex");
const isOld = hash === createHash("sha256").update(old).digest("hex");
console.log(JSON.stringify({ outcomes, isOld, names: readdirSync(folder, { recursive: true }) }));
