#!/usr/bin/env node
// Puente's command. The only file that touches `process`.
// It imports nothing of Puente at its head, so that a Node that is too old gets as far as the sentence below.
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** As `engines` in package.json; the packages need it. */
const NEEDED = [22, 22] as const;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = () => {
      if (stopping) process.exit(1);
      stopping = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

/**
 * Lets a daemon outlive whoever read what it says: a launcher that wanted the first line, a terminal that was closed.
 * What cannot be said for another reason (a full disk) is told by the exit code.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code !== "EPIPE") process.exitCode = 1;
    });
  }
}

if (isTooOld(process.versions.node)) {
  console.error(`puente needs Node ${NEEDED.join(".")} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const packageFolder = join(fileURLToPath(import.meta.url), "..", "..");
  // Beside the code it caches, where only whoever installed Puente can write; not in the system's shared folder.
  module.enableCompileCache(join(packageFolder, "dist", "cache"));
  const { run } = await import("./cli/run.js");
  outliveReaders();
  const code = await run(process.argv.slice(2), {
    env: process.env,
    platform: process.platform,
    pid: process.pid,
    // npm runs scripts in the checkout; what the user types is meant from where the user is.
    cwd: process.env["INIT_CWD"] ?? process.cwd(),
    homeFolder: homedir(),
    packageFolder,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isAlive,
    untilStopped,
  });
  if (code !== 0) process.exitCode = code;
}
