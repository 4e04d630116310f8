import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { Failure, fail } from "../fail.js";
import { bodyOf } from "./body.js";
import { breakdownOf } from "./breakdown.js";
import { connectTo } from "./connection.js";
import { framingOf } from "./framing.js";
import { headStream } from "./head-stream.js";
import { type Header, requestHeaders, responseHeaders } from "./headers.js";
import { isAwaited, type RequestBody, sendBody } from "./send-body.js";
import { targetOf } from "./target.js";
import type { Upstream } from "./upstream.js";

/** What is asked of an upstream. */
export interface Ask extends RequestBody {
  /** What follows the upstream's own address: a path without a first slash, and a query. */
  readonly rest: string;
  readonly method: string;
  readonly headers: readonly Header[];
  /** Aborted with a Failure once nobody wants the answer. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** What the client may be told, names in lower case. */
  readonly headers: readonly Header[];
  readonly body: Readable;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** What may not pass: an answer that leads elsewhere, that is no answer, or whose bytes are not what they are labelled. */
function checkAnswer(name: string, { statusCode: status = 0, headers }: IncomingMessage): void {
  if (isRedirect(status)) {
    fail("upstream-redirect", `The upstream ${name} points elsewhere (${status}); this is not followed.`, { status });
  }
  if (status < 200 || status > 599) fail("upstream-failed", `The upstream ${name} answered with the status ${status}.`);
  const encoding = headers["content-encoding"] ?? "identity";
  const transfer = headers["transfer-encoding"] ?? "chunked";
  if (encoding.toLowerCase() !== "identity" || transfer.toLowerCase() !== "chunked") {
    fail("upstream-encoding", `The upstream ${name} encoded its answer, though it was asked not to.`, { status });
  }
}

/** Asks an upstream, and answers once its headers have come. Its redirects are refused; its errors are answers. */
export function ask(upstream: Upstream, asked: Ask): Promise<Answer> {
  const { name, base, firstByteMs } = upstream;
  const { signal, method } = asked;
  const url = targetOf(base, asked.rest);
  signal.throwIfAborted();
  const isSecure = base.protocol === "https:";
  const socket = connectTo(upstream);
  const heads = headStream(socket);
  const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
    createConnection: () => heads.duplex,
    defaultPort: isSecure ? 443 : 80,
    method,
    headers: requestHeaders(upstream, asked.headers),
  });
  return new Promise((resolve, reject) => {
    let body: Readable | undefined;
    const silent = setTimeout(() => {
      if (isAwaited(asked)) {
        silent.refresh();
        return;
      }
      const detail = `The upstream ${name} did not answer within ${firstByteMs / 1000} s.`;
      outgoing.destroy(new Failure({ code: "upstream-timeout", detail }));
    }, firstByteMs);
    const abort = () => (body ?? outgoing).destroy(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    // The time that a body takes to be sent is not the upstream's, as long as it takes some of it.
    const took = () => {
      if (body === undefined && !outgoing.destroyed) silent.refresh();
    };
    outgoing.on("drain", took).once("finish", took);
    outgoing.on("information", heads.next);
    outgoing.once("response", (incoming) => {
      clearTimeout(silent);
      try {
        checkAnswer(name, incoming);
      } catch (error) {
        reject(error);
        outgoing.destroy();
        return;
      }
      incoming.on("error", () => undefined); // It has a head only; what becomes of the content, the body tells.
      heads.release();
      body = bodyOf(socket, framingOf(incoming, method), upstream);
      body.once("close", () => outgoing.destroy());
      resolve({ status: incoming.statusCode ?? 0, headers: responseHeaders(incoming.headers), body });
    });
    // Once there is an answer, its body tells of every failure that counts.
    outgoing.on("error", (error) => reject(breakdownOf(name, error)));
    outgoing.once("close", () => {
      clearTimeout(silent);
      signal.removeEventListener("abort", abort);
      asked.body?.unpipe(outgoing);
      reject(breakdownOf(name, undefined));
    });
    sendBody(outgoing, asked);
  });
}
