import { WebSocket } from "ws";
import { frameRuntime } from "../../daemon/link/frames.ts";
import { DAEMON_HEADERS, type DaemonHeader } from "../../shared/contract/link.ts";
import { decodeFrame } from "../../shared/frame.ts";
import type { Problem } from "../../shared/problem.ts";
import { LIMITS, PROTOCOL } from "../../shared/protocol.ts";

type Header<T extends DaemonHeader["t"]> = DaemonHeader & { t: T };

/** A call or a stream that ended with a problem. */
class LinkProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

interface Over {
  readonly code?: number;
  readonly reason?: string;
  readonly problem?: Problem;
}

export interface ClientStream {
  readonly id: string;
  readonly opened: Promise<Header<"opened">>;
  /** Resolves once it is closed or has failed. */
  readonly over: Promise<Over>;
  send(text: string): void;
  grant(bytes: number): void;
  close(): void;
}

interface OpenOptions {
  /** Window in bytes; granted again as it is used. */
  readonly credit?: number;
  /** No credit beside the first is granted by itself. */
  readonly byHand?: true;
  readonly body?: string;
  onMessage?(message: Buffer): void;
}

export interface ClientOptions {
  /** The daemon's. */
  readonly port: number;
  /** Of a proxy before it. */
  readonly via?: number;
  readonly token: string;
  /** Connects again by itself whenever the connection has gone. */
  readonly endless?: true;
  /** Acks nothing by itself. */
  readonly mute?: true;
  /** Called with every message that came, before anything is done with it. */
  onFrame?(message: Buffer): void;
}

export interface LinkClient {
  call<T = unknown>(op: string, input: unknown, payload?: string): Promise<{ output: T; payload: Buffer }>;
  open(op: string, input: unknown, options?: OpenOptions): ClientStream;
  /** Opens a connection: resumes the session where there is one. */
  connect(): Promise<Header<"welcome">>;
  /** Cuts the connection without a word. */
  cut(): void;
  /** A text message as it is. */
  raw(message: string | Buffer): void;
  ack(): void;
  pause(): void;
  resume(): void;
  readonly session: () => string | undefined;
  readonly seen: () => number;
  /** What the daemon should not have sent. */
  readonly violations: string[];
  readonly byes: string[];
  readonly losses: () => number;
  readonly welcomes: () => number;
  /** Resolves with the close code of the connection there is. */
  gone(): Promise<number>;
  close(): void;
}

interface Waiting {
  resolve(answer: { output: never; payload: Buffer }): void;
  reject(error: Error): void;
}

interface StreamState {
  readonly options: OpenOptions;
  readonly opened: PromiseWithResolvers<Header<"opened">>;
  readonly over: PromiseWithResolvers<Over>;
  parts: Buffer[];
  used: number;
}

const ACK_MS = 50;
const SESSION_LOST: Problem = { code: "session-lost", detail: "The daemon does not know the session." };

