import { randomBytes } from "node:crypto";
import { createExaminer } from "./examine.js";
import { createFlood } from "./flood.js";
import type { Ground } from "./ground.js";
import { createHistory, type History } from "./history.js";
import { createKnown } from "./known.js";
import { type Watcher, watchFolder } from "./watcher.js";

/** Where the system's notices are not to be trusted alone: everything is looked at again this often. */
const ROUND_MS = 60_000;
const ROUND_WITHOUT_NOTICES_MS = 2_000;
/** How often a root that is gone is looked for. */
const RETURN_MS = 250;

/** The watch of one root. */
export interface Lookout {
  /** Settled once changes are noticed; a change after that is in the history. */
  readonly ready: Promise<void>;
  readonly history: History;
  /** Resolves at the next change, or once the signal is aborted. */
  next(signal: AbortSignal): Promise<void>;
  /** Somebody asks; without that for a while, nobody goes the rounds. */
  ask(): void;
  close(): Promise<void>;
}

/**
 * Watches a root. The danger: notices come late, twice, for paths outside, or not at all, and say nothing of content.
 * The rule: a notice only says where to look. Each is followed by a look through the sandbox, and only a difference
 * from what was known before is a change. Where notices may have been lost, after a flood of them, at an error, and
 * once a minute while somebody asks, everything is looked at.
 */
export function createLookout(
  ground: Ground,
  root: { name: string; folder: string },
  onFault: (error: unknown) => void,
): Lookout {
  const ended = new AbortController();
  const known = createKnown();
  const history = createHistory(randomBytes(8).toString("hex"));
  const timers = new Set<NodeJS.Timeout>();
  const waiting = new Set<() => void>();
  let told = history.cursor();
  let watcher: Watcher | undefined;
  let watched: string | undefined;
  let isAsked = true;
  let isDeaf = false;
  let pending = new Set<string>();
  let work: Promise<void> | undefined;

  const flood = createFlood(() => look(""));
  const examiner = createExaminer({ ground, root: root.name, known, history, tell, again, signal: ended.signal });

  function tell(): void {
    if (told === history.cursor()) return;
    told = history.cursor();
    for (const wake of waiting) wake();
  }

  function after(milliseconds: number, act: () => void): void {
    if (ended.signal.aborted) return;
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

  /** Looks at a path as soon as what is being looked at is done. */
  function look(path: string): void {
    if (ended.signal.aborted) return;
    pending.add(path);
    work ??= run(drain);
  }

  /** Does one thing at a time, and what was asked for meanwhile after it. */
  async function run(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!ended.signal.aborted) {
        onFault(error);
        lose();
      }
    }
    work = pending.size > 0 && !ended.signal.aborted ? run(drain) : undefined;
  }

  async function drain(): Promise<void> {
    const paths = pending;
    pending = new Set();
    for (const path of paths) await (path === "" ? lookAtRoot() : examiner.examine(path));
    tell();
  }

  async function lookAtRoot(): Promise<void> {
    const sight = await ground.sight(root.name, "", ended.signal);
    if (sight === undefined) {
      examiner.forget("");
      watched = undefined;
      again("", RETURN_MS);
      return;
    }
    if (sight.stamp !== watched) {
      await rewatch();
      watched = sight.stamp;
    }
    await examiner.survey("");
  }

  async function rewatch(): Promise<void> {
    await watcher?.close();
    watcher = watchFolder(root.folder, {
      onHint(path) {
        flood.count();
        look(path);
      },
      onLoss(error) {
        isDeaf = true;
        onFault(error);
        lose();
      },
      isDenied: ground.isDenied,
    });
    await Promise.race([watcher.ready, once(ended.signal)]);
  }

  /** Changes may be missing: who asks is told to list again, and what is known is looked at again. */
  function lose(): void {
    history.lose();
    tell();
    again("", RETURN_MS);
  }

  function goRounds(): void {
    after(isDeaf ? ROUND_WITHOUT_NOTICES_MS : ROUND_MS, () => {
      if (isAsked || waiting.size > 0) look("");
      isAsked = false;
      goRounds();
    });
  }

  async function begin(): Promise<void> {
    const sight = await ground.sight(root.name, "", ended.signal);
    if (sight === undefined) {
      again("", RETURN_MS);
      return;
    }
    await rewatch();
    watched = sight.stamp;
    await examiner.learn();
  }

  const ready = run(begin);
  work ??= ready;
  goRounds();

  return {
    ready,
    history,
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
    async close() {
      ended.abort();
      flood.close();
      for (const timer of timers) clearTimeout(timer);
      await watcher?.close();
      await work;
    },
  };
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
