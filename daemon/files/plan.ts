import { fail } from "../fail.js";
import { type Change, isContent, isWhole, type State } from "./change.js";
import { failOnDisk, refuse } from "./errno.js";
import { namesIn } from "./leaf.js";
import { checkMoves } from "./moves.js";
import { observe, stampAt } from "./observe.js";
import type { Pace } from "./pace.js";
import { checkNewName } from "./path.js";
import type { Visit } from "./sandbox.js";

/** What somebody wants to stand at a path. */
export interface Wish {
  readonly path: string;
  readonly after: State;
  /** Of what is moved: where it comes from. */
  readonly from?: string;
  /** What stands there leaves for another path; a folder with all that is in it. */
  readonly leaves?: true;
  /** Whether there is something to do, of what stands there. Fails where that is not as expected. */
  admit(seen: State): boolean;
  /** What becomes of a folder that is to be removed and holds something else: it stays, or all is refused. */
  readonly ifNotEmpty?: "keep";
  /** Puts back what stood there before, whose names need not be fit for a new file. */
  readonly isBack?: true;
}

export interface Step {
  readonly names: readonly string[];
  readonly change: Change;
  /** Of what stood there when it was looked at. */
  readonly stamp: string;
}

/**
 * Holds all wishes against what stands there, and puts them into the order in which they can be done: new folders, also
 * those that are missing on the way, from the outermost; folders that move; files; then the folders that go, from the
 * innermost. Changes nothing. Fails with what the first wish that cannot be had fails with.
 */
export async function plan(visit: Visit, wishes: readonly Wish[], pace: Pace): Promise<Step[]> {
  if (visit.root.access !== "write") fail("read-only", "The root is served for reading only.");
  refuseTwice(wishes);
  const folders = new Map<string, Step>();
  const files: Step[] = [];
  const moving: Step[] = [];
  const going: (Step & { readonly wish: Wish })[] = [];
  for (const wish of wishes) {
    const { path, after, from } = wish;
    const names = visit.names(path);
    if (names.length === 0) fail("is-a-folder", "The root is a folder.", { at: path });
    const { state, stamp } = await seenAt(visit, names, pace);
    if (pace.isDue()) await pace.rest();
    if (!wish.admit(state)) continue;
    const before: State = isWhole(state) && wish.leaves !== true ? "folder" : state;
    const step = { names, stamp, change: { path, before, after, ...(from !== undefined && { from }) } };
    if (after !== "nothing") {
      const missing = addMissing(visit, names, folders);
      if (before === "nothing") missing.push(names);
      if (wish.isBack !== true) for (const made of missing) checkNewName(made.at(-1) ?? "", path);
    }
    if (after === "folder") folders.set(path, step);
    else if (isWhole(before) || isWhole(after)) moving.push(step);
    else if (isContent(before) || isContent(after)) files.push(step);
    else going.push({ ...step, wish });
  }
  await checkMoves(
    visit,
    moving.map(({ change }) => change),
    wishes.map(({ path }) => path),
    pace,
  );
  const made = [...folders.values()].sort((one, other) => one.names.length - other.names.length);
  // What is moved arrives before it goes.
  const arrives = ({ change }: Step) => change.from !== undefined;
  const inOrder = [moving, files].flatMap((steps) => [
    ...steps.filter(arrives),
    ...steps.filter((step) => !arrives(step)),
  ]);
  return [...made, ...inOrder, ...emptied(visit, inOrder, going)];
}

function refuseTwice(wishes: readonly Wish[]): void {
  const paths = new Set<string>();
  for (const { path } of wishes) {
    if (paths.has(path)) fail("invalid-input", "edits: a path may stand in one edit only", { at: path });
    paths.add(path);
  }
}

async function seenAt(visit: Visit, names: readonly string[], pace: Pace) {
  try {
    return await observe(visit, names, pace);
  } catch (error) {
    return failOnDisk(error, names.join("/"));
  }
}

/** Plans the folders on the way that are missing. Answers those that no wish before has planned. */
function addMissing(visit: Visit, names: readonly string[], folders: Map<string, Step>): (readonly string[])[] {
  const missing: (readonly string[])[] = [];
  for (let depth = 1; depth < names.length; depth += 1) {
    const way = names.slice(0, depth);
    const path = way.join("/");
    if (folders.has(path)) continue;
    const stamp = stampAt(visit, way);
    if (stamp.startsWith("folder ")) continue;
    if (stamp !== "") refuse("not-a-folder", path);
    folders.set(path, { names: way, stamp, change: { path, before: "nothing", after: "folder" } });
    missing.push(way);
  }
  return missing;
}

/** Of the folders that are to go, those that hold nothing but what goes too. */
function emptied(visit: Visit, before: readonly Step[], going: readonly (Step & { readonly wish: Wish })[]): Step[] {
  const gone = new Set(before.filter(({ change }) => change.after === "nothing").map(({ change }) => change.path));
  const steps: Step[] = [];
  for (const { wish, ...step } of going.toSorted((one, other) => other.names.length - one.names.length)) {
    const held = namesIn(visit.folder(step.names)).map(({ name }) => Buffer.from(name, "latin1").toString("utf8"));
    if (held.every((name) => gone.has(`${wish.path}/${name}`))) {
      gone.add(wish.path);
      steps.push(step);
    } else if (wish.ifNotEmpty === undefined) {
      fail("is-a-folder", "The folder is not empty.", { at: wish.path });
    }
  }
  return steps;
}