/** The link as a program of its own speaks it: what the plugin does, on Node. */
export function createLinkClient(options: ClientOptions): LinkClient {
  const calls = new Map<string, Waiting>();
  const streams = new Map<string, StreamState>();
  const violations: string[] = [];
  const byes: string[] = [];
  let socket: WebSocket | undefined;
  let session: string | undefined;
  let seen = 0;
  let acked = 0;
  let bytes = 0;
  let sent = 0;
  let kept: { n: number; text: string }[] = [];
  let ids = 0;
  let losses = 0;
  let welcomes = 0;
  let isClosed = false;
  let isGreeted = false;
  let gone = Promise.withResolvers<number>();
  const timer = setInterval(() => ack(), ACK_MS);

  function transmit(text: string): void {
    if (isGreeted && socket?.readyState === WebSocket.OPEN) socket.send(text);
  }

  function number(header: object, payload = ""): void {
    sent += 1;
    const text = `${JSON.stringify({ ...header, n: sent })}\n${payload}`;
    kept.push({ n: sent, text });
    transmit(text);
  }

  function ack(): void {
    if (options.mute || acked === seen || !isGreeted) return;
    acked = seen;
    bytes = 0;
    transmit(`{"t":"ack","seen":${seen}}\n`);
  }

  function lose(): void {
    losses += 1;
    for (const waiting of calls.values()) waiting.reject(new LinkProblem(SESSION_LOST));
    calls.clear();
    for (const [id] of [...streams]) finish(id, { problem: SESSION_LOST });
    kept = [];
    sent = 0;
    seen = 0;
    acked = 0;
  }

  function finish(id: string, over: Over): void {
    const stream = streams.get(id);
    streams.delete(id);
    stream?.opened.reject(new LinkProblem(over.problem ?? { code: "internal", detail: "closed before it opened" }));
    stream?.over.resolve(over);
  }

  function data(stream: StreamState, id: string, header: Header<"data">, payload: Buffer): void {
    stream.used += payload.length;
    const window = stream.options.credit ?? LIMITS.linkCreditBytes;
    if (!stream.options.byHand && stream.used >= window / 2) {
      number({ t: "credit", id, bytes: stream.used });
      stream.used = 0;
    }
    if (header.part || stream.parts.length > 0) {
      stream.parts.push(payload);
      if (header.part) return;
      payload = Buffer.concat(stream.parts);
      stream.parts = [];
    }
    stream.options.onMessage?.(payload);
  }

  function act(header: Header<"reply" | "opened" | "data" | "closed" | "problem">, payload: Buffer): void {
    if (header.n <= seen) {
      violations.push(`${header.n} came again after ${seen}`);
      return;
    }
    if (header.n !== seen + 1) violations.push(`${header.n} came after ${seen}`);
    seen = header.n;
    bytes += payload.length;
    if (seen - acked >= 256 || bytes >= 128 * 1024) ack();
    if (header.t === "reply") {
      const waiting = calls.get(header.id);
      calls.delete(header.id);
      if (waiting === undefined) violations.push(`a reply to ${header.id}, which waits for none`);
      else if (header.problem) waiting.reject(new LinkProblem(header.problem as Problem));
      else waiting.resolve({ output: header.output as never, payload });
      return;
    }
    const stream = streams.get(header.id);
    if (stream === undefined) return;
    if (header.t === "opened") stream.opened.resolve(header);
    else if (header.t === "data") data(stream, header.id, header, payload);
    else if (header.t === "problem") finish(header.id, { problem: header.problem as Problem });
    else finish(header.id, header as Over);
  }

  async function connect(): Promise<Header<"welcome">> {
    const mine = new WebSocket(`ws://127.0.0.1:${options.via ?? options.port}/v1/link`, {
      headers: { authorization: `Bearer ${options.token}`, host: `127.0.0.1:${options.port}` },
      perMessageDeflate: false,
    });
    socket = mine;
    isGreeted = false;
    gone = Promise.withResolvers();
    const { resolve: leave } = gone;
    const { promise, resolve, reject } = Promise.withResolvers<Header<"welcome">>();
    mine.on("open", () => {
      const hello = { t: "hello", protocol: PROTOCOL.max, ...(session !== undefined && { session, seen }) };
      mine.send(`${JSON.stringify(hello)}\n`);
    });
    mine.on("error", reject);
    mine.on("close", (code) => {
      leave(code);
      reject(new Error(`closed with ${code}`));
      if (socket !== mine) return;
      isGreeted = false;
      if (options.endless && !isClosed) void connect().catch(() => undefined);
    });
    mine.on("message", (message: Buffer) => {
      if (socket !== mine) return;
      options.onFrame?.(message);
      const frame = decodeFrame(frameRuntime, DAEMON_HEADERS, message);
      if ("wrong" in frame) {
        violations.push(frame.wrong);
        return;
      }
      const { header, payload } = frame;
      if (header.t === "welcome") {
        if (!header.resumed && session !== undefined) lose();
        session = header.session;
        welcomes += 1;
        kept = kept.filter(({ n }) => n > header.seen);
        isGreeted = true;
        for (const { text } of kept) mine.send(text);
        resolve(header);
      } else if (header.t === "ack") kept = kept.filter(({ n }) => n > header.seen);
      else if (header.t === "bye") byes.push(header.reason);
      else if (header.t !== "beat") act(header, payload);
    });
    return await promise;
  }

  return {
    call(op, input, payload = "") {
      ids += 1;
      const id = `c${ids}`;
      const { promise, resolve, reject } = Promise.withResolvers<{ output: never; payload: Buffer }>();
      calls.set(id, { resolve, reject });
      number({ t: "call", id, op, input }, payload);
      return promise;
    },
    open(op, input, given = {}) {
      ids += 1;
      const id = `s${ids}`;
      const state: StreamState = {
        options: given,
        opened: Promise.withResolvers(),
        over: Promise.withResolvers(),
        parts: [],
        used: 0,
      };
      state.opened.promise.catch(() => undefined);
      streams.set(id, state);
      number({ t: "open", id, op, input, credit: given.credit ?? LIMITS.linkCreditBytes }, given.body);
      return {
        id,
        opened: state.opened.promise,
        over: state.over.promise,
        send: (text) => number({ t: "send", id }, text),
        grant: (count) => number({ t: "credit", id, bytes: count }),
        close: () => number({ t: "close", id }),
      };
    },
    connect,
    cut: () => socket?.terminate(),
    raw: (message) => socket?.send(message),
    ack,
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    session: () => session,
    seen: () => seen,
    violations,
    byes,
    losses: () => losses,
    welcomes: () => welcomes,
    gone: () => gone.promise,
    close() {
      isClosed = true;
      clearInterval(timer);
      socket?.terminate();
    },
  };
}
