import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readFrames } from "./frames.ts";
import { closeConnections, fetchJson } from "./http.ts";
import { makePlace } from "./place.ts";
import { makeHome, type Running, startPuente, startRojo } from "./processes.ts";
import { median, milliseconds, printTable } from "./table.ts";
import { readRojo } from "./tree.ts";

const FILES = 100_000;
const RUNS = 3;

/** What a process has had of memory at most, in bytes; of Linux. */
function peakOf(pid: number): number {
  const [, kilobytes = "0"] = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

interface Measured {
  readonly elapsedMs: number;
  readonly peakBytes: number;
}

async function measured(start: () => Promise<Running>, act: (server: Running) => Promise<void>): Promise<Measured> {
  const server = await start();
  try {
    await act(server);
    return { elapsedMs: performance.now() - server.startedMs, peakBytes: peakOf(server.pid) };
  } finally {
    closeConnections();
    await server.stop();
  }
}

/** 100,000 files: from the start of the process until the client has all of them with their hashes, or the watch is ready. */
export async function benchLargeTree(): Promise<void> {
  const { home, token, remove } = makeHome();
  const place = makePlace(FILES);
  const list = async ({ url }: Running) => {
    let hashes = 0;
    await readFrames(url, token, { root: "bench", path: "", hashes: true }, ({ entry }) => {
      if (entry?.hash !== undefined) hashes += 1;
    });
    if (hashes !== FILES) throw new Error(`${FILES} files, and ${hashes} hashes`);
  };
  const watch = async ({ url }: Running) => {
    await fetchJson(`${url}/v1/watch/changes`, { token, json: { root: "bench" } });
  };
  const rojo = async (server: Running) => {
    if ((await readRojo(server)).size !== FILES) throw new Error("Rojo left files out");
  };
  const ways = new Map<string, Measured[]>();
  for (let run = 0; run <= RUNS; run += 1) {
    rmSync(join(home, "hashes"), { force: true });
    const found: readonly (readonly [string, Measured])[] = [
      ["listing with hashes, cold", await measured(() => startPuente(place.folder, home), list)],
      ["listing with hashes, warm", await measured(() => startPuente(place.folder, home), list)],
      ["watch ready", await measured(() => startPuente(place.folder, home), watch)],
      ["Rojo: its tree, hashed by the client", await measured(() => startRojo(place.project), rojo)],
    ];
    if (run === 0) continue; // The first fills the system's cache for all.
    for (const [way, one] of found) ways.set(way, [...(ways.get(way) ?? []), one]);
  }
  place.remove();
  remove();
  const of = (way: string, field: keyof Measured) => median((ways.get(way) ?? []).map((one) => one[field]));
  const cold = of("listing with hashes, cold", "elapsedMs");
  const rojos = of("Rojo: its tree, hashed by the client", "elapsedMs");
  printTable(`Tree of ${FILES} files: process start until all is there (medians; the system's cache is warm)`, [
    ["", "time", "of the cold listing", "of Rojo", "target", "peak memory"],
    ...[...ways.keys()].map((way) => [
      way,
      milliseconds(of(way, "elapsedMs")),
      (of(way, "elapsedMs") / cold).toFixed(2),
      (of(way, "elapsedMs") / rojos).toFixed(2),
      way.endsWith("warm") ? "≤ 0.25" : "",
      `${(of(way, "peakBytes") / 1e6).toFixed(0)} MB`,
    ]),
  ]);
}
