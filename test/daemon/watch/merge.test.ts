import { expect, test } from "vitest";
import { type Change, mergeChanges, type Noted } from "../../../daemon/watch/merge.js";

const added = (path: string, hash: string, from?: string): Noted => ({
  path,
  kind: "added",
  hash,
  ...(from !== undefined && { from }),
});
const changed = (path: string, hash: string): Noted => ({ path, kind: "changed", hash });
const removed = (path: string): Noted => ({ path, kind: "removed" });
const folder = (path: string, from: string): Noted => ({ path, kind: "added", from });
const moved = (from: string, path: string, hash: string): Change => ({ path, kind: "moved", from, hash });
const own = (change: Noted): Noted => ({ ...change, by: "me" });

/** What happened, and what is told of it where renames are one change. */
const MOVES: readonly (readonly [string, readonly Noted[], readonly Change[]])[] = [
  ["renamed twice", [removed("a"), added("b", "1", "a"), removed("b"), added("c", "1", "b")], [moved("a", "c", "1")]],
  ["renamed and changed", [removed("a"), added("b", "1", "a"), changed("b", "2")], [moved("a", "b", "2")]],
  ["renamed and removed", [removed("a"), added("b", "1", "a"), removed("b")], [removed("a")]],
  [
    "made and renamed",
    [added("a", "1"), removed("a"), added("b", "1", "a")],
    [{ path: "b", kind: "added", hash: "1" }],
  ],
  [
    "renamed, and another made in its place",
    [removed("a"), added("b", "1", "a"), added("a", "2")],
    [{ path: "b", kind: "added", hash: "1" }, changed("a", "2") as Change],
  ],
  [
    "renamed, and another made where it came to",
    [removed("a"), added("b", "1", "a"), removed("b"), added("b", "2")],
    [removed("a"), { path: "b", kind: "added", hash: "2" }],
  ],
  [
    "changed in a folder that was renamed then",
    [changed("d/a", "2"), removed("d/a"), removed("d"), folder("e", "d"), added("e/a", "2", "d/a")],
    [{ path: "e", kind: "moved", from: "d" }, moved("d/a", "e/a", "2")],
  ],
  [
    "renamed itself in a folder that was renamed too",
    [removed("d/a"), removed("d"), folder("e", "d"), added("e/b", "1", "d/a")],
    [removed("d/a"), { path: "e", kind: "moved", from: "d" }, { path: "e/b", kind: "added", hash: "1" }],
  ],
];

/** What happened, and what is told of it to who did some of it. */
const OWN: readonly (readonly [string, readonly Noted[], readonly Change[]])[] = [
  ["theirs alone", [own(added("a", "1")), own(changed("a", "2"))], []],
  ["theirs over another's", [changed("a", "1"), own(changed("a", "2"))], []],
  ["another's over theirs", [own(added("a", "1")), changed("a", "2")], [changed("a", "2") as Change]],
  ["removed after theirs", [own(added("a", "1")), removed("a")], [removed("a")]],
  ["another's after they removed it", [own(removed("a")), added("a", "2")], [{ path: "a", kind: "added", hash: "2" }]],
];

test("the tables are whole", () => {
  expect([MOVES.length, OWN.length]).toEqual([8, 5]);
});

test.each(MOVES)("%s", (_what, story, told) => {
  expect(mergeChanges(story, { moves: true })).toEqual(told);
});

test.each(OWN)("%s", (_what, story, told) => {
  expect(mergeChanges(story, { moves: false, except: "me" })).toEqual(told);
});
