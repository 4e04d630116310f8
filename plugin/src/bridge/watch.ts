import { createRetreat } from "../retreat.js";
import type { Turns } from "../turns.js";
import type { Carrier } from "../wire/carrier.js";
import { problemOf } from "../wire/problem.js";
import { type WatchAnswer, type WatchOptions, watchByPoll } from "./watch-poll.js";
import { watchByStream } from "./watch-stream.js";

export interface Watch {
  /** Where this watch has come to; undefined before the first answer. */
  cursor(): string | undefined;
  /** No callback is called any more. A poll that is under way ends unheard: Studio cannot cancel it. */
  close(): void;
}

/**
 * Tells the changes below a root until it is closed, through every loss of the connection: over the link as a stream,
 * by long polls while there is no link. All watches of a bridge share two polls at a time, for Studio has five places
 * for the requests of all plugins: with up to two roots a change arrives at once, with more each root waits for its
 * turn (up to 25 s for every two).
 */
export function createWatch(carrier: Carrier, turns: Turns, options: WatchOptions): Watch {
  const retreat = createRetreat();
  let cursor = options.since;
  let closed = false;
  let stop: (() => void) | undefined;

  function hear(answer: WatchAnswer): void {
    if (closed) return;
    retreat.reset();
    const begins = cursor === undefined;
    cursor = answer.cursor;
    // In threads of their own: what an author's callback waits for, or fails with, is nothing to the watch.
    if (begins) task.spawn(() => options.onReady?.());
    else if (answer.overflow === true) task.spawn(() => options.onOverflow());
    else if (!answer.changes.isEmpty()) task.spawn(() => options.onChanges(answer.changes));
  }

  async function poll(isWanted: () => boolean): Promise<void> {
    const turn = await turns.take();
    try {
      if (!isWanted()) return;
      const answer = await watchByPoll(carrier.caller, options.root, cursor);
      if (isWanted()) hear(answer);
    } finally {
      turn.close();
    }
  }

  /** Polls once. As soon as the link is up it is left: the stream goes on from the same cursor. */
  function pollUntilLink(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      let isWanted = true;
      const unwatch = carrier.link.watch(() => {
        if (carrier.link.takes(0)) leave();
      });
      function leave(): void {
        isWanted = false;
        unwatch();
        resolve();
      }
      stop = leave;
      poll(() => isWanted).then(leave, (thrown) => {
        reject(thrown);
        leave();
      });
    });
  }

  /** Resolves when it is time to look again which way is open. */
  function once(): Promise<void> {
    if (!carrier.link.takes(0)) return pollUntilLink();
    return watchByStream(carrier, options.root, cursor, hear, (given) => {
      stop = given;
    });
  }

  async function run(): Promise<void> {
    while (!closed) {
      try {
        await once();
      } catch (thrown) {
        if (closed) return;
        task.spawn(() => options.onProblem?.(problemOf(thrown)));
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
      stop?.();
    },
  };
}
