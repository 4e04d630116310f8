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

export function fail(code: ProblemCode, detail: string, more: { at?: string; hash?: string } = {}): never {
  throw new Failure({ code, detail, ...more });
}

/** What an error says, in one line. */
export function lineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}
