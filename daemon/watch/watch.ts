import { Readable } from "node:stream";
import type { Input } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { BeginOwnWrite } from "../own-write.js";
import type { OpenStream } from "../stream.js";
import type { Ground } from "./ground.js";
import type { Answer } from "./history.js";
import { createLookout, type Lookout } from "./lookout.js";
import type { View } from "./merge.js";

export type { Ground } from "./ground.js";

export interface Watch {
  /**
   * The changes after a cursor, as soon as there is one. Fails with `no-root`, and with `too-many-waits`.
   * @param holder the token's id: whose long polls are counted together, and whose own writes are not told.
   */
  changes(input: Input<"watch/changes">, signal: AbortSignal, holder: string): Promise<Answer>;
  /** The changes after a cursor as a stream of messages, until the signal is aborted. Fails with `no-root`. */
  stream(input: Input<"watch/stream">, signal: AbortSignal, holder: string): OpenStream;
  /** Somebody begins to write through the daemon. */
  readonly writing: BeginOwnWrite;
  close(): Promise<void>;
}

interface Asked {
  readonly lookout: Lookout;
  readonly since: string | undefined;
  readonly view: View;
}

/** Watches each root from the first call that asks for it on. @param onFault told of what the system refuses. */
export function createWatch(ground: Ground, onFault: (error: unknown) => void): Watch {
  const lookouts = new Map<string, Lookout>();
  const waits = new Map<string, number>();
  const ended = new AbortController();

  function lookoutOf(name: string): Lookout {
    const root = ground.folders.find((folder) => folder.name === name);
    if (root === undefined) return fail("no-root", "There is no root of that name.", { at: "root" });
    const lookout = lookouts.get(name) ?? createLookout(ground, name, onFault);
    lookouts.set(name, lookout);
    return lookout;
  }

  function askedOf({ root, since, moves, echo }: Input<"watch/changes">, holder: string): Asked {
    const view = { moves: moves === true, ...(echo !== true && { except: holder }) };
    return { lookout: lookoutOf(root), since, view };
  }

  async function answer(asked: Asked, end: AbortSignal): Promise<Answer> {
    const { lookout, since, view } = asked;
    lookout.ask();
    await Promise.race([lookout.ready, lookout.next(end)]);
    if (since === undefined) return now(lookout);
    for (let cursor = since; ; ) {
      const answered = changesOf(lookout, cursor, view);
      cursor = answered.cursor;
      if (isNews(answered) || end.aborted) return answered;
      await lookout.next(end);
    }
  }

  /** What is read slowly is told in larger steps: no change is looked up before it is asked for. */
  async function* follow(asked: Asked, signal: AbortSignal): AsyncGenerator<Answer> {
    const { lookout, since, view } = asked;
    const end = AbortSignal.any([signal, ended.signal]);
    lookout.ask();
    await Promise.race([lookout.ready, lookout.next(end)]);
    let cursor = since ?? lookout.history.cursor();
    if (since === undefined) yield now(lookout);
    while (!end.aborted) {
      const answered = changesOf(lookout, cursor, view);
      cursor = answered.cursor;
      if (isNews(answered)) yield answered;
      else await lookout.next(end);
    }
    signal.throwIfAborted();
    fail("shutting-down", "The daemon is ending.");
  }

  return {
    stream(input, signal, holder) {
      if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
      const messages = follow(askedOf(input, holder), signal);
      const encode = async function* () {
        for await (const answered of messages) yield JSON.stringify(answered);
      };
      return { status: 200, headers: [], body: Readable.from(encode(), { highWaterMark: 1 }) };
    },
    async changes(input, signal, holder) {
      if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
      const asked = askedOf(input, holder);
      const held = waits.get(holder) ?? 0;
      if (held >= LIMITS.waits) fail("too-many-waits", `${LIMITS.waits} calls of this token wait already.`);
      waits.set(holder, held + 1);
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), LIMITS.longPollSeconds * 1000);
      try {
        const answered = await answer(asked, AbortSignal.any([signal, ended.signal, over.signal]));
        signal.throwIfAborted(); // Whoever asked has gone, or may no longer know.
        // An empty answer would be taken for the word of a daemon that goes on.
        if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
        return answered;
      } finally {
        clearTimeout(timer);
        over.abort();
        const left = (waits.get(holder) ?? 1) - 1;
        if (left === 0) waits.delete(holder);
        else waits.set(holder, left);
      }
    },
    writing(root, writer, paths) {
      const write = lookouts.get(root)?.writing(writer, paths);
      return { hold: () => write?.hold(), done: (results) => write?.done(results) };
    },
    async close() {
      ended.abort();
      await Promise.all([...lookouts.values()].map((lookout) => lookout.close()));
    },
  };
}

function now({ history, isPolling }: Lookout): Answer {
  return { cursor: history.cursor(), changes: [], ...(isPolling() && { polling: true }) };
}

function changesOf({ history, isPolling }: Lookout, since: string, view: View): Answer {
  return { ...history.since(since, view), ...(isPolling() && { polling: true }) };
}

function isNews({ overflow, changes }: Answer): boolean {
  return overflow === true || changes.length > 0;
}
