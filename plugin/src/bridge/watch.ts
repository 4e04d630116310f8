import type { Output } from "../../../shared/contract/index.js";
import { LIMITS, LONG_POLL_MARGIN_SECONDS } from "../../../shared/protocol.js";
import { createRetreat } from "../retreat.js";
import type { Caller } from "../wire/caller.js";
import { type AnyProblem, problemOf } from "../wire/problem.js";
import type { Turns } from "./turns.js";

export type Change = Output<"watch/changes">["changes"][number];

export interface WatchOptions {
  readonly root: string;
  /** The cursor of an earlier watch: its changes since then come first. Without it, changes from now on. */
  readonly since?: string;
  readonly onChanges: (changes: readonly Change[]) => void;
  /** Changes were lost: list again. */
  readonly onOverflow: () => void;
  /** The watch has begun: whatever is listed from now on will not grow stale unnoticed. Not called with `since`. */
  readonly onReady?: () => void;
  /** A poll failed; the watch goes on by itself. */
  readonly onProblem?: (problem: AnyProblem) => void;
}

export interface Watch {
  /** Where this watch has come to; undefined before the first answer. */
  cursor(): string | undefined;
  /** No callback is called any more. A poll that is under way ends unheard: Studio cannot cancel it. */
  close(): void;
}

/**
 * Tells the changes below a root until it is closed, by long polls, through every loss of the connection.
 * All watches of a bridge share two polls at a time, for Studio has five places for the requests of all plugins:
 * with up to two roots a change arrives at once, with more each root waits for its turn (up to 25 s for every two).
 */
export function createWatch(caller: Caller, turns: Turns, options: WatchOptions): Watch {
  const retreat = createRetreat();
  let cursor = options.since;
  let closed = false;

  async function poll(): Promise<void> {
    const turn = await turns.take();
    try {
      if (closed) return;
      const answer = await caller.call(
        "watch/changes",
        { root: options.root, since: cursor },
        LIMITS.longPollSeconds + LONG_POLL_MARGIN_SECONDS,
      );
      if (closed) return;
      retreat.reset();
      const begins = cursor === undefined;
      cursor = answer.cursor;
      if (begins) options.onReady?.();
      else if (answer.overflow === true) options.onOverflow();
      else if (!answer.changes.isEmpty()) options.onChanges(answer.changes);
    } finally {
      turn.close();
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      try {
        await poll();
      } catch (thrown) {
        if (closed) return;
        options.onProblem?.(problemOf(thrown));
        task.wait(retreat.seconds());
      }
    }
  }

  // It rejects with nothing: run() hands every failure to onProblem.
  void run();
  return {
    cursor() {
      return cursor;
    },
    close() {
      closed = true;
    },
  };
}
