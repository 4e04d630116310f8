import type { Socket } from "node:net";
import { constants, createGunzip, createInflate, type Gunzip, type Inflate } from "node:zlib";
import type { Switches } from "../switches.ts";
import { MAX_REDIRECTS, type Outgoing, REDIRECTS, redirected, TransportError } from "./exchange.ts";
import { type Failure, failureOf } from "./http-rules.ts";
import type { BodyReader } from "./streams-body.ts";
import { connectAndAsk } from "./streams-connect.ts";
import { bodyAfter, headReader, type ResponseHead } from "./streams-head.ts";
import { payloadsOf } from "./streams-payloads.ts";
import { NO_STATUS, type StreamEvents, type StreamSource } from "./streams-source.ts";
import { studioMilliseconds } from "./studio-time.ts";

const EVENT_STREAM = /^\s*text\/event-stream/i;
const WRONG_TYPE = "Invalid Content-Type header for SSE client";

/** An SSE or RawStream client's socket: each read's content is one message. */
export function openHttpStream(
  first: Outgoing,
  type: "SSE" | "RawStream",
  switches: Switches,
  events: StreamEvents,
): StreamSource {
  let socket: Socket;
  let unpacker: Gunzip | Inflate | undefined;
  let head: ResponseHead | undefined;
  const gone = Promise.withResolvers<void>();
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const surfaced = type === "SSE" && switches.sseMessages === "payloads" ? payloadsOf(events.message) : events.message;

  const stop = (): void => {
    over = true;
    clearTimeout(timer);
    socket.destroy();
    unpacker?.destroy();
    gone.resolve();
  };
  const fail = (status: number, text: string): void => {
    if (over) return;
    stop();
    events.failed(status, text);
  };
  const failAs = (failure: Failure): void => {
    const status = head !== undefined && switches.streamCutStatus === "response" ? head.status : NO_STATUS;
    fail(status, `HttpError: ${failure}`);
  };
  const end = (): void => {
    if (over) return;
    stop();
    events.ended();
  };
  const expire = (seconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => failAs("Timedout"), studioMilliseconds(switches, seconds));
  };

  /** What becomes of the content: unpacked or not, it is handed over, and then its end. */
  const content = (whole: ResponseHead): { write(bytes: Buffer): void; end(): void } => {
    unpacker = switches.streamGzip === "unpacked" ? unpackerFor(whole, switches.readBytes) : undefined;
    if (unpacker === undefined) return { write: (bytes) => bytes.length > 0 && surfaced(bytes), end };
    const unpacking = unpacker;
    unpacking.on("data", (bytes: Buffer) => surfaced(bytes));
    unpacking.on("end", end);
    unpacking.on("error", () => failAs("NetFail"));
    unpacking.on("drain", () => socket.resume());
    return {
      write: (bytes) => void (unpacking.write(bytes) || socket.pause()),
      end: () => unpacking.end(),
    };
  };

  const refusal = (whole: ResponseHead): string | undefined => {
    if (type !== "SSE") return undefined;
    if (!EVENT_STREAM.test(whole.header("content-type") ?? "")) return WRONG_TYPE;
    const good = whole.status >= 200 && whole.status < 300;
    return good || switches.sseErrorStatus === "opens" ? undefined : `HTTP ${whole.status}`;
  };

  const start = (out: Outgoing, hops: number): void => {
    const readHead = headReader();
    let body: BodyReader | undefined;
    let isWhole = false;
    let sink: ReturnType<typeof content> | undefined;

    const open = (whole: ResponseHead): void => {
      clearTimeout(timer);
      head = whole;
      const refused = refusal(whole);
      if (refused !== undefined) {
        fail(refused === WRONG_TYPE && switches.sseRefusalStatus === "none" ? NO_STATUS : whole.status, refused);
        return;
      }
      body = bodyAfter(whole, out.method);
      sink = content(whole);
      events.opened(whole.status, whole.headers);
    };
    const follow = (to: string, status: number): void => {
      socket.destroy();
      if (hops === MAX_REDIRECTS) throw new TransportError("TooManyRedirects");
      start(redirected(out, status, to), hops + 1);
    };
    const take = (read: Buffer): void => {
      let bytes = read;
      if (body === undefined) {
        const found = readHead(read);
        if (found === undefined) return;
        const to = REDIRECTS.has(found.head.status) ? found.head.header("location") : undefined;
        if (to !== undefined && switches.streamRedirects === "followed") {
          follow(to, found.head.status);
          return;
        }
        open(found.head);
        bytes = found.rest;
      }
      if (body === undefined || over || isWhole) return;
      const piece = body.feed(bytes);
      sink?.write(piece);
      isWhole = body.isWhole();
      if (isWhole) sink?.end();
    };

    const own = connectAndAsk(out, switches, {
      read(bytes) {
        if (over || own !== socket) return;
        events.active();
        try {
          take(bytes);
        } catch (error) {
          failAs(error instanceof TransportError ? error.failure : "NetFail");
        }
      },
      end() {
        if (over || own !== socket || isWhole) return;
        if (body?.endsWithConnection) sink?.end();
        else failAs("ConnectionClosed");
      },
      fail(error) {
        if (own === socket) failAs(failureOf(error, switches.connectFailText));
      },
    });
    socket = own;
    expire(switches.connectTimeoutSeconds);
    own.once("connect", () => expire(out.timeoutSeconds));
  };
  start(first, 0);

  return {
    send() {},
    pause() {
      socket.pause();
      unpacker?.pause();
    },
    resume() {
      socket.resume();
      unpacker?.resume();
    },
    close: stop,
    destroy: stop,
    gone: gone.promise,
  };
}

function unpackerFor(head: ResponseHead, chunkSize: number): Gunzip | Inflate | undefined {
  const options = { flush: constants.Z_SYNC_FLUSH, chunkSize: Math.max(64, chunkSize) };
  const encoding = head.header("content-encoding");
  if (encoding === "gzip") return createGunzip(options);
  return encoding === "deflate" ? createInflate(options) : undefined;
}
