import { spawn } from "node:child_process";
import { LIMITS } from "../../../shared/protocol.js";
import { isText } from "./lines.js";
import type { Pattern, SearchInput } from "./pattern.js";

/**
 * Not read by ripgrep at all, as far as its globs can say it. What is told is held against the whole deny list, by
 * whoever opens the files that ripgrep names.
 */
const DENIED = ["!.git", "!.env*", "!*.pem", "!*.key", "!puente.rbxmx*"];
/** Of a glob of ours, what ripgrep reads in the same way. */
const PLAIN = /^[A-Za-z0-9._/*-]+$/u;

/** The rules of ripgrep that name files where the search has something to find, and maybe others; never through a shell. */
export function ripgrepArguments(input: SearchInput, { rust }: Pattern): string[] {
  const { include = [], exclude = [], path = "" } = input;
  return [
    "--no-config",
    ...["--no-ignore", "--hidden", "--no-follow", "--no-messages"],
    ...["--files-with-matches", "--line-buffered", "--color=never"],
    // All bytes as they are: what is text is said by whoever opens the files.
    ...["--text", "--encoding=none", `--max-filesize=${LIMITS.searchFileBytes}`],
    ...include.flatMap((glob) => ["--glob", loosened(glob)]),
    ...exclude.filter((glob) => PLAIN.test(glob)).flatMap((glob) => ["--glob", `!${glob}`]),
    ...DENIED.flatMap((glob) => ["--iglob", glob]),
    ...(input.ignoreCase === true ? ["--ignore-case"] : ["--case-sensitive"]),
    ...["-e", rust],
    ...["--", `./${path}`],
  ];
}

/** A glob that fits whatever ours fits: what ripgrep might read in another way becomes a star. */
function loosened(glob: string): string {
  return glob.replace(/\{[^}]*\}|[^A-Za-z0-9._/*-]/gu, "*");
}

export interface Ripgrep {
  /** Resolves once it has ended: `failed` where it cannot do this search, and has named nothing; `broken` where it was ended midway. */
  readonly over: Promise<"done" | "failed" | "broken">;
  kill(): void;
}

/** Runs ripgrep in a root. @param name told of each path that is worth a look, once. */
export function runRipgrep(
  program: string,
  folder: string,
  args: readonly string[],
  name: (paths: readonly string[]) => void,
): Ripgrep {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
  const seen = new Set<string>();
  let rest: Buffer = Buffer.alloc(0);
  child.stdout.on("data", (bytes: Buffer) => {
    const whole = Buffer.concat([rest, bytes]);
    const end = whole.lastIndexOf("\n") + 1;
    rest = whole.subarray(end);
    const paths = linesIn(whole.subarray(0, end)).filter((path) => !seen.has(path));
    for (const path of paths) seen.add(path);
    if (paths.length > 0) name(paths);
  });
  const over = new Promise<"done" | "failed" | "broken">((resolve) => {
    child.once("error", () => resolve("failed"));
    // 1: nothing found. 2: a pattern that is too large for it, or a file that it could not read.
    child.once("close", (code) => {
      if (code === null) resolve("broken");
      else resolve(code === 2 && seen.size === 0 ? "failed" : "done");
    });
  });
  return { over, kill: () => void child.kill("SIGKILL") };
}

/** A name may hold a line's end: its parts are looked at as any path is, and come to nothing or to what they name. */
function linesIn(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf("\n", from);
    const line = bytes.subarray(from, end);
    if (isText(line))
      lines.push(
        line
          .toString("utf8")
          .replace(/^\.[\\/]/u, "")
          .replaceAll("\\", "/"),
      );
    from = end + 1;
  }
  return lines;
}
