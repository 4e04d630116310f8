import { expect, test } from "vitest";
import { createHistory } from "../../../daemon/watch/history.js";
import type { Noted } from "../../../daemon/watch/merge.js";

const PLAIN = { moves: false };
const added = (path: string, hash = path): Noted => ({ path, kind: "added", hash });
const changed = (path: string, hash = path): Noted => ({ path, kind: "changed", hash });
const removed = (path: string): Noted => ({ path, kind: "removed" });

/** What happened to one path since a cursor, and what is told of it. */
const STORIES: readonly (readonly [string, readonly Noted[], readonly Noted[]])[] = [
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
  const history = createHistory("e0");
  history.add(added("before"));
  const cursor = history.cursor();
  for (const change of story) history.add(change);
  expect(history.since(cursor, PLAIN)).toEqual({ cursor: history.cursor(), changes: told });
  expect(history.since(history.cursor(), PLAIN)).toEqual({ cursor: history.cursor(), changes: [] });
});

test("paths come in the order of their last change", () => {
  const history = createHistory("e0");
  const cursor = history.cursor();
  for (const path of ["a", "b", "c", "a"]) history.add(changed(path));
  expect(history.since(cursor, PLAIN).changes.map(({ path }) => path)).toEqual(["b", "c", "a"]);
});

test("a cursor that is too old, of another history, of the future or no cursor at all answers overflow and where to go on", () => {
  const history = createHistory("e0", 10);
  const first = history.cursor();
  for (let count = 0; count < 10; count += 1) history.add(changed(`file${count}`));
  expect(history.since(first, PLAIN).changes).toHaveLength(10);
  for (let count = 0; count < 11; count += 1) history.add(changed(`more${count}`));
  const last = history.cursor();
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
    expect(history.since(cursor, PLAIN), cursor).toEqual({ cursor: last, changes: [], overflow: true });
  }
  expect(history.since(last, PLAIN)).toEqual({ cursor: last, changes: [] });
});

test("more changed paths than the limit are an overflow, and many changes of few paths are not", () => {
  const history = createHistory("e0", 10);
  const cursor = history.cursor();
  for (let count = 0; count < 15; count += 1) history.add(changed("same", `${count}`));
  expect(history.since(cursor, PLAIN).changes).toEqual([changed("same", "14")]);
  for (let count = 0; count < 4; count += 1) history.add(changed(`file${count}`));
  const second = history.cursor();
  for (let count = 0; count < 11; count += 1) history.add(changed(`other${count}`));
  expect(history.since(second, PLAIN).overflow).toBe(true);
});

test("a history keeps no more than it must", () => {
  const history = createHistory("e0", 1000);
  for (let count = 0; count < 50_000; count += 1) history.add(changed(`file${count}`));
  const [, number = ""] = history.cursor().split("-");
  expect(number).toBe("50000");
  expect(history.since("e0-49000", PLAIN).changes).toHaveLength(1000);
  expect(history.since("e0-47999", PLAIN).overflow).toBe(true);
});

test("after a loss every cursor of before answers overflow, the newest too", () => {
  const history = createHistory("e0");
  history.add(added("a"));
  const cursor = history.cursor();
  history.lose();
  expect(history.since(cursor, PLAIN).overflow).toBe(true);
  history.add(added("b"));
  expect(history.since(cursor, PLAIN).overflow).toBe(true);
  expect(history.since("e0-2", PLAIN).changes).toEqual([added("b")]);
});
