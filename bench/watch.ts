import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchBranch } from "./branch.ts";
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

/** A change that was not told of by then is counted as lost. */
const LOST_MS = 5_000;

/** Milliseconds from a finished write until the waiting client has its answer, one write after another. */
async function latencies(
  folder: string,
  watcher: Watcher,
  writes: number,
): Promise<{ samples: number[]; lost: number }> {
  const samples: number[] = [];
  let lost = 0;
  let told = watcher.next();
  for (let write = 0; write < writes; write += 1) {
    const index = (write * 37) % FILES;
    await new Promise((resolve) => setTimeout(resolve, 25)); // The client waits before the file is written.
    writeFileSync(
      join(folder, `package${Math.floor(index / 100)}`, `module${index}.luau`),
      `return ${performance.now()} -- never the same twice\n`,
    );
    const writtenMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), LOST_MS);
    });
    if ((await Promise.race([told, late])) === "late") lost += 1;
    else {
      samples.push(performance.now() - writtenMs);
      told = watcher.next();
    }
    clearTimeout(timer);
  }
  // The last poll is cut off when the connections are closed.
  told.catch(() => "cut off");
  return { samples, lost };
}

function rowOf(name: string, { samples, lost }: { samples: number[]; lost: number }, target: string): string[] {
  const [middle, worst] = [median(samples), quantile(samples, 0.99)];
  return [name, `${samples.length}`, `${lost}`, milliseconds(middle), milliseconds(worst), target];
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
  const faster = median(theirs.samples) / median(ours.samples);
  printTable(`Watch: file written until the client is told, ${FILES} files`, [
    ["", "writes told", "lost", "median", "p99", "target"],
    rowOf("Puente", ours, "p99 ≤ 20 ms, none lost"),
    rowOf("Rojo", theirs, ""),
    ["Puente is faster at the median", "", "", `${faster.toFixed(0)} times`, "", "≥ 10 times"],
  ]);
  await benchBranch();
}
