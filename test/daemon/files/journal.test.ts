import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Failure } from "../../../daemon/fail.js";
import { openJournal } from "../../../daemon/files/journal.js";
import { arena } from "./arena.js";
import { apply, disk, headsOf, keep, segments, undo } from "./changing.js";
import { put } from "./operations.js";

/** What the files hold after each of the operations, and before the first. */
const STATES = [
  { "a.txt": "0", "b.txt": "old b" },
  { "a.txt": "1", "b.txt": "old b" },
  { "a.txt": "2", "b.txt": "old b" },
  { "a.txt": "2" },
];

function setTo(folder: string, state: number): void {
  for (const name of ["a.txt", "b.txt"]) rmSync(join(folder, name), { force: true });
  for (const [name, text] of Object.entries(STATES[state] ?? {})) writeFileSync(join(folder, name), text);
}

/** Three operations in the one segment of a daemon that is no more. Answers their ids, the oldest first. */
async function threeOperations() {
  const { base, folder } = arena();
  setTo(folder, 0);
  const files = keep(base, { pid: 7 });
  const ids = [(await put(files, "a.txt", "1")).undo ?? "", (await put(files, "a.txt", "2")).undo ?? ""];
  ids.push((await apply(files, { kind: "remove", path: "b.txt", expect: "any" })).undo);
  const [segment = "", ...others] = segments(base);
  expect(others).toEqual([]);
  return { base, folder, segment, ids };
}

function idsOf(files: ReturnType<typeof keep>): string[] {
  const { operations } = files.history({});
  return operations.map((operation) => operation.undo).toReversed();
}

function failAtTrouble(error: unknown): never {
  throw error;
}

test("a segment that a power cut has cut off anywhere tells of what is whole, and the history goes on", async () => {
  const { base, segment, ids } = await threeOperations();
  const whole = readFileSync(segment);
  const ends = headsOf(segment).map(({ contents }) => contents.from + contents.bytes);
  expect(ends.at(-1)).toBe(whole.length);
  for (let bytes = whole.length; bytes >= 0; bytes -= 1) {
    truncateSync(segment, bytes);
    expect(idsOf(keep(base)), `${bytes} bytes`).toEqual(ids.slice(0, ends.filter((end) => end <= bytes).length));
  }
  writeFileSync(segment, whole.subarray(0, -1));
  const files = keep(base);
  await files.recover(failAtTrouble);
  const { undo: last } = await put(files, "a.txt", "3");
  expect(idsOf(files)).toEqual([...ids.slice(0, 2), last]);
});

