import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createToken } from "../../../daemon/session/tokens.js";
import { openStateFolder } from "../../../daemon/state.js";
import { type Serving, serve } from "../../support/cli.js";
import { within } from "../../support/deadline.js";
import { type Edits, sha256 } from "./changing.js";

/** How many daemons are killed; PUENTE_KILLS says otherwise. */
const KILLS = Number(process.env["PUENTE_KILLS"] ?? "300");
/** Daemons that are killed side by side. */
const LANES = 2;
const FILES = 12;
/** Longer than a batch takes, so that some die before, some in and some after one. */
const LIFE_MS = 60;

const textOf = (file: number, generation: number) => `${file} of ${generation}\n`.repeat(200 + file * 100);

/** Everything that the root holds in one generation. */
function rootOf(generation: number): Map<string, string> {
  const files = Array.from({ length: FILES }, (_, file) => [`files/${file}.txt`, textOf(file, generation)] as const);
  return new Map([
    ...files,
    [`moved/${generation}/kept.txt`, "the same for ever"],
    [`whole/${generation}/tree/in/kept.txt`, "kept with its folders"],
    [`new/${generation}.txt`, textOf(0, generation)],
  ]);
}

/** One batch from a generation to the next: every kind of edit. */
function editsTo(next: number): Edits {
  const last = next - 1;
  return [
    ...Array.from({ length: FILES }, (_, file) => ({
      kind: "write" as const,
      path: `files/${file}.txt`,
      text: textOf(file, next),
      expect: sha256(textOf(file, last)),
    })),
    { kind: "move", path: `moved/${last}/kept.txt`, to: `moved/${next}/kept.txt`, expect: "any" },
    { kind: "remove", path: `moved/${last}`, expect: "any" },
    { kind: "move", path: `whole/${last}/tree`, to: `whole/${next}/tree`, expect: "any" },
    { kind: "remove", path: `whole/${last}`, expect: "any" },
    { kind: "remove", path: `new/${last}.txt`, expect: sha256(textOf(0, last)) },
    { kind: "write", path: `new/${next}.txt`, text: textOf(0, next), expect: "absent" },
  ];
}

function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}

async function post({ url }: Serving, token: string, name: string, type: string, body: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  const response = await fetch(`${url}/v1/${name}`, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}

interface Lane {
  readonly folder: string;
  readonly home: string;
  readonly token: string;
}

function openLane(): Lane {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "puente-kill-")));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [folder, home] = [join(base, "root"), join(base, "home")];
  for (const [path, text] of rootOf(0)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, "single.txt"), textOf(1, 0));
  return { folder, home, token: createToken(openStateFolder(home, process.platform), "test", ["all"]) };
}

/** Which generation a root holds, whole; and that it holds nothing else. */
function generationIn(folder: string, candidates: readonly number[], singles: readonly number[]): [number, number] {
  const files = filesIn(folder);
  const single = singles.find((generation) => files.get("single.txt") === textOf(1, generation));
  expect(single, "single.txt is old or new, and whole").toBeDefined();
  files.delete("single.txt");
  const generation = candidates.find((candidate) => files.has(`new/${candidate}.txt`)) ?? -1;
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(rootOf(generation)));
  for (const name of ["moved", "whole"]) {
    expect(readdirSync(join(folder, name)), "no folder is left over").toEqual([`${generation}`]);
  }
  return [generation, single ?? -1];
}

async function killOften({ folder, home, token }: Lane, kills: number): Promise<{ broken: number; done: number }> {
  let [generation, single] = [0, 0];
  let [broken, done] = [0, 0];
  for (let kill = 0; kill <= kills; kill += 1) {
    const daemon = await serve(["--root", `place=${folder}`, "--port", "0"], { home });
    // What it left, the next one has ended before it listens.
    [generation, single] = generationIn(folder, [generation, generation + 1], [single, single + 1]);
    const journal = readdirSync(join(home, "journal"), { recursive: true, encoding: "utf8" });
    const left = journal.filter((name) => name.endsWith(".open") || /temps-\d+$/.test(name));
    expect(left.filter((name) => !name.endsWith(`temps-${daemon.pid}`))).toEqual([]);
    if (kill === kills) {
      expect(daemon.stderr()).toBe("");
      await daemon.end("SIGTERM");
      return { broken, done };
    }
    const life = new Promise((resolve) => setTimeout(resolve, randomInt(LIFE_MS)));
    let isAlive = true;
    const writes = (async () => {
      while (isAlive) {
        const edits = editsTo(generation + 1);
        expect(
          await post(daemon, token, "files/apply", "application/json", JSON.stringify({ root: "place", edits })),
        ).toBe(200);
        generation += 1;
        done += 1;
        const target = `files/write?root=place&path=single.txt&expect=${sha256(textOf(1, single))}`;
        expect(await post(daemon, token, target, "application/octet-stream", textOf(1, single + 1))).toBe(200);
        single += 1;
      }
    })().catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error; // What fetch says of a server that is gone.
      broken += 1;
    });
    await life;
    const ended = daemon.end("SIGKILL");
    isAlive = false;
    await within(10, "the writer ends", Promise.all([ended, writes]));
  }
  throw new Error("unreachable");
}

test(
  `${KILLS} daemons killed at any moment: every file old or new, every batch whole, nothing left over`,
  async () => {
    const lanes = Array.from({ length: LANES }, openLane);
    for (const { home } of lanes) mkdirSync(join(home, "journal"), { mode: 0o700 });
    const ends = await Promise.all(lanes.map((lane) => killOften(lane, Math.ceil(KILLS / LANES))));
    // The kills met work that was under way.
    expect(ends.reduce((sum, { broken }) => sum + broken, 0)).toBeGreaterThan(KILLS / 2);
  },
  180_000 + KILLS * 2_000,
);
