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
const SMALL_DISK = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=1m none "$2" && exec "$0" "$1" "$2"'];

const LIMITED: readonly (readonly [string, readonly string[], string])[] = [
  ["on a disk that is full", SMALL_DISK, "disk-full"],
  ["under a limit of file size", ["prlimit", "--fsize=1000000"], "too-large"],
];

test("the table is whole", () => {
  expect(LIMITED).toHaveLength(2);
});

describe.runIf(platform() === "linux")("check 15: a write that does not fit", () => {
  test.each(LIMITED)(
    "%s is refused; the old content is whole and nothing is left",
    async (_what, [command = "", ...before], code) => {
      const { folder, base } = tempRoot();
      mkdirSync(join(base, "program"));
      const program = await bundleInto(join(base, "program"));
      const { stdout } = await within(20, "the program", run(command, [...before, process.execPath, program, folder]));
      expect(JSON.parse(stdout)).toEqual({ outcomes: [code, code, code], isOld: true, names: ["file.txt"] });
    },
  );
});
