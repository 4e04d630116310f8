import { randomBytes } from "node:crypto";
import type { Bye, StudioHeader } from "../../shared/contract/link.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail, problemOf, SHUTTING_DOWN } from "../fail.js";
import type { Caller, Opener, Performers } from "../http/bind.js";
import type { Log } from "../log.js";
import type { OpenStream } from "../stream.js";
import { createCalls } from "./calls.js";
import type { Clock } from "./clock.js";
import type { Connection } from "./connection.js";
import { createRoom } from "./room.js";
import { createSender } from "./sender.js";
import { createStream, type LinkStream, type StreamEvents } from "./stream.js";

export interface SessionNeeds {
  readonly performers: Performers;
  readonly openers: ReadonlyMap<string, Opener>;
  readonly clock: Clock;
  readonly log: Log;
  /** It is over; nothing of it is kept. */
  onEnd(session: Session): void;
}

/** What outlives a connection: the calls and streams of one Studio, and what it has not acked. */
export interface Session {
  readonly id: string;
  readonly tokenId: string;
  /** The last number that was taken from Studio. */
  seen(): number;
  /** Whether nothing is missing here of what comes after the last number that Studio took. */
  canResume(seen: number): boolean;
  /** Goes on on a connection; the one it had is told so. @param seen the last number that Studio took. */
  attach(connection: Connection, seen: number): void;
  /** Its connection has gone, unless it has another by now. */
  detach(connection: Connection): void;
  isAttached(): boolean;
  /** Whether this is its connection now. */
  isOn(connection: Connection): boolean;
  detachedMs(): number;
  /** A message of Studio's. Answers what is wrong with it. */
  take(header: StudioHeader, payload: Buffer): string | undefined;
  flush(): void;
  tick(): void;
  /** No new call or stream; resolves once every call has its reply. Streams end at once. */
  drain(): Promise<void>;
  /** Ends it, its streams and calls with it. @param reason told to Studio. */
  end(reason?: Bye, detail?: string): void;
}

/** Why the signal of a session's calls is aborted. */
const OVER = new Failure({ code: "session-lost", detail: "The session is over." });
/** An ack is sent after so many messages or bytes at the latest, else within a second. */
const ACK_MESSAGES = 64;
const ACK_BYTES = 256 * 1024;

export function createSession(token: NonNullable<Caller["token"]>, needs: SessionNeeds): Session {
  const { performers, openers, clock, log } = needs;
  const life = new AbortController();
  const caller: Caller = { token, signal: life.signal };
  const sender = createSender(clock.now);
  const streams = new Map<string, LinkStream>();
  const unsent = createRoom(LIMITS.linkSendBytes);
  const calls = createCalls(performers, {
    onReply: sender.reply,
    heldBytes: sender.heldBytes,
    problemOf: (error) => problemOf(error, log),
    caller,
  });
  let connection: Connection | undefined;
  let detachedMs = clock.now();
  let seen = 0;
  let unackedMessages = 0;
  let unackedBytes = 0;
  let isDraining = false;

  function ack(): void {
    if (unackedMessages === 0) return;
    connection?.tell(`{"t":"ack","seen":${seen}}`);
    unackedMessages = 0;
    unackedBytes = 0;
  }

  function open(header: StudioHeader & { t: "open" }, payload: Buffer): string | undefined {
    const { id, op, input, credit } = header;
    if (streams.has(id)) return "id: this stream is open";
    const opening = async (signal: AbortSignal): Promise<OpenStream> => {
      if (isDraining) throw new Failure(SHUTTING_DOWN);
      if (streams.size >= LIMITS.linkStreams) fail("too-many-streams", `${LIMITS.linkStreams} streams are open.`);
      const opener = openers.get(op) ?? fail("no-operation", "There is no such stream.");
      return await opener(input, { token, signal }, payload);
    };
    const events: StreamEvents = {
      onReady: sender.ready,
      onSignal: (t, fields) => void sender.signal(t, id, fields),
      onOver: () => streams.delete(id),
      unsent,
      problemOf: (error) => problemOf(error, log),
    };
    streams.set(id, createStream(id, opening, credit, events));
    return undefined;
  }

  /** Takes each number once and none out of turn. */
  function act(header: StudioHeader & { n: number }, payload: Buffer): string | undefined {
    if (header.n <= seen) return undefined;
    if (header.n !== seen + 1) return `n: ${seen + 1} is missing`;
    seen = header.n;
    unackedMessages += 1;
    unackedBytes += payload.length;
    if (unackedMessages >= ACK_MESSAGES || unackedBytes >= ACK_BYTES) ack();
    switch (header.t) {
      case "call":
        calls.take({ id: header.id, op: header.op, input: header.input, payload });
        return undefined;
      case "open":
        return open(header, payload);
      // A stream that is not known may have ended while the message was on its way.
      case "send":
        streams.get(header.id)?.send(payload);
        return undefined;
      case "credit":
        streams.get(header.id)?.credit(header.bytes);
        return undefined;
      case "close":
        streams.get(header.id)?.close();
        return undefined;
    }
  }

  function end(reason?: Bye, detail?: string): void {
    if (life.signal.aborted) return;
    life.abort(OVER);
    if (reason !== undefined) connection?.bye(reason, detail);
    connection = undefined;
    for (const stream of [...streams.values()]) stream.drop();
    sender.close();
    needs.onEnd(session);
  }

  const session: Session = {
    id: randomBytes(16).toString("hex"),
    tokenId: token.id,
    seen: () => seen,
    canResume: sender.canResume,
    attach(given, seenThere) {
      connection?.bye("taken-over", "The session goes on on another connection.");
      connection = given;
      calls.ack(seenThere);
      sender.attach(given, seenThere);
    },
    detach(given) {
      if (connection !== given) return;
      connection = undefined;
      detachedMs = clock.now();
      sender.detach();
    },
    isOn: (given) => connection === given,
    isAttached: () => connection !== undefined,
    detachedMs: () => detachedMs,
    take(header, payload) {
      switch (header.t) {
        case "hello":
          return "t: one hello is enough";
        case "beat":
          return undefined;
        case "bye":
          end("leaving");
          return undefined;
        case "ack":
          if (!sender.ack(header.seen)) return "seen: more than was sent";
          calls.ack(header.seen);
          return undefined;
        default:
          return act(header, payload);
      }
    },
    flush: sender.flush,
    tick() {
      ack();
      connection?.tick();
      if (connection === undefined && clock.now() - detachedMs > LIMITS.linkKeptSeconds * 1000) end();
      else if (sender.isLost()) end("session-lost", "Too much was sent that was not acked, or too long ago.");
    },
    async drain() {
      isDraining = true;
      for (const stream of [...streams.values()]) stream.fail(SHUTTING_DOWN);
      await calls.drain();
      sender.flush();
      end("shutting-down");
    },
    end,
  };
  return session;
}
