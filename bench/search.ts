import { spawn } from "node:child_process";
import { request } from "node:http";
import { makePlace } from "./place.ts";
import { makeHome, startPuente } from "./processes.ts";
import { median, milliseconds, printTable } from "./table.ts";

const FILES = 10_000;
const ROUNDS = 15;
/** In one file of a hundred. */
const PATTERN = "module 77";

interface Run {
  readonly firstMs: number;
  readonly totalMs: number;
  readonly matches: number;
}

/** ripgrep's own search, as a program would use it: every match as JSON. */
function runRipgrep(folder: string): Promise<Run> {
  const startedMs = performance.now();
  const args = ["--no-config", "--hidden", "--no-ignore", "--json", "-F", "-e", PATTERN, "./"];
  const child = spawn("rg", args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const pieces: Buffer[] = [];
  let firstMs = Number.NaN;
  child.stdout.on("data", (bytes: Buffer) => {
    if (pieces.length === 0) firstMs = performance.now() - startedMs;
    pieces.push(bytes);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      const lines = Buffer.concat(pieces).toString().trim().split("\n");
      const matches = lines.filter((line) => JSON.parse(line).type === "match").length;
      resolve({ firstMs, totalMs: performance.now() - startedMs, matches });
    });
  });
}

/** The same by `files/search`, as an event stream. */
function runPuente(url: string, token: string): Promise<Run> {
  const startedMs = performance.now();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/files/search`, { method: "POST", headers }, (response) => {
      const pieces: Buffer[] = [];
      let firstMs = Number.NaN;
      response.on("data", (bytes: Buffer) => {
        if (pieces.length === 0) firstMs = performance.now() - startedMs;
        pieces.push(bytes);
      });
      response.on("error", reject);
      response.on("end", () => {
        const messages =
          Buffer.concat(pieces)
            .toString()
            .match(/(?<=^data: ).*$/gmu) ?? [];
        const files = messages.flatMap((message) => JSON.parse(message).files ?? []);
        const matches = files.reduce((sum: number, file) => sum + file.matches.length, 0);
        resolve({ firstMs, totalMs: performance.now() - startedMs, matches });
      });
    });
    call.on("error", reject);
    call.end(JSON.stringify({ pattern: PATTERN, root: "bench", most: FILES }));
  });
}

async function rounds(run: () => Promise<Run>): Promise<{ cold: Run; first: number; total: number; matches: number }> {
  const cold = await run();
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await run());
  const first = median(runs.map(({ firstMs }) => firstMs));
  return { cold, first, total: median(runs.map(({ totalMs }) => totalMs)), matches: cold.matches };
}

/** A text that one file of a hundred holds: `files/search` with and without ripgrep, beside ripgrep itself. */
export async function benchSearch(): Promise<void> {
  const place = makePlace(FILES);
  const { home, token, remove } = makeHome();
  const withRipgrep = await startPuente(place.folder, home);
  const ours = await rounds(() => runPuente(withRipgrep.url, token));
  await withRipgrep.stop();
  const without = await startPuente(place.folder, home, { PATH: "" });
  const worker = await rounds(() => runPuente(without.url, token));
  await without.stop();
  const rival = await rounds(() => runRipgrep(place.folder));
  place.remove();
  remove();
  const rowOf = (name: string, { cold, first, total, matches }: typeof ours, target: string) => [
    name,
    `${matches}`,
    milliseconds(first),
    milliseconds(total),
    milliseconds(cold.firstMs),
    milliseconds(cold.totalMs),
    target,
  ];
  printTable(`Search: ${FILES} files, ${(place.bytes / 1e6).toFixed(0)} MB, the median of ${ROUNDS}`, [
    ["", "matches", "first", "whole", "first, cold", "whole, cold", "target"],
    rowOf("Puente with ripgrep", ours, "first ≤ 30 ms"),
    rowOf("Puente without", worker, ""),
    rowOf("ripgrep", rival, ""),
    ["Puente with ripgrep / ripgrep", "", "", (ours.total / rival.total).toFixed(2), "", "", "≤ 1.5"],
    ["Puente without / ripgrep", "", "", (worker.total / rival.total).toFixed(2), "", "", ""],
  ]);
}
