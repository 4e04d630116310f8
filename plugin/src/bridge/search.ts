import { CONTRACT, type Input, type Output } from "../../../shared/contract/index.js";
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

/** Read in one frame; what has come beyond that waits for the next. */
const BYTES_A_FRAME = 8192;

/** One search, as a stream of the link. */
export function searchOverLink({ http, link }: Carrier, options: SearchOptions): Search {
  let isOver = false;
  /** What has come, in its order: messages, and the end. */
  let waiting: (string | (() => void))[] = [];
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

  /** As much as a frame has room for. */
  function readSome(): void {
    let [room, taken] = [BYTES_A_FRAME, 0];
    while (!isOver && room > 0 && taken < waiting.size()) {
      const first = waiting[taken];
      taken += 1;
      if (typeIs(first, "string")) {
        room -= first.size();
        take(first);
      } else finish(first);
    }
    waiting = isOver ? [] : waiting.filter((_, index) => index >= taken);
  }

  function hear(what: string | (() => void)): void {
    waiting.push(what);
    if (isReading) return;
    isReading = true;
    readSome();
    task.spawn(() => {
      // What comes in the same frame waits, too.
      do {
        task.wait();
        readSome();
      } while (!waiting.isEmpty());
      isReading = false;
    });
  }

  // One that is down tries again by itself, in its own time.
  if (link.state().stage === "resting") link.wake();
  const stream = link.open({
    op: "files/search",
    input: options.query,
    body: "",
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
