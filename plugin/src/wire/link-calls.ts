import type { DaemonHeader } from "../../../shared/contract/link.js";
import { type AnyProblem, localProblem } from "./problem.js";

export interface LinkReply {
  readonly output: unknown;
  readonly payload: string;
}

interface Waiting {
  /** The number of the message that asked. */
  readonly n: number;
  readonly resolve: (reply: LinkReply) => void;
  readonly reject: (problem: AnyProblem) => void;
}

export interface LinkCalls {
  /**
   * The reply to what `ask` sends; it answers the number of its message. Rejects with what `ask` throws, with the
   * daemon's problem, with `timed-out`, and with `session-lost` where it can no longer be known whether the call was
   * executed.
   */
  make(id: string, ask: () => number, seconds: number): Promise<LinkReply>;
  take(header: Extract<DaemonHeader, { t: "reply" }>, payload: string): void;
  /** No reply is waited for any more. */
  giveUp(problem: AnyProblem): void;
}

/** @param abandon is told of the message of a call that nobody waits for any more, so that it is not sent again. */
export function createLinkCalls(abandon: (n: number, id: string) => void): LinkCalls {
  const waiting = new Map<string, Waiting>();

  function reject(id: string, problem: AnyProblem): void {
    const call = waiting.get(id);
    if (call === undefined) return;
    waiting.delete(id);
    abandon(call.n, id);
    call.reject(problem);
  }

  return {
    make(id, ask, seconds) {
      return new Promise<LinkReply>((resolve, fail) => {
        waiting.set(id, { n: ask(), resolve, reject: fail });
        task.delay(seconds, () => reject(id, localProblem("timed-out")));
      });
    },
    take(header, payload) {
      const call = waiting.get(header.id);
      if (call === undefined) return;
      waiting.delete(header.id);
      if (header.problem !== undefined) call.reject(header.problem as AnyProblem);
      else call.resolve({ output: header.output, payload });
    },
    giveUp(problem) {
      const ids: string[] = [];
      for (const [id] of waiting) ids.push(id);
      for (const id of ids) reject(id, problem);
    },
  };
}
