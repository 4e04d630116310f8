import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { describe, expect, test } from "vitest";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("full-disk.ts", import.meta.url));

async function bundleInto(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: PROGRAM, outDir, rolldownOptions: { output: { entryFileNames: "program.mjs" } } },
  });
  return join(outDir, "program.mjs");
}

/** A disk of 1 MiB of our own: a mount that only this command sees, for which nobody needs to be root. */
const smallDisk = (argument: number) => [
  "unshare",
  "-rm",
  "sh",
  "-c",
  `mount -t tmpfs -o size=1m none "$${argument}" && exec "$0" "$@"`,
];
/** Bytes of the old file and of the new one. */
const GROWN = ["100000", "2000000"];
const SHRUNK = ["2000000", "1000"];

const LIMITED: readonly (readonly [string, readonly string[], readonly string[], string])[] = [
  ["on a disk that is full", smallDisk(2), GROWN, "disk-full"],
  ["under a limit of file size", ["prlimit", "--fsize=1000000"], GROWN, "too-large"],
  ["whose old content the journal's disk does not hold", smallDisk(3), SHRUNK, "disk-full"],
];

test("the table is whole", () => {
  expect(LIMITED).toHaveLength(3);
});

describe.runIf(platform() === "linux")("check 15: a write that does not fit", () => {
  test.each(LIMITED)(
    "%s is refused; the old content is whole and nothing is left",
    async (_what, [command = "", ...before], sizes, code) => {
      const { folder, base } = tempRoot();
      for (const name of ["program", "journal"]) mkdirSync(join(base, name));
      const program = await bundleInto(join(base, "program"));
      const { stdout } = await within(
        20,
        "the program",
        run(command, [...before, process.execPath, program, folder, join(base, "journal"), ...sizes]),
      );
      expect(JSON.parse(stdout)).toEqual({
        outcomes: [code, code, code],
        isOld: true,
        names: ["file.txt"],
        records: [],
      });
    },
  );
});
