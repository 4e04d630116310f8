import { execFileSync, spawn } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { closeConnections, fetchJson } from "./http.ts";
import { makePlace, type Place } from "./place.ts";
import { makeHome, type Running, startPuente, startRojo } from "./processes.ts";
import { median, milliseconds, printTable } from "./table.ts";

const FILES = 5_000;
/** Of them, how many only one of the branches has. */
const ALONE = 50;
const CHANGED = FILES + ALONE;
const SWITCHES = 6;
const GIVEN_UP_MS = 20_000;

type Tree = Map<string, string>;

/** Follows a place. */
interface Client {
  /** Takes what the server tells next. */
  hear(): Promise<void>;
  /** Whether it knows all that the switch of the branch has changed; to be asked after each time it heard. */
  isThere(): boolean;
  /** A switch to this tree begins. */
  expect(tree: Tree): void;
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "core.autocrlf=false"];
  execFileSync("git", ["-C", folder, ...identity, ...args], { stdio: "ignore" });
}

function treeOf(folder: string): Tree {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".luau"));
  return new Map(paths.map((path) => [path, hash("sha256", readFileSync(join(folder, path)), "hex")]));
}

/** Two branches that differ in each of the files. Answers what each of them holds; `one` is checked out. */
function makeBranches({ folder }: Place): { one: Tree; two: Tree } {
  git(folder, "init", "-q", "-b", "one");
  git(folder, "add", ".");
  git(folder, "commit", "-q", "-m", "one");
  const one = treeOf(folder);
  git(folder, "checkout", "-q", "-b", "two");
  mkdirSync(join(folder, "added"));
  for (const [index, path] of [...one.keys()].entries()) {
    if (index < ALONE) {
      rmSync(join(folder, path));
      writeFileSync(join(folder, "added", `new${index}.luau`), `return "new ${index}"\n`);
    } else writeFileSync(join(folder, path), `${readFileSync(join(folder, path), "utf8")}-- of branch two\n`);
  }
  git(folder, "add", ".");
  git(folder, "commit", "-q", "-m", "two");
  const two = treeOf(folder);
  git(folder, "checkout", "-q", "one");
  return { one, two };
}

/** Knows each path and hash, and is there when they are those of the branch, no more and no fewer. */
async function followPuente(url: string, token: string, begin: Tree): Promise<Client> {
  type Answer = {
    cursor: string;
    overflow?: boolean;
    changes: { path: string; kind: string; hash?: string }[];
  };
  const known = new Map(begin);
  let expected = begin;
  const poll = (since?: string) =>
    fetchJson<Answer>(`${url}/v1/watch/changes`, {
      token,
      json: { root: "bench", ...(since !== undefined && { since }) },
    });
  let { cursor } = await poll();
  return {
    async hear() {
      const answer = await poll(cursor);
      cursor = answer.cursor;
      if (answer.overflow === true) throw new Error("an overflow, for so few files");
      for (const change of answer.changes) {
        if (change.kind === "removed") known.delete(change.path);
        else if (change.hash !== undefined) known.set(change.path, change.hash);
      }
    },
    isThere: () =>
      known.size === expected.size && [...expected].every(([path, content]) => known.get(path) === content),
    expect(tree) {
      expected = tree;
    },
  };
}

/** Rojo tells neither path nor hash: it is there when as many instances have come, gone or changed as there are changed files. */
async function followRojo(url: string): Promise<Client> {
  type Answer = {
    messageCursor: number;
    messages: { added: Record<string, unknown>; removed: string[]; updated: { id: string }[] }[];
  };
  let cursor = 0;
  let told = new Set<string>();
  return {
    async hear() {
      const answer = await fetchJson<Answer>(`${url}/api/subscribe/${cursor}`);
      cursor = answer.messageCursor;
      for (const { added, removed, updated } of answer.messages) {
        for (const id of [...Object.keys(added), ...removed, ...updated.map((update) => update.id)]) told.add(id);
      }
    },
    isThere: () => told.size >= CHANGED,
    expect() {
      told = new Set();
    },
  };
}

/** Runs git with its arguments, and says when it ended, as milliseconds since 1970. */
const GIT_AND_CLOCK = `require("node:child_process").execFileSync("git", process.argv.slice(1));
console.log(performance.timeOrigin + performance.now());`;

/** Checks a branch out. Answers when git ended, as performance.now(): by the clock of a process beside it, since this one is busy then. */
async function checkout(folder: string, branch: string): Promise<number> {
  const args = ["-e", GIT_AND_CLOCK, "--", "-C", folder, "checkout", "-q", branch];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const endedMs = await text(child.stdout);
  if (endedMs === "") throw new Error(`git did not check out ${branch}`);
  return Number(endedMs) - performance.timeOrigin;
}

interface Outcome {
  /** From git's end until the client is there, of each switch in which it came there; below 0 where it is there first. */
  readonly samples: number[];
  readonly lost: number;
}

async function switchOften({ folder }: Place, client: Client, branches: { one: Tree; two: Tree }): Promise<Outcome> {
  const samples: number[] = [];
  let lost = 0;
  let heard = client.hear();
  for (let count = 0; count < SWITCHES; count += 1) {
    const name = count % 2 === 0 ? "two" : "one";
    client.expect(branches[name]);
    const ended = checkout(folder, name);
    const deadline = performance.now() + GIVEN_UP_MS;
    while (!client.isThere() && performance.now() < deadline) {
      const late = new Promise<"late">((resolve) => setTimeout(resolve, GIVEN_UP_MS, "late").unref());
      if ((await Promise.race([heard, late])) !== "late") heard = client.hear();
    }
    const there = performance.now();
    const endedMs = await ended;
    if (client.isThere()) samples.push(there - endedMs);
    else lost += 1;
    await new Promise((resolve) => setTimeout(resolve, 500)); // What still comes belongs to this switch.
  }
  heard.catch(() => "cut off when the connections are closed");
  return { samples, lost };
}

async function measured(start: () => Promise<Running>, run: (server: Running) => Promise<Outcome>): Promise<Outcome> {
  const server = await start();
  try {
    return await run(server);
  } finally {
    closeConnections();
    await server.stop();
  }
}

/** `git checkout` of another branch until the client knows all of it: Puente beside Rojo. */
export async function benchBranch(): Promise<void> {
  const place = makePlace(FILES);
  const branches = makeBranches(place);
  const { home, token, remove } = makeHome();
  const ours = await measured(
    () => startPuente(place.folder, home),
    async ({ url }) => switchOften(place, await followPuente(url, token, branches.one), branches),
  );
  const theirs = await measured(
    () => startRojo(place.project),
    async ({ url }) => switchOften(place, await followRojo(url), branches),
  );
  place.remove();
  remove();
  const row = (name: string, { samples, lost }: Outcome, target: string) => [
    name,
    `${samples.length}`,
    `${lost}`,
    milliseconds(median(samples)),
    milliseconds(Math.max(...samples)),
    target,
  ];
  printTable(
    `Branch switch: from the end of \`git checkout\` until the client knows all ${CHANGED} paths that differ (below 0: before it)`,
    [
      ["", "whole", "not whole", "median", "worst", "target"],
      row("Puente, each path and hash", ours, "all whole, worst ≤ 1000 ms; median ≤ 0.1 of Rojo"),
      row("Rojo, as many instances", theirs, ""),
    ],
  );
}
