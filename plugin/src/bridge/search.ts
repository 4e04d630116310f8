import { CONTRACT, type Input, type Output } from "../../../shared/contract/index.js";
import { overFrames } from "../over-frames.js";
import { decodeOutput } from "../wire/answer.js";
import type { Carrier } from "../wire/carrier.js";
import { type AnyProblem, localProblem, problemOf } from "../wire/problem.js";

type Answer = Output<"files/search">;
export type SearchedFile = Answer["files"][number];
export type SearchEnd = NonNullable<Answer["done"]>;
export type SearchQuery = Input<"files/search">;

export interface SearchOptions {
  /** What is searched for, and where; docs/search.md says what patterns and globs are. */
  readonly query: SearchQuery;
  /** Some of what was found: files in no order, one with many matches several times. */
  readonly onFound: (files: readonly SearchedFile[]) => void;
  /** All has been searched, or as much as was wanted. Nothing comes after it. */
  readonly onEnd: (outcome: SearchEnd) => void;
  /** It failed: `bad-pattern`, `no-root`, `too-many-searches`, `connection-lost` and the like. Nothing comes after it. */
  readonly onProblem: (problem: AnyProblem) => void;
}

export interface Search {
  /** Ends it, also in the daemon. No callback is called any more. */
  close(): void;
}

/** What may come at once: to take in what a large search finds all in one frame would hold it up. */
const CREDIT_BYTES = 16 * 1024;

/** One search, as a stream of the link. */
export function searchOverLink({ http, link }: Carrier, options: SearchOptions): Search {
  let isOver = false;
  /** What has come, in its order: messages, and the end. */
  const waiting: (string | (() => void))[] = [];
  let isReading = false;

  function finish(tell: () => void): void {
    if (isOver) return;
    isOver = true;
    stream.close();
    // In a thread of its own: what the caller does with it is nothing to the link.
    task.spawn(tell);
  }

  function take(message: string): void {
    const [ok, heard] = pcall(() => decodeOutput(http, CONTRACT["files/search"].output, message) as Answer);
    if (!ok) {
      finish(() => options.onProblem(problemOf(heard)));
      return;
    }
    const { files, done } = heard as Answer;
    if (!files.isEmpty()) task.spawn(() => options.onFound(files));
    if (done !== undefined) finish(() => options.onEnd(done));
  }

  /** Reads what came first; answers whether that was all. */
  function readOne(): boolean {
    if (isOver) return true;
    const first = waiting.shift();
    if (typeIs(first, "string")) take(first);
    else if (first !== undefined) finish(first);
    isReading = !waiting.isEmpty();
    return !isReading;
  }

  function hear(what: string | (() => void)): void {
    waiting.push(what);
    if (isReading) return;
    isReading = true;
    overFrames(readOne);
  }

  // One that is down tries again by itself, in its own time.
  if (link.state().stage === "resting") link.wake();
  const stream = link.open({
    op: "files/search",
    input: options.query,
    body: "",
    credit: CREDIT_BYTES,
    label: "search",
    owner: "caller",
    onMessage: hear,
    onClosed: () => hear(() => options.onProblem(localProblem("closed-early", "The search was closed."))),
    onProblem: (problem) => hear(() => options.onProblem(problem)),
    onDown: () => hear(() => options.onProblem(localProblem("connection-lost"))),
  });
  return {
    close() {
      isOver = true;
      stream.close();
    },
  };
}
