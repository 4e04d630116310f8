import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
import { Failure } from "../../fail.js";
import type { Root } from "../sandbox.js";
import type { Crew, Listener } from "./crew.js";
import type { Findings } from "./findings.js";
import type { Job } from "./hunt.js";
import type { Pattern, SearchInput } from "./pattern.js";
import { ripgrepArguments, runRipgrep } from "./ripgrep.js";

/** One search under way. */
export interface Course {
  readonly input: SearchInput;
  /** Absent for a glob. */
  readonly pattern: Pattern | undefined;
  readonly denied: readonly string[];
  /** As patterns of .gitignore. */
  readonly ignored: readonly string[];
  readonly findings: Findings;
  /** Aborted once nobody wants to know any more. */
  readonly signal: AbortSignal;
  /** Matches that may still be told. */
  left: number;
  readonly done: NonNullable<Output<"files/search">["done"]>;
  readonly tooSlow: { readonly root: string; readonly path: string }[];
}

/** Until ripgrep names the first file, a worker looks by itself, into so many: ripgrep takes as long to begin. */
const EARLY_FILES = 512;

/** Searches a root, with ripgrep where there is one and it can. Resolves once nothing of it is under way. */
export async function searchRoot(course: Course, root: Root, crew: Crew, ripgrep: string | undefined): Promise<void> {
  const { pattern } = course;
  /** Files that were told of early. */
  const skip = new Set<string>();
  const isDone =
    pattern !== undefined &&
    ripgrep !== undefined &&
    (await lookWhereNamed(course, root, crew, ripgrep, pattern, skip));
  if (!isDone && goesOn(course)) await walk(course, root, crew, skip);
}

/** A worker walks and looks. One that is lost over a file is followed by one that goes on behind it. */
async function walk(course: Course, root: Root, crew: Crew, skip: ReadonlySet<string>): Promise<void> {
  let after: string | undefined;
  do {
    const job = { ...jobOf(course, root), isFed: false, skip, ...(after !== undefined && { after }) };
    after = await hunt(course, crew, job, course.signal);
    if (after !== undefined) lose(course, root, after);
  } while (after !== undefined && goesOn(course));
}

/** A worker walks until it has found something, or the signal says that it is enough. What it told of is added to `skip`. */
async function walkEarly(
  course: Course,
  root: Root,
  crew: Crew,
  skip: Set<string>,
  enough: AbortSignal,
): Promise<void> {
  const job = { ...jobOf(course, root), isFed: false, skip: new Set<string>(), early: EARLY_FILES };
  const onTold = (path: string) => skip.add(path);
  try {
    const lost = await hunt(course, crew, job, AbortSignal.any([course.signal, enough]), { onTold });
    // Another one may be a file that ripgrep does not name, and is nobody's then.
    if (lost !== undefined && skip.has(lost)) lose(course, root, lost);
  } catch (error) {
    // What a walk meets on its way need not be on the way of what ripgrep names; what is, is met again.
    if (!(error instanceof Failure)) throw error;
  }
}

/** A worker looks where ripgrep says that there is something. Answers whether ripgrep could do it. */
async function lookWhereNamed(
  course: Course,
  root: Root,
  crew: Crew,
  ripgrep: string,
  pattern: Pattern,
  skip: Set<string>,
): Promise<boolean> {
  const named: string[] = [];
  const begun = new AbortController();
  let feed: Feed | undefined;
  const run = runRipgrep(ripgrep, root.folder, ripgrepArguments(course.input, pattern, course.ignored), (paths) => {
    named.push(...paths);
    begun.abort();
    feed?.({ paths });
  });
  let isOver = false;
  const over = run.over.then((outcome) => {
    isOver = true;
    begun.abort();
    feed?.({ end: true });
    return outcome;
  });
  course.signal.addEventListener("abort", run.kill);
  try {
    await walkEarly(course, root, crew, skip, begun.signal);
    let from = 0;
    while (Number.isFinite(from) && goesOn(course)) {
      const onBegun = (worker: Feed) => {
        feed = worker;
        feed({ paths: named.slice(from) });
        if (isOver) feed({ end: true });
      };
      const job = { ...jobOf(course, root), isFed: true, skip };
      const lost = await hunt(course, crew, job, course.signal, { onBegun, onFull: run.kill });
      if (lost !== undefined) lose(course, root, lost);
      from = lost === undefined ? Number.POSITIVE_INFINITY : named.indexOf(lost) + 1;
    }
  } finally {
    run.kill();
    course.signal.removeEventListener("abort", run.kill);
  }
  const outcome = await over;
  if (outcome === "broken" && goesOn(course)) throw new Error("ripgrep was ended midway");
  return outcome !== "failed";
}

type Feed = ReturnType<Crew["hunt"]>["feed"];

interface HuntEvents {
  /** The worker can be fed. */
  onBegun?(feed: Feed): void;
  /** Something was told of a file. */
  onTold?(path: string): void;
  /** There is more than may be told. */
  onFull?(): void;
}

/** One worker's work, until it is done or the signal is aborted. Answers the file that it was lost over. */
async function hunt(
  course: Course,
  crew: Crew,
  job: Omit<Job, "memory">,
  signal: AbortSignal,
  { onBegun, onTold, onFull }: HuntEvents = {},
): Promise<string | undefined> {
  const listener: Listener = {
    told(told) {
      onTold?.(told.path);
      course.left -= told.count;
      course.findings.add(told, hunting.state);
    },
    full() {
      course.done.more = true;
      onFull?.();
    },
  };
  const hunting = crew.hunt(job, listener);
  const stop = () => hunting.state.stop();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  onBegun?.(hunting.feed);
  try {
    const { lostOver, notText } = await hunting.over;
    course.done.notText += notText;
    return lostOver;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A worker was lost over a file. */
function lose(course: Course, root: Root, path: string): void {
  course.tooSlow.push({ root: root.name, path });
  if (course.tooSlow.length === LIMITS.searchTooSlow) course.done.more = true;
}

function jobOf({ input, pattern, left, denied, ignored }: Course, root: Root): Omit<Job, "memory" | "isFed" | "skip"> {
  return { root, denied, ignored, input, most: left, ...(pattern && { pattern }) };
}

export function goesOn({ signal, done }: Course): boolean {
  return !signal.aborted && !done.more;
}
