import type { Problem, ProblemCode } from "../shared/problem.js";

/** How a service says that it cannot: thrown, and turned into an answer at one door. Anything else thrown is a fault of ours. */
export class Failure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "Failure";
    this.problem = problem;
  }
}

export function fail(code: ProblemCode, detail: string, more: Omit<Problem, "code" | "detail"> = {}): never {
  throw new Failure({ code, detail, ...more });
}

/** What every call and stream is told that meets the daemon's end. */
export const SHUTTING_DOWN: Problem = {
  code: "shutting-down",
  detail: "The daemon is ending. Try again in a moment.",
};

/** What crosses the wire of an error: its problem, or of a fault of ours that there is one; the log has the rest. */
export function problemOf(error: unknown, log: { fault(error: unknown): string }): Problem {
  if (error instanceof Failure) return error.problem;
  return { code: "internal", detail: `A fault in the daemon: ${log.fault(error)}.` };
}

/** What an error says, in one line. */
export function lineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}
