import type { DaemonHeader } from "../../../shared/contract/link.js";
import { LIMITS, PROTOCOL } from "../../../shared/protocol.js";
import { shareOf } from "../../../shared/share.js";
import { createLinkCalls, type LinkReply } from "./link-calls.js";
import { decodeLinkFrame, encodeLinkFrame } from "./link-frame.js";
import { createLinkStream, type DrivenStream, type LinkOpening, type LinkStream } from "./link-stream.js";
import { createOutbox } from "./outbox.js";
import { type AnyProblem, localProblem } from "./problem.js";

/** An ack is sent after so many messages or bytes at the latest, else at the next tick. */
const ACK_MESSAGES = 64;
const ACK_BYTES = 256 * 1024;
/** Of what may be kept, the part that all else leaves to closes and credits. */
const SIGNAL_BYTES = 1024 * 1024;
const PAYLOAD_BYTES = LIMITS.linkKeptBytes - SIGNAL_BYTES;
/** A call does not take more than this, so that several find room beside one another. */
const CALL_BYTES = LIMITS.linkMessageBytes / 2;

const TOO_LONG: AnyProblem = { code: "only-over-http", detail: "The call is longer than the link takes." };

function sessionLost(detail: string): AnyProblem {
  return { code: "session-lost", detail };
}

/** What outlives a connection: calls and streams under way, and what the daemon has not acked. */
export interface LinkSession {
  isAttached(): boolean;
  hello(): string;
  /** Goes on, or begins, on a connection that the daemon has welcomed; answers whether it goes on. */
  attach(welcome: Extract<DaemonHeader, { t: "welcome" }>, send: (message: string) => void): boolean;
  detach(): void;
  /** A message after the welcome; answers what is wrong with it. */
  take(message: string): AnyProblem | undefined;
  /** Sends what is not acked yet, if anything. */
  ack(): void;
  /** Whether it can be resumed no more: what is kept has become too old, or it has been away for too long. */
  isStale(): boolean;
  /** Nothing is resumed: calls and streams end with `session-lost`. */
  lose(detail: string): void;
  /** It takes longer: calls end, streams are told. */
  giveUpWaiting(problem: AnyProblem): void;
  fits(bytes: number): boolean;
  call(op: string, input: object, payload: string, seconds: number): Promise<LinkReply>;
  open(opening: LinkOpening): DrivenStream;
  streams(): readonly LinkStream[];
}

