import { randomBytes } from "node:crypto";
import type { OwnWrite } from "../own-write.js";
import { createExaminer } from "./examine.js";
import { createFlood } from "./flood.js";
import { createGather } from "./gather.js";
import type { Ground } from "./ground.js";
import { createHistory, type History } from "./history.js";
import { createKnown } from "./known.js";
import { createWatcher } from "./watcher.js";
import { createWritings } from "./writings.js";

/** Where the system's notices are not to be trusted alone: everything is looked at again this often. */
const ROUND_MS = 60_000;
/** The same where the system gives none: this often, and not more than this share of the time. */
const POLL_MS = 2_000;
const POLL_SHARE = 5;
/** How often it is asked whether a round is due. */
const TICK_MS = 500;
/** How often a root that is gone is looked for. */
const RETURN_MS = 250;

/** The watch of one root. */
export interface Lookout {
  /** Settled once changes are noticed; a change after that is in the history. */
  readonly ready: Promise<void>;
  readonly history: History;
  /** Whether the system tells of nothing in some folder, so that changes there are found by looking. */
  isPolling(): boolean;
  /** Resolves at the next change, or once the signal is aborted. */
  next(signal: AbortSignal): Promise<void>;
  /** Somebody asks; without that for a while, nobody goes the rounds. */
  ask(): void;
  writing(writer: string, paths: readonly string[]): OwnWrite;
  close(): Promise<void>;
}

/**
 * Watches a root. The danger: notices come late, twice, for paths outside, or not at all, and say nothing of content.
 * The rule: a notice only says where to look. Each is followed by a look through the sandbox, and only a difference
 * from what was known before is a change. Where notices may have been lost, after a flood of them, at an error, and
 * once a minute while somebody asks, everything is looked at; where there are none, every few seconds.
 */
export function createLookout(ground: Ground, root: string, onFault: (error: unknown) => void): Lookout {
  const ended = new AbortController();
  const known = createKnown();
  const history = createHistory(randomBytes(8).toString("hex"));
  const timers = new Set<NodeJS.Timeout>();
  const waiting = new Set<() => void>();
  let told = history.cursor();
  let watched: string | undefined;
  let isAsked = true;
  let isWhole = true;
  let lookedMs = performance.now();
  let tookMs = 0;
  let pending = new Set<string>();
  let work: Promise<void> | undefined;

  const watcher = createWatcher({
    onHint(path) {
      if (ground.isDenied(path.slice(0, Math.max(0, path.lastIndexOf("/"))))) return;
      flood.count();
      look(path);
    },
    onLoss(error) {
      if (isWhole) onFault(lossOf(root, error));
      isWhole = false;
    },
    isDeep: ground.tellsOfAllBelow,
    reach: (path, act) => ground.reach(root, path, act),
  });
  const writings = createWritings(look);
  const flood = createFlood(() => look(""));
  const gather = createGather(() => {
    work ??= run(drain);
  });
  const signal = ended.signal;
  const examiner = createExaminer({ ground, root, known, history, writings, watcher, tell, again, signal });

  function tell(): void {
    if (told === history.cursor()) return;
    told = history.cursor();
    for (const wake of waiting) wake();
  }

  function after(milliseconds: number, act: () => void): void {
    if (signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, milliseconds);
    timer.unref();
    timers.add(timer);
  }

  function again(path: string, milliseconds: number): void {
    after(milliseconds, () => look(path));
  }

  /** Looks at a path with all that is to be looked at in this moment. */
  function look(path: string): void {
    if (signal.aborted) return;
    pending.add(path);
    gather.add();
  }

  /** Does one thing at a time, and what was asked for meanwhile after it. */
  async function run(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!signal.aborted) {
        onFault(error);
        lose();
      }
    }
    work = pending.size > 0 && !signal.aborted ? run(drain) : undefined;
  }

  async function drain(): Promise<void> {
    const paths = pending;
    pending = new Set();
    const isWide = paths.delete("");
    await examiner.examine([...paths]);
    if (isWide) await lookAtRoot();
    tell();
  }

  async function lookAtRoot(): Promise<void> {
    const beganMs = performance.now();
    if (await stand()) await examiner.survey();
    lookedMs = performance.now();
    tookMs = lookedMs - beganMs;
    isWhole = watcher.isWhole();
  }

  /** Sees to the notices of the root's own folder. Whether it is there. */
  async function stand(): Promise<boolean> {
    const sight = await ground.sight(root, "", signal);
    if (sight === undefined) examiner.forget();
    if (sight?.stamp !== watched) watcher.drop("");
    watched = sight?.stamp;
    if (sight === undefined) again("", RETURN_MS);
    else watcher.follow("");
    return sight !== undefined;
  }

  /** Changes may be missing: who asks is told to list again, and what is known is looked at again. */
  function lose(): void {
    writings.forget();
    history.lose();
    tell();
    again("", RETURN_MS);
  }

  function goRounds(): void {
    after(TICK_MS, () => {
      const waitMs = isWhole ? ROUND_MS : Math.max(POLL_MS, tookMs * POLL_SHARE);
      if ((isAsked || waiting.size > 0) && performance.now() - lookedMs >= waitMs) {
        isAsked = false;
        look("");
      }
      goRounds();
    });
  }

  async function begin(): Promise<void> {
    const beganMs = performance.now();
    if (await stand()) await examiner.learn();
    lookedMs = performance.now();
    tookMs = lookedMs - beganMs;
  }

  const ready = run(begin);
  work ??= ready;
  goRounds();

  return {
    ready,
    history,
    isPolling: () => !isWhole,
    next(signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => resolve();
      waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
      return promise.finally(() => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
      });
    },
    ask() {
      isAsked = true;
    },
    writing: writings.begin,
    async close() {
      ended.abort();
      flood.close();
      gather.close();
      for (const timer of timers) clearTimeout(timer);
      watcher.close();
      await work;
    },
  };
}

function lossOf(root: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = "on Linux fs.inotify.max_user_watches sets how many folders may be watched";
  return new Error(
    `root ${root} is looked through every few seconds, for the system tells of no changes (${reason}; ${hint})`,
  );
}
