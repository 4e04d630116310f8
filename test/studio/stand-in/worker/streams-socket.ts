import { WebSocket } from "ws";
import type { Switches } from "../switches.ts";
import { localhostFirst, MAX_REDIRECTS, type Outgoing } from "./exchange.ts";
import { failureOf } from "./http-rules.ts";
import { STATUS_CODES } from "./node-http.ts";
import type { StreamEvents, StreamSource } from "./streams-source.ts";
import { studioMilliseconds } from "./studio-time.ts";

const NORMAL = 1_000;
const NO_CLOSE_FRAME = 1_006;
/** What `ws` says of an upgrade that nobody answered in time; it has no code. */
const HANDSHAKE_LATE = "Opening handshake has timed out";
const CLOSING_MILLISECONDS = 1_000;

/** A WebSocket client's socket: each whole message, text or binary, is one message. Close codes and reasons are dropped. */
export function openSocket(out: Outgoing, switches: Switches, events: StreamEvents): StreamSource {
  let over = false;
  let headers = "";
  const gone = Promise.withResolvers<void>();
  const unsent: Uint8Array[] = [];
  const socket = new WebSocket(out.url, {
    headers: out.headers,
    perMessageDeflate: false,
    maxPayload: 0,
    handshakeTimeout: studioMilliseconds(switches, switches.connectTimeoutSeconds),
    followRedirects: switches.streamRedirects === "followed",
    maxRedirects: MAX_REDIRECTS,
    lookup: localhostFirst(switches.localhostFirst),
  });
  const put = (bytes: Uint8Array) => socket.send(bytes, { binary: false }, () => {});
  const fail = (text: string): void => {
    if (over) return;
    over = true;
    socket.terminate();
    events.failed(switches.webSocketErrorStatus, text);
  };

  socket.on("upgrade", (response) => {
    const lines = response.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`));
    headers = switches.webSocketOpenedHeaders === "raw" ? lines.join("") : "";
  });
  socket.on("open", () => {
    if (over) return;
    events.opened(switches.webSocketOpenedStatus, headers);
    for (const bytes of unsent.splice(0)) put(bytes);
  });
  socket.on("message", (data: Buffer) => {
    if (over) return;
    events.active();
    events.message(data);
  });
  socket.on("ping", () => events.active());
  socket.on("unexpected-response", (_request, response) => {
    const status = response.statusCode ?? 0;
    fail(`HTTP ${status} (${response.statusMessage || STATUS_CODES[status] || ""})`);
  });
  socket.on("error", (error) => {
    const late = error.message === HANDSHAKE_LATE;
    fail(`HttpError: ${late ? "Timedout" : failureOf(error, switches.connectFailText)}`);
  });
  socket.on("close", (code) => {
    gone.resolve();
    if (over) return;
    if (code === NO_CLOSE_FRAME) return fail("HttpError: ConnectionClosed");
    over = true;
    events.ended();
  });

  return {
    send(bytes) {
      if (socket.readyState === WebSocket.CONNECTING) unsent.push(bytes);
      else if (socket.readyState === WebSocket.OPEN) put(bytes);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close() {
      over = true;
      if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
      // What was sent before still goes, and the other side has a moment to answer.
      if (socket.isPaused) socket.resume();
      socket.close(NORMAL);
      const late = setTimeout(() => socket.terminate(), CLOSING_MILLISECONDS);
      socket.once("close", () => clearTimeout(late));
    },
    destroy() {
      over = true;
      socket.terminate();
    },
    gone: gone.promise,
  };
}