export function createLinkSession(http: HttpService, clock: () => number): LinkSession {
  const outbox = createOutbox(clock);
  const streams = new Map<string, DrivenStream>();
  let id: string | undefined;
  let seen = 0;
  let unackedMessages = 0;
  let unackedBytes = 0;
  let serial = 0;
  let send: ((message: string) => void) | undefined;
  let detachedAt = 0;

  const calls = createLinkCalls((n, callId) => {
    // A call that is not wanted any more is not to be executed by a later resume: its number closes nothing instead.
    outbox.replace(n, encodeLinkFrame(http, { t: "close", n, id: callId }));
  });

  function nextId(): string {
    serial += 1;
    return tostring(serial);
  }

  /**
   * Keeps a message under the next number, and sends it. False, and nothing is kept, where it is longer than the daemon
   * reads, or than `room` allows beside what is kept already. Throws where it cannot be written.
   */
  function keep(fields: object, payload: string, room: number, owner?: string): boolean {
    const message = encodeLinkFrame(http, { ...fields, n: outbox.last() + 1 }, payload);
    const headBytes = message.size() - payload.size();
    if (headBytes > LIMITS.linkHeadBytes || message.size() > LIMITS.linkMessageBytes) return false;
    if (outbox.bytes() + message.size() > room) return false;
    outbox.add(message, owner);
    send?.(message);
    return true;
  }

  /** Without `payload`, not even an empty one, it is a signal, for which there is always room. */
  function tell(fields: object, payload?: string): boolean {
    return keep(fields, payload ?? "", payload === undefined ? LIMITS.linkKeptBytes : PAYLOAD_BYTES);
  }

  function ack(): void {
    if (unackedMessages === 0 || send === undefined) return;
    unackedMessages = 0;
    unackedBytes = 0;
    send(encodeLinkFrame(http, { t: "ack", seen }));
  }

  /** Those that are open now: a handler may open and close others. */
  function each(act: (stream: DrivenStream) => void): void {
    const present: DrivenStream[] = [];
    for (const [, stream] of streams) present.push(stream);
    for (const stream of present) act(stream);
  }

  function lose(detail: string): void {
    // Whoever is told may open and call again: that is for the next session.
    send = undefined;
    id = undefined;
    seen = 0;
    unackedMessages = 0;
    unackedBytes = 0;
    outbox.reset();
    calls.giveUp(sessionLost(detail));
    each((stream) => {
      if (stream.isAsked()) stream.fail(sessionLost(detail));
    });
  }

  return {
    isAttached() {
      return send !== undefined;
    },
    hello() {
      const resumes = id === undefined ? {} : { session: id, seen };
      return encodeLinkFrame(http, { t: "hello", protocol: PROTOCOL.max, ...resumes });
    },
    attach(welcome, given) {
      const isResumed = welcome.resumed && welcome.session === id && outbox.ack(welcome.seen);
      if (!isResumed) {
        lose("The daemon does not know this link any more.");
        id = welcome.session;
      }
      send = given;
      for (const message of outbox.rest()) given(message);
      each((stream) => stream.begin());
      return isResumed;
    },
    detach() {
      send = undefined;
      detachedAt = clock();
    },
    take(message) {
      const frame = decodeLinkFrame(http, message);
      if (frame === undefined) return localProblem("wrong-answer", "A message of the link that is none.");
      const { header, payload } = frame;
      if (header.t === "beat" || header.t === "welcome") return undefined;
      if (header.t === "ack") {
        if (outbox.ack(header.seen)) return undefined;
        return localProblem("wrong-answer", "The daemon acks what was not sent.");
      }
      if (header.t === "bye") return localProblem("link-ended", header.detail);
      // Replayed although it had come.
      if (header.n <= seen) return undefined;
      if (header.n !== seen + 1) return localProblem("wrong-answer", `The link's message ${seen + 1} is missing.`);
      seen = header.n;
      unackedMessages += 1;
      unackedBytes += message.size();
      if (unackedMessages >= ACK_MESSAGES || unackedBytes >= ACK_BYTES) ack();
      if (header.t === "reply") calls.take(header, payload);
      else streams.get(header.id)?.take(header, payload);
      return undefined;
    },
    ack() {
      ack();
    },
    isStale() {
      const awaySeconds = send === undefined && id !== undefined ? clock() - detachedAt : 0;
      return math.max(outbox.age(), awaySeconds) > LIMITS.linkKeptSeconds;
    },
    lose(detail) {
      lose(detail);
    },
    giveUpWaiting(problem) {
      calls.giveUp(sessionLost(problem.detail));
      each((stream) => {
        if (stream.isAsked()) stream.onDown?.();
        else stream.fail(problem);
      });
    },
    fits(bytes) {
      return bytes <= CALL_BYTES && outbox.bytes() + bytes <= PAYLOAD_BYTES;
    },
    call(op, input, payload, seconds) {
      const callId = nextId();
      const ask = () => {
        if (!tell({ t: "call", id: callId, op, input }, payload)) throw TOO_LONG;
        return outbox.last();
      };
      return calls.make(callId, ask, seconds);
    },
    open(opening) {
      const streamId = nextId();
      const stream = createLinkStream(streamId, opening, {
        tell,
        send: (message) => {
          const room = shareOf(PAYLOAD_BYTES, outbox.bytes(), outbox.bytesOf(streamId));
          return message.size() <= room && keep({ t: "send", id: streamId }, message, PAYLOAD_BYTES, streamId);
        },
        onOver: () => streams.delete(streamId),
        now: clock,
      });
      streams.set(streamId, stream);
      if (send !== undefined) stream.begin();
      return stream;
    },
    streams() {
      const list: LinkStream[] = [];
      for (const [, stream] of streams) list.push(stream);
      return list;
    },
  };
}
