import { isUtf8 } from "node:buffer";
import type { Problem } from "../../shared/problem.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";
import { asciiJson } from "./frames.js";
import type { Room } from "./room.js";

/** Why the signal of a stream is aborted. One for all: to make one takes longer than to send a token. */
const OVER = new Failure({ code: "upstream-failed", detail: "Nobody wants the stream any more." });
/** How long what was sent to a socket may take to go out after Studio has closed it. */
const PARTING_MS = 900;

/** A piece for Studio. `isPart`: more of the same message follows. */
interface Piece {
  readonly payload: Uint8Array;
  readonly isPart: boolean;
}

/** One stream inside of a link. */
export interface LinkStream {
  readonly id: string;
  credit(bytes: number): void;
  /** A message for the upstream, in the order given, at the upstream's pace. */
  send(payload: Buffer): void;
  /** Studio wants no more. */
  close(): void;
  /** Ends it with a problem of the daemon's. */
  fail(problem: Problem): void;
  /** Ends it without a word, because nobody is left to hear it. */
  drop(): void;
  /** The next piece that credit allows, at most `linkDataBytes` long. */
  take(): Piece | undefined;
}

/** What a stream tells the link it is in. */
export interface StreamEvents {
  /** There may be something to take. */
  onReady(stream: LinkStream): void;
  /** A header for Studio: its `t`, and its fields after `id` as ASCII JSON, each with a comma before it. */
  onSignal(t: "opened" | "closed" | "problem", fields: string): void;
  onOver(stream: LinkStream): void;
  /** What the streams of the link were sent and their upstreams have not taken yet. */
  readonly unsent: Room;
  problemOf(error: unknown): Problem;
}

function asBytes(chunk: unknown): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
}

/** @param open asks the upstream. @param credit bytes that Studio takes before it grants more. */
export function createStream(
  id: string,
  open: (signal: AbortSignal) => Promise<OpenStream>,
  credit: number,
  events: StreamEvents,
): LinkStream {
  const life = new AbortController();
  let opened: OpenStream | undefined;
  let pending: Uint8Array | undefined;
  let at = 0;
  let waitingBytes = 0;
  /** What is left to say once all that came before it was taken. */
  let conclusion: (() => void) | undefined;
  let isOver = false;
  const early = Promise.withResolvers<void>();
  let sending = early.promise;

  function end(release: (stream: OpenStream) => void = discard): void {
    isOver = true;
    pending = undefined;
    events.unsent.give(waitingBytes);
    events.onOver(stream);
    if (opened === undefined) life.abort(OVER);
    else release(opened);
    early.resolve();
  }

  function discard(given: OpenStream): void {
    life.abort(OVER);
    given.body.destroy();
  }

  /** Lets what Studio has sent go out first, for a moment. */
  function part(given: OpenStream): void {
    const { socket } = given;
    if (socket === undefined) {
      discard(given);
      return;
    }
    given.body.resume();
    const timer = setTimeout(() => discard(given), PARTING_MS);
    void sending
      .then(() => socket.close(1000))
      .then(() => socket.closed)
      .finally(() => {
        clearTimeout(timer);
        discard(given);
      });
  }

  function fail(problem: Problem): void {
    if (isOver) return;
    end();
    events.onSignal("problem", `,"problem":${asciiJson(problem)}`);
  }

  function finish(code?: number, reason?: string): void {
    if (isOver) return;
    end();
    const told = code === undefined || code < 1000 || code > 4999 ? "" : `,"code":${code}`;
    events.onSignal("closed", told + (reason ? `,"reason":${asciiJson(reason)}` : ""));
  }

  /** The first of what would end it does so, after what is still to be taken. */
  function conclude(act: () => void): void {
    if (conclusion !== undefined) return;
    conclusion = act;
    if (pending === undefined) act();
  }

  function carry(given: OpenStream): void {
    opened = given;
    const { body } = given;
    const headers = given.headers.map(([name, value]) => ({ name, value }));
    events.onSignal("opened", `,"status":${given.status},"headers":${asciiJson(headers)}`);
    body.on("readable", () => {
      if (!isOver) events.onReady(stream);
    });
    body.on("error", (error) => {
      if (!isOver) conclude(() => fail(events.problemOf(error)));
    });
    body.on("end", () => {
      if (given.socket === undefined) conclude(finish);
      else void given.socket.closed.then(({ code, reason }) => conclude(() => finish(code, reason)));
    });
    body.on("close", () => {
      if (!body.readableEnded && !isOver) conclude(() => fail(events.problemOf(new Error("a body closed early"))));
    });
    early.resolve();
  }

  const stream: LinkStream = {
    id,
    credit(bytes) {
      credit += bytes;
      if (opened !== undefined) events.onReady(stream);
    },
    send(payload) {
      if (isOver || (opened !== undefined && opened.socket === undefined)) return;
      if (!isUtf8(payload)) return fail({ code: "invalid-input", detail: "A message from Studio is UTF-8 text." });
      if (!events.unsent.take(payload.length, waitingBytes)) {
        return fail({ code: "stream-overrun", detail: `The upstream has not taken ${waitingBytes} bytes.` });
      }
      waitingBytes += payload.length;
      const text = payload.toString();
      sending = sending
        .then(() => opened?.socket?.send(text))
        // The socket has closed: its body ends or fails, and that is what Studio is told.
        .catch(() => undefined)
        .then(() => {
          if (isOver) return;
          waitingBytes -= payload.length;
          events.unsent.give(payload.length);
        });
    },
    close() {
      if (isOver) return;
      end(part);
      events.onSignal("closed", "");
    },
    fail,
    drop() {
      if (!isOver) end();
    },
    take() {
      if (opened === undefined || isOver) return undefined;
      const { body } = opened;
      if (pending === undefined) {
        if (credit <= 0 && body.readableLength > 0) return undefined;
        // Asked for without credit too where nothing waits: that is how the end is noticed.
        const chunk: unknown = body.read();
        if (chunk === null) return undefined;
        pending = asBytes(chunk);
        at = 0;
      }
      if (credit <= 0 && pending.length > at) return undefined;
      const stop = Math.min(pending.length, at + credit, at + LIMITS.linkDataBytes);
      const payload = pending.subarray(at, stop);
      credit -= payload.length;
      at = stop;
      const isPart = stop < pending.length;
      if (!isPart) {
        pending = undefined;
        // Not within this call: the piece is to have its number first.
        if (conclusion !== undefined) queueMicrotask(conclusion);
      }
      return { payload, isPart: isPart && body.readableObjectMode };
    },
  };

  open(life.signal).then(
    (given) => {
      if (isOver) discard(given);
      else carry(given);
    },
    (error) => {
      if (!isOver) fail(events.problemOf(error));
    },
  );
  return stream;
}
