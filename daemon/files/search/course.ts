import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
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

/** Searches a root, with ripgrep where there is one and it can. Resolves once nothing of it is under way. */
export async function searchRoot(course: Course, root: Root, crew: Crew, ripgrep: string | undefined): Promise<void> {
  const { pattern } = course;
  /** The files that something was told of, or that a worker was lost over, while others named the files to look at. */
  const told = new Set<string>();
  const isDone =
    pattern !== undefined &&
    ripgrep !== undefined &&
    (await lookWhereNamed(course, root, crew, ripgrep, pattern, told));
  if (!isDone && goesOn(course)) await walk(course, root, crew, told);
}

/** A worker walks and looks. One that is lost over a file is followed by one that goes on behind it. */
async function walk(course: Course, root: Root, crew: Crew, told: Set<string>): Promise<void> {
  let after: string | undefined;
  const skip = [...told];
  do {
    const job = { ...jobOf(course, root), isFed: false, skip, ...(after !== undefined && { after }) };
    after = await hunt(course, crew, job, {});
  } while (after !== undefined && goesOn(course));
}

/** A worker looks where ripgrep says that there is something. Answers whether ripgrep could do it. */
async function lookWhereNamed(
  course: Course,
  root: Root,
  crew: Crew,
  ripgrep: string,
  pattern: Pattern,
  told: Set<string>,
): Promise<boolean> {
  const named: string[] = [];
  let feed: Feed | undefined;
  const run = runRipgrep(ripgrep, root.folder, ripgrepArguments(course.input, pattern, course.ignored), (paths) => {
    named.push(...paths);
    feed?.({ paths });
  });
  let isOver = false;
  const over = run.over.then((outcome) => {
    isOver = true;
    feed?.({ end: true });
    return outcome;
  });
  course.signal.addEventListener("abort", run.kill);
  try {
    let from = 0;
    do {
      const job = { ...jobOf(course, root), isFed: true, skip: [...told] };
      const lost = await hunt(course, crew, job, {
        onBegun(begun) {
          feed = begun;
          // An empty one would say that ripgrep has named something.
          if (from < named.length) feed({ paths: named.slice(from) });
          if (isOver) feed({ end: true });
        },
        onTold: (path) => told.add(path),
        onFull: run.kill,
      });
      if (lost === undefined) break;
      told.add(lost);
      from = Math.max(from, named.indexOf(lost) + 1);
    } while (goesOn(course));
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
  onFull?(): void;
}

/** One worker's work. Answers the file that it was lost over. */
async function hunt(
  course: Course,
  crew: Crew,
  job: Omit<Job, "memory">,
  { onBegun, onTold, onFull }: HuntEvents,
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
  course.signal.addEventListener("abort", stop);
  if (course.signal.aborted) stop();
  onBegun?.(hunting.feed);
  try {
    const { lostOver, notText } = await hunting.over;
    course.done.notText += notText;
    if (lostOver !== undefined) {
      course.tooSlow.push({ root: job.root.name, path: lostOver });
      if (course.tooSlow.length === LIMITS.searchTooSlow) course.done.more = true;
    }
    return lostOver;
  } finally {
    course.signal.removeEventListener("abort", stop);
  }
}

function jobOf({ input, pattern, left, denied, ignored }: Course, root: Root): Omit<Job, "memory" | "isFed" | "skip"> {
  return { root, denied, ignored, input, most: left, ...(pattern && { pattern }) };
}

export function goesOn({ signal, done }: Course): boolean {
  return !signal.aborted && !done.more;
}
