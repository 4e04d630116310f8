import type { Output } from "../../../shared/contract/index.js";
import { LIMITS, LONG_POLL_MARGIN_SECONDS } from "../../../shared/protocol.js";
import type { Caller } from "../wire/caller.js";
import type { AnyProblem } from "../wire/problem.js";

export type WatchAnswer = Output<"watch/changes">;
export type Change = WatchAnswer["changes"][number];

export interface WatchOptions {
  readonly root: string;
  /** The cursor of an earlier watch: its changes since then come first. Without it, changes from now on. */
  readonly since?: string;
  readonly onChanges: (changes: readonly Change[]) => void;
  /** Changes were lost: list again. */
  readonly onOverflow: () => void;
  /** The watch has begun: whatever is listed from now on will not grow stale unnoticed. Not called with `since`. */
  readonly onReady?: () => void;
  /** A poll or a stream failed; the watch goes on by itself. */
  readonly onProblem?: (problem: AnyProblem) => void;
}

/** One long poll. */
export function watchByPoll(caller: Caller, root: string, since: string | undefined): Promise<WatchAnswer> {
  return caller.call("watch/changes", { root, since }, LIMITS.longPollSeconds + LONG_POLL_MARGIN_SECONDS);
}
