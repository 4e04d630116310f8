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
  const isDone =
    pattern !== undefined && ripgrep !== undefined && (await lookWhereNamed(course, root, crew, ripgrep, pattern));
  if (!isDone && goesOn(course)) await walk(course, root, crew);
}

/** A worker walks and looks. One that is lost over a file is followed by one that goes on behind it. */
async function walk(course: Course, root: Root, crew: Crew): Promise<void> {
  let after: string | undefined;
  do {
    after = await hunt(course, crew, { ...jobOf(course, root), isFed: false, ...(after !== undefined && { after }) });
  } while (after !== undefined && goesOn(course));
}

/** A worker looks where ripgrep says that there is something. Answers whether ripgrep could do it. */
async function lookWhereNamed(
  course: Course,
  root: Root,
  crew: Crew,
  ripgrep: string,
  pattern: Pattern,
): Promise<boolean> {
  const named: string[] = [];
  let feed: Feed | undefined;
  const run = runRipgrep(ripgrep, root.folder, ripgrepArguments(course.input, pattern), (paths) => {
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
      const lost = await hunt(course, crew, { ...jobOf(course, root), isFed: true }, run.kill, (begun) => {
        feed = begun;
        feed({ paths: named.slice(from) });
        if (isOver) feed({ end: true });
      });
      from = lost === undefined ? Number.POSITIVE_INFINITY : named.indexOf(lost) + 1;
    } while (Number.isFinite(from) && goesOn(course));
  } finally {
    run.kill();
    course.signal.removeEventListener("abort", run.kill);
  }
  const outcome = await over;
  if (outcome === "broken" && goesOn(course)) throw new Error("ripgrep was ended midway");
  return outcome !== "failed";
}

type Feed = ReturnType<Crew["hunt"]>["feed"];

/** One worker's work. Answers the file that it was lost over. */
async function hunt(
  course: Course,
  crew: Crew,
  job: Omit<Job, "memory">,
  onFull: () => void = () => {},
  onBegun: (feed: Feed) => void = () => {},
): Promise<string | undefined> {
  const listener: Listener = {
    told(told) {
      course.left -= told.count;
      course.findings.add(told, hunting.state);
    },
    full() {
      course.done.more = true;
      onFull();
    },
  };
  const hunting = crew.hunt(job, listener);
  const stop = () => hunting.state.stop();
  course.signal.addEventListener("abort", stop);
  if (course.signal.aborted) stop();
  onBegun(hunting.feed);
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

function jobOf({ input, pattern, left, denied }: Course, root: Root): Omit<Job, "memory" | "isFed"> {
  return { root, denied, input, most: left, ...(pattern && { pattern }) };
}

export function goesOn({ signal, done }: Course): boolean {
  return !signal.aborted && !done.more;
}