test("whatever bit of a segment is spoilt, nothing is put back that did not stand there", async () => {
  const { base, folder, segment, ids } = await threeOperations();
  const whole = readFileSync(segment);
  const journal = join(segment, "..");
  const outcomes = new Map<string, number>();
  for (let bit = 0; bit < whole.length * 8; bit += 11) {
    const spoilt = Buffer.from(whole);
    spoilt.writeUInt8(spoilt.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const index = bit % ids.length;
    setTo(folder, index + 1);
    rmSync(journal, { recursive: true });
    mkdirSync(journal);
    writeFileSync(segment, spoilt);
    const outcome = await undo(keep(base), ids[index] ?? "").then(
      () => "undone",
      (error: unknown) => (error instanceof Failure ? error.problem.code : failAtTrouble(error)),
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    expect(disk(folder), `bit ${bit}: ${outcome}`).toEqual(STATES[outcome === "undone" ? index : index + 1]);
  }
  expect(Object.fromEntries(outcomes)).toEqual({ undone: expect.any(Number), "no-undo": expect.any(Number) });
});

test("a head that is spoilt hides its own operation only, whatever stands in what is kept behind it", async () => {
  const { base, folder, segment, ids } = await threeOperations();
  const forged = readFileSync(segment).subarray(0, headsOf(segment)[0]?.deed.from);
  writeFileSync(join(folder, "a.txt"), Buffer.concat([Buffer.from('{"id":"'.repeat(20_000)), forged]));
  const files = keep(base, { pid: 7 });
  for (const text of ["4", "5"]) ids.push((await put(files, "a.txt", text)).undo ?? "");
  const all = segments(base);
  for (const path of all) {
    const whole = readFileSync(path);
    for (const head of headsOf(path)) {
      for (let at = head.at + 1; at < head.deed.from; at += 7) {
        const spoilt = Buffer.from(whole);
        spoilt.writeUInt8(spoilt.readUInt8(at) ^ 1, at);
        writeFileSync(path, spoilt);
        expect(idsOf(keep(base)), `byte ${at}`).toEqual(ids.filter((id) => id !== head.id));
      }
    }
    writeFileSync(path, whole);
  }
});

test("two daemons of one home know what the other has done, and undo it", async () => {
  const { base, folder } = arena();
  setTo(folder, 0);
  const isAlive = () => true;
  const [one, other] = [keep(base, { pid: 7, isAlive }), keep(base, { pid: 8, isAlive })];
  const ids: string[] = [];
  for (let round = 0; round < 40; round += 1) {
    ids.push((await put(round % 2 === 0 ? one : other, "a.txt", `${round}`)).undo ?? "");
  }
  const third = keep(base, { pid: 9, isAlive });
  await third.recover(failAtTrouble);
  for (const files of [one, other, third]) expect(idsOf(files).sort()).toEqual(ids.toSorted());
  for (const [index, id] of ids.toReversed().entries()) await undo(index % 2 === 0 ? one : other, id);
  expect(disk(folder)).toEqual(STATES[0]);
  expect(third.history({ limit: 100 }).operations.filter(({ canUndo }) => canUndo)).toHaveLength(ids.length);
});

test("batches that are under way at once, and writes between them, are each told of once", async () => {
  const { base } = arena();
  const files = keep(base, { bounds: { operations: 10_000 } });
  const work = Array.from({ length: 150 }, async (_, index) => {
    const path = `${index}.txt`;
    if (index % 3 === 0) return (await put(files, path, "x".repeat(index))).undo ?? "";
    return (await apply(files, { kind: "write", path, text: "y", expect: "absent" })).undo;
  });
  const ids = await Promise.all(work);
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = files.history({ limit: 40, ...(after !== undefined && { after }) });
    found.push(...page.operations.map((operation) => operation.undo));
    after = page.after;
    if (after === undefined) break;
  }
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect(segments(base).length).toBeLessThan(150);
});

/** How many files below a folder this process holds open. */
function heldBelow(folder: string): number {
  return readdirSync("/proc/self/fd").filter((handle) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`).startsWith(folder);
    } catch {
      return false; // The one that reads the list.
    }
  }).length;
}

test("operations that are taken back at once leave neither files nor handles", async () => {
  const folder = join(arena().base, "journal", "place");
  const journal = openJournal(folder, 7, { bytes: 1e9, days: 30, operations: 1000 });
  const begin = () => journal.begin({ kind: "apply", by: "test", timeMs: 1, changes: [] });
  for (let round = 0; round < 20; round += 1) {
    const drafts = Array.from({ length: 8 }, begin);
    const first = drafts[0];
    await first?.seal();
    first?.finish();
    for (const draft of drafts.slice(1)) draft.drop();
  }
  expect(readdirSync(folder).filter((name) => name.endsWith(".open")).length).toBeLessThanOrEqual(1);
  await expect.poll(() => heldBelow(folder)).toBeLessThanOrEqual(1);
  expect(journal.entries().length).toBe(20);
});

test("what is done after the clock was set back is the newest all the same", async () => {
  const folder = join(arena().base, "journal", "place");
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2031, 0) });
  const ids: string[] = [];
  for (const pid of [7, 8, 9]) {
    const journal = openJournal(folder, pid, { bytes: 1e9, days: 30, operations: 1000 });
    for (let count = 0; count < 2; count += 1) {
      const draft = journal.begin({ kind: "apply", by: "test", timeMs: Date.now(), changes: [] });
      await draft.seal();
      draft.finish();
      await draft.settle();
      ids.push(draft.id);
    }
    expect(journal.entries().map(({ id }) => id)).toEqual(ids);
    vi.setSystemTime(Date.now() - 24 * 60 * 60 * 1000);
  }
});
