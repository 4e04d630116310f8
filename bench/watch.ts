import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeConnections, fetchJson } from "./http.ts";
import { makePlace } from "./place.ts";
import { makeHome, startPuente, startRojo } from "./processes.ts";
import { median, milliseconds, printTable, quantile } from "./table.ts";

const FILES = 1_000;
const WRITES = { puente: 500, rojo: 60 };

interface Watcher {
  /** Resolves once the server has told of a change after the one before. */
  next(): Promise<void>;
}

async function watchPuente(url: string, token: string): Promise<Watcher> {
  type Answer = { cursor: string; changes: unknown[] };
  const poll = (since?: string) =>
    fetchJson<Answer>(`${url}/v1/watch/changes`, {
      token,
      json: { root: "bench", ...(since !== undefined && { since }) },
    });
  let { cursor } = await poll();
  return {
    async next() {
      for (;;) {
        const answer = await poll(cursor);
        cursor = answer.cursor;
        if (answer.changes.length > 0) return;
      }
    },
  };
}

async function watchRojo(url: string): Promise<Watcher> {
  type Answer = { messageCursor: number; messages: unknown[] };
  let cursor = 0;
  return {
    async next() {
      const answer = await fetchJson<Answer>(`${url}/api/subscribe/${cursor}`);
      cursor = answer.messageCursor;
    },
  };
}

/** Milliseconds from a finished write until the waiting client has its answer, one write after another. */
async function latencies(folder: string, watcher: Watcher, writes: number): Promise<number[]> {
  const samples: number[] = [];
  for (let write = 0; write < writes; write += 1) {
    const index = (write * 37) % FILES;
    const told = watcher.next();
    await new Promise((resolve) => setTimeout(resolve, 25)); // The client waits before the file is written.
    writeFileSync(join(folder, `package${Math.floor(index / 100)}`, `module${index}.luau`), `return ${write}\n`);
    const writtenMs = performance.now();
    await told;
    samples.push(performance.now() - writtenMs);
  }
  return samples;
}

/** File written until the client's long poll answers: `watch/changes` beside Rojo's own long poll. */
export async function benchWatch(): Promise<void> {
  const place = makePlace(FILES);
  const { home, token, remove } = makeHome();
  const puente = await startPuente(place.folder, home);
  const ours = await latencies(place.folder, await watchPuente(puente.url, token), WRITES.puente);
  closeConnections();
  await puente.stop();
  const rojo = await startRojo(place.project);
  const theirs = await latencies(place.folder, await watchRojo(rojo.url), WRITES.rojo);
  closeConnections();
  await rojo.stop();
  place.remove();
  remove();
  const faster = median(theirs) / median(ours);
  printTable(`Watch: file written until the client is told, ${FILES} files`, [
    ["", "writes", "median", "p99", "target"],
    ["Puente", `${ours.length}`, milliseconds(median(ours)), milliseconds(quantile(ours, 0.99)), "p99 ≤ 20 ms"],
    ["Rojo", `${theirs.length}`, milliseconds(median(theirs)), milliseconds(quantile(theirs, 0.99)), ""],
    ["Puente is faster at the median", "", `${faster.toFixed(0)} times`, "", "≥ 10 times"],
  ]);
}
