import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { within } from "./deadline.ts";
import { TOP } from "./sources.ts";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** PUENTE_HOME. */
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the one that is given to it. */
  readonly under?: readonly string[];
}

export const MAIN = join(TOP, "dist", "main.js");

function spawnPuente(args: readonly string[], { home, cwd, env, under = [] }: Surroundings): ChildProcess {
  const [command = process.execPath, ...rest] = [...under, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, {
    cwd: cwd ?? TOP,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, ...env, PUENTE_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A test that fails on its way leaves no process behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("close", () => process.off("exit", kill));
  return child;
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code));
  });
}

/** Runs the built command to its end. */
export async function puente(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const child = spawnPuente(args, surroundings);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  try {
    const code = await within(15, `puente ${args.join(" ")}`, ended(child));
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    child.kill("SIGKILL");
  }
}

export interface Serving {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has printed on stdout, one object a line. */
  readonly events: readonly { readonly event: string }[];
  stderr(): string;
  /** Sends a signal and answers the exit code once it has ended. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the built `puente serve --json` and waits until it listens. */
export async function serve(args: readonly string[], surroundings: Surroundings): Promise<Serving> {
  const child = spawnPuente(["serve", "--json", ...args], surroundings);
  const stderr = textOf(child.stderr);
  const over = ended(child);
  const events: { event: string; url?: string }[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const event = JSON.parse(line) as { event: string; url?: string };
      events.push(event);
      if (event.event === "listening" && event.url !== undefined) resolve(event.url);
    });
    over.then((code) => reject(new Error(`puente serve ended with ${code}: ${stderr()}`)), reject);
  });
  const url = await within(15, "puente serve listens", listening);
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    events,
    stderr,
    async end(signal) {
      child.kill(signal);
      return await within(10, `puente serve ends at ${signal}`, over);
    },
  };
}
