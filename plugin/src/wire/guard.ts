import type { Caller } from "./caller.js";
import { type AnyProblem, problemOf } from "./problem.js";

export interface GuardOptions {
  /** Throws where no call may be made now, or no answer may be heard any more. */
  readonly admit: () => void;
  readonly onProblem: (problem: AnyProblem) => void;
}

/** A caller whose calls are admitted one by one, and whose problems are heard by whoever keeps the connection. */
export function guard(caller: Caller, { admit, onProblem }: GuardOptions): Caller {
  async function pass<T>(ask: () => Promise<T>): Promise<T> {
    admit();
    let answer: T;
    try {
      answer = (await ask()) as T;
    } catch (thrown) {
      const problem = problemOf(thrown);
      onProblem(problem);
      throw problem;
    }
    admit();
    return answer;
  }

  return {
    call(name, input, seconds) {
      return pass(() => caller.call(name, input, seconds));
    },
    download(name, input) {
      return pass(() => caller.download(name, input));
    },
    upload(name, input, bytes) {
      return pass(() => caller.upload(name, input, bytes));
    },
  };
}
