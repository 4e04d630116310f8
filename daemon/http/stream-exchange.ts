import { fail } from "../fail.js";
import type { OpenStream } from "../stream.js";
import type { Ask } from "../upstream/request.js";
import { answerStream } from "./answer.js";
import type { Caller, Exchange } from "./bind.js";
import { bodyLengthOf, headersOf, relayTargetOf } from "./relay-request.js";
import { checkScope } from "./scope.js";

/** Opens a stream to an upstream for a caller. @param bytes what has been sent to the client so far. */
export type Open<Asked> = (upstream: string, asked: Asked, caller: Caller, bytes: () => number) => Promise<OpenStream>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** Serves one request as a stream. @param start the part of the target before the upstream's name. */
export function streamExchange(start: string, open: Open<Ask>): Exchange {
  return async (request, response, caller) => {
    const { upstream, rest } = relayTargetOf(request.url ?? "", start);
    checkScope(caller, `relay:${upstream}`);
    const { method = "" } = request;
    if (!METHODS.includes(method)) {
      response.setHeader("allow", METHODS.join(", "));
      fail("wrong-method", `A relay takes ${METHODS.join(", ")}.`);
    }
    // In HTTP/1.0 a connection that breaks looks like an answer's end.
    if (request.httpVersion !== "1.1") fail("malformed-request", "A stream is asked for by HTTP/1.1.");
    const length = bodyLengthOf(request);
    const asked: Ask = {
      rest,
      method,
      headers: headersOf(request),
      signal: caller.signal,
      ...(length !== "none" && { body: request, ...(length !== undefined && { bodyBytes: length }) }),
    };
    const socket = response.socket;
    const stream = await open(upstream, asked, caller, () => socket?.bytesWritten ?? 0);
    await answerStream(response, stream);
  };
}
