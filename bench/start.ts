import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeHome, startPuente } from "./processes.ts";
import { median, milliseconds, printTable, quantile } from "./table.ts";

const RUNS = 21;

function residentMiB(pid: number): number {
  if (process.platform === "linux") {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  }
  return Number(execFileSync("ps", ["-o", "rss=", "-p", `${pid}`]).toString()) / 1024;
}

/** How long from the start of the process until it listens, beside a Node that does nothing; and its memory when idle. */
export async function benchStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-start-"));
  const { home, remove } = makeHome();
  const started: number[] = [];
  const resident: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const before = performance.now();
    execFileSync(process.execPath, ["-e", ""]);
    const nodeMs = performance.now() - before;
    const daemon = await startPuente(folder, home);
    const startMs = performance.now() - daemon.startedMs;
    await new Promise((resolve) => setTimeout(resolve, 500)); // Memory is asked for when it has come to rest.
    const memory = residentMiB(daemon.pid);
    await daemon.stop();
    if (run === 0) continue; // The first fills the compile cache.
    started.push(startMs);
    resident.push(memory);
    bare.push(nodeMs);
  }
  remove();
  rmSync(folder, { recursive: true });
  printTable(`Start, ${RUNS} runs`, [
    ["", "median", "p95", "target"],
    ["process start to listening", milliseconds(median(started)), milliseconds(quantile(started, 0.95)), "≤ 120 ms"],
    ["node -e '' (start to end)", milliseconds(median(bare)), milliseconds(quantile(bare, 0.95)), ""],
    ["ratio to bare Node", (median(started) / median(bare)).toFixed(2), "", ""],
    [
      "resident memory, idle",
      `${median(resident).toFixed(1)} MiB`,
      `${quantile(resident, 0.95).toFixed(1)} MiB`,
      "≤ 75 MB",
    ],
  ]);
}
