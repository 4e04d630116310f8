import { expect, test } from "vitest";
import { type Change, createLog } from "../../../daemon/watch/log.js";

const added = (path: string, hash = path): Change => ({ path, kind: "added", hash });
const changed = (path: string, hash = path): Change => ({ path, kind: "changed", hash });
const removed = (path: string): Change => ({ path, kind: "removed" });

/** What happened to one path since a cursor, and what is told of it. */
const STORIES: readonly (readonly [string, readonly Change[], readonly Change[]])[] = [
  ["nothing", [], []],
  ["added", [added("a")], [added("a")]],
  ["added and changed", [added("a", "1"), changed("a", "2")], [added("a", "2")]],
  ["added and removed", [added("a"), removed("a")], []],
  ["added, removed and added", [added("a", "1"), removed("a"), added("a", "2")], [added("a", "2")]],
  ["changed", [changed("a")], [changed("a")]],
  ["changed twice", [changed("a", "1"), changed("a", "2")], [changed("a", "2")]],
  ["changed and removed", [changed("a"), removed("a")], [removed("a")]],
  ["removed", [removed("a")], [removed("a")]],
  ["removed and added", [removed("a"), added("a", "2")], [changed("a", "2")]],
  ["removed, added and removed", [removed("a"), added("a"), removed("a")], [removed("a")]],
];

test("the table is whole", () => {
  expect(STORIES).toHaveLength(11);
});

test.each(STORIES)("of a path that was %s, one change is told", (_what, story, told) => {
  const log = createLog("e0");
  log.add(added("before"));
  const cursor = log.cursor();
  for (const change of story) log.add(change);
  expect(log.since(cursor)).toEqual({ cursor: log.cursor(), changes: told });
  expect(log.since(log.cursor())).toEqual({ cursor: log.cursor(), changes: [] });
});

test("paths come in the order of their last change", () => {
  const log = createLog("e0");
  const cursor = log.cursor();
  for (const path of ["a", "b", "c", "a"]) log.add(changed(path));
  expect(log.since(cursor).changes.map(({ path }) => path)).toEqual(["b", "c", "a"]);
});

test("a cursor that is too old, of another log, of the future or no cursor at all answers overflow and where to go on", () => {
  const log = createLog("e0", 10);
  const first = log.cursor();
  for (let count = 0; count < 10; count += 1) log.add(changed(`file${count}`));
  expect(log.since(first).changes).toHaveLength(10);
  for (let count = 0; count < 11; count += 1) log.add(changed(`more${count}`));
  const last = log.cursor();
  for (const cursor of [
    first,
    "e1-3",
    "e0-99",
    "e0-",
    "e0--1",
    "e0-1.5",
    "e0-1e1",
    "",
    "e0",
    "-1",
    "e0-0000000000000000001",
  ]) {
    expect(log.since(cursor), cursor).toEqual({ cursor: last, changes: [], overflow: true });
  }
  expect(log.since(last)).toEqual({ cursor: last, changes: [] });
});

test("more changed paths than the limit are an overflow, and many changes of few paths are not", () => {
  const log = createLog("e0", 10);
  const cursor = log.cursor();
  for (let count = 0; count < 15; count += 1) log.add(changed("same", `${count}`));
  expect(log.since(cursor).changes).toEqual([changed("same", "14")]);
  for (let count = 0; count < 4; count += 1) log.add(changed(`file${count}`));
  const second = log.cursor();
  for (let count = 0; count < 11; count += 1) log.add(changed(`other${count}`));
  expect(log.since(second).overflow).toBe(true);
});

test("a log keeps no more than it must", () => {
  const log = createLog("e0", 1000);
  for (let count = 0; count < 50_000; count += 1) log.add(changed(`file${count}`));
  const [, number = ""] = log.cursor().split("-");
  expect(number).toBe("50000");
  expect(log.since("e0-49000").changes).toHaveLength(1000);
  expect(log.since("e0-47999").overflow).toBe(true);
});

test("after a loss every cursor of before answers overflow, the newest too", () => {
  const log = createLog("e0");
  log.add(added("a"));
  const cursor = log.cursor();
  log.lose();
  expect(log.since(cursor).overflow).toBe(true);
  log.add(added("b"));
  expect(log.since(cursor).overflow).toBe(true);
  expect(log.since("e0-2").changes).toEqual([added("b")]);
});
