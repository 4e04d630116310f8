import type { IncomingMessage } from "node:http";
import type { connect, Socket } from "node:net";
import { WebSocket } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream, StreamSocket } from "../stream.js";
import { breakdownOf } from "./breakdown.js";
import { connectTo } from "./connection.js";
import { requestHeaders } from "./headers.js";
import { messageFlow } from "./message-flow.js";
import { onStall } from "./outlet.js";
import type { Ask } from "./request.js";
import { targetOf } from "./target.js";
import type { Upstream } from "./upstream.js";

export interface SocketAsk extends Pick<Ask, "rest" | "headers" | "signal"> {
  /** The subprotocols that the client offers. */
  readonly protocols: readonly string[];
}

const OPTIONS = {
  followRedirects: false,
  perMessageDeflate: false,
  maxPayload: LIMITS.messageBytes,
  closeTimeout: LIMITS.socketCloseSeconds * 1000,
};

/** What an upstream says instead of taking the WebSocket. */
function refusalOf(name: string, status: number): Failure {
  const isRedirect = status >= 300 && status < 400;
  return new Failure(
    isRedirect
      ? {
          code: "upstream-redirect",
          detail: `The upstream ${name} points elsewhere (${status}); this is not followed.`,
          status,
        }
      : {
          code: "upstream-refused",
          detail: `The upstream ${name} refused the WebSocket with the status ${status}.`,
          status,
        },
  );
}

/** Opens a WebSocket to an upstream, and answers once it is open. */
export function dial(upstream: Upstream, asked: SocketAsk): Promise<OpenStream & { socket: StreamSocket }> {
  const { name, base, firstByteMs } = upstream;
  const { signal } = asked;
  const url = targetOf(base, asked.rest);
  signal.throwIfAborted();
  url.protocol = base.protocol === "https:" ? "wss:" : "ws:";
  const ws = new WebSocket(url, [...asked.protocols], {
    ...OPTIONS,
    createConnection: (() => connectTo(upstream)) as typeof connect,
    headers: requestHeaders(upstream, asked.headers) as Record<string, string>,
  });
  return new Promise((resolve, reject) => {
    let connection: Socket | undefined;
    let stream: (OpenStream & { socket: StreamSocket }) | undefined;
    const abort = () => {
      reject(breakdownOf(name, signal.reason));
      if (stream === undefined) ws.terminate();
      else stream.body.destroy(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const silent = setTimeout(() => {
      const detail = `The upstream ${name} did not answer within ${firstByteMs / 1000} s.`;
      reject(new Failure({ code: "upstream-timeout", detail }));
      ws.terminate();
    }, firstByteMs);
    ws.once("upgrade", ({ socket }: IncomingMessage) => {
      connection = socket;
    });
    ws.once("open", () => {
      clearTimeout(silent);
      const headers = ws.protocol === "" ? [] : [["sec-websocket-protocol", ws.protocol] as const];
      const flow = messageFlow(ws, breakdownOf(name, undefined), LIMITS.socketCloseSeconds);
      if (connection !== undefined) {
        const detail = `The upstream ${name} has taken nothing for ${LIMITS.socketStallSeconds} s.`;
        onStall(ws, connection, () => flow.body.destroy(new Failure({ code: "upstream-timeout", detail })));
      }
      stream = { status: 101, headers, ...flow };
      resolve(stream);
    });
    ws.once("unexpected-response", (outgoing: { destroy(): void }, { statusCode = 0 }: IncomingMessage) => {
      reject(refusalOf(name, statusCode));
      outgoing.destroy();
      ws.terminate();
    });
    // Once it is open, its close tells what there is to tell.
    ws.on("error", (error) => reject(breakdownOf(name, error)));
    ws.once("close", () => {
      clearTimeout(silent);
      signal.removeEventListener("abort", abort);
    });
  });
}
