import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeConnections, fetchBytes, fetchJson } from "./http.ts";
import { makeHome, startPuente } from "./processes.ts";
import "./sources.ts";
import { median, printTable } from "./table.ts";

const { createLinkClient } = await import("../test/support/link-client.ts");
type Link = ReturnType<typeof createLinkClient>;

const FILES = 100;
const BATCH = 100;
const FILE_BYTES = 3000;
/** Writers at once. */
const WRITERS = 8;
/** Short turns, each round in another order, so that what else the machine does falls on all alike. */
const SECONDS = 0.2;
const ROUNDS = 30;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const nameOf = (index: number) => `${index % FILES}.luau`;
const textOf = (round: number) => `-- ${round}\n`.padEnd(FILE_BYTES, "x");

/** Writes until the time is over; answers how many a second were told to be safe. */
async function rate(writeSome: (from: number) => Promise<number>): Promise<number> {
  const startMs = performance.now();
  let written = 0;
  while (performance.now() - startMs < SECONDS * 1000) written += await writeSome(written);
  return written / ((performance.now() - startMs) / 1000);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
}

/** The plain loop: a temporary file, fsync, rename. @param after what else is done before the write is told of. */
function plain(folder: string, after: (folder: string) => Promise<void>) {
  return async (from: number) => {
    const temporary = join(folder, `.${randomBytes(16).toString("hex")}.tmp`);
    const handle = await open(temporary, "wx");
    await handle.writeFile(textOf(from));
    await handle.sync();
    await handle.close();
    await rename(temporary, join(folder, nameOf(from)));
    await after(folder);
    return 1;
  };
}

/** Several of one kind at once, each with files of its own. */
function atOnce(write: (from: number) => Promise<number>) {
  return async (from: number) => {
    const counts = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(from + writer)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}

/** The last content of each file, for the preconditions. */
function createKnown() {
  const hashes = new Map<string, string>();
  return {
    expect: (path: string) => hashes.get(path) ?? "any",
    wrote: (path: string, text: string) => hashes.set(path, sha256(text)),
  };
}

function singly(url: string, token: string) {
  const known = createKnown();
  return async (from: number) => {
    const [path, text] = [`single/${nameOf(from)}`, textOf(from)];
    const query = `root=bench&path=${path}&expect=${known.expect(path)}`;
    await fetchBytes(`${url}/v1/files/write?${query}`, { token, bytes: text });
    known.wrote(path, text);
    return 1;
  };
}

/** As the plugin writes. */
function overLink(link: Link, folder: string) {
  const known = createKnown();
  return async (from: number) => {
    const [path, text] = [`${folder}/${nameOf(from)}`, textOf(from)];
    await link.call("files/write", { root: "bench", path, expect: known.expect(path) }, text);
    known.wrote(path, text);
    return 1;
  };
}

function inBatches(url: string, token: string) {
  const known = createKnown();
  return async (from: number) => {
    const edits = Array.from({ length: BATCH }, (_, index) => {
      const path = `batch/${nameOf(from + index)}`;
      return { kind: "write", path, text: textOf(from + index), expect: known.expect(path) };
    });
    await fetchJson(`${url}/v1/files/apply`, { token, json: { root: "bench", edits } });
    for (const { path, text } of edits) known.wrote(path, text);
    return BATCH;
  };
}

/** Writes a second that were told to be safe on disk, one after another and in batches, beside a plain loop in Node. */
export async function benchWrite(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-write-"));
  const own = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const { home, token, remove } = makeHome();
  const puente = await startPuente(folder, home);
  const link = createLinkClient({ port: Number(new URL(puente.url).port), token });
  await link.connect();
  const ways = {
    plain: plain(own("plain"), async () => {}),
    durable: plain(own("durable"), syncFolder),
    plainAtOnce: atOnce(plain(own("plain-at-once"), async () => {})),
    link: overLink(link, "link"),
    linkAtOnce: atOnce(overLink(link, "link-at-once")),
    single: singly(puente.url, token),
    batch: inBatches(puente.url, token),
  };
  const names = Object.keys(ways) as (keyof typeof ways)[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<keyof typeof ways, number[]>;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of shuffled(names)) rates[name].push(await rate(ways[name]));
  }
  link.close();
  closeConnections();
  await puente.stop();
  remove();
  rmSync(folder, { recursive: true });
  const ratio = (name: keyof typeof rates, rival: keyof typeof rates) =>
    (median(rates[name]) / median(rates[rival])).toFixed(2);
  const row = (what: string, name: keyof typeof rates, target = "") => [
    what,
    median(rates[name]).toFixed(0),
    ratio(name, "plain"),
    ratio(name, "durable"),
    target,
  ];
  printTable(`Write: files of ${FILE_BYTES} bytes a second, told to be safe on disk (medians of ${ROUNDS})`, [
    ["", "writes/s", "to the plain loop", "to the loop with its folder", "target"],
    row("plain loop: temporary file, fsync, rename", "plain"),
    row("the same, and fsync of the folder", "durable"),
    row("Puente, one by one over the link, with the way back", "link", "≥ 0.8"),
    row("Puente, one by one, a connection each", "single"),
    row(`plain loops, ${WRITERS} at once`, "plainAtOnce"),
    row(`Puente, ${WRITERS} at once over the link`, "linkAtOnce"),
    [`Puente / plain loops, ${WRITERS} at once`, "", ratio("linkAtOnce", "plainAtOnce"), "", ""],
    row(`Puente, batches of ${BATCH}, with the way back`, "batch", "≥ 0.8"),
  ]);
}
