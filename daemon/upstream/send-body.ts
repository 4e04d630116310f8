import type { ClientRequest } from "node:http";
import type { Readable } from "node:stream";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";

export interface RequestBody {
  /** A body that is there already; instead of `body`. */
  readonly content?: Uint8Array;
  readonly body?: Readable;
  /** Length of the body; without it the body goes in chunks. */
  readonly bodyBytes?: number;
}

/** Whether there is more of a body to come, and room for it: what passes now is the client's time. */
export function isAwaited({ body }: RequestBody): boolean {
  return body !== undefined && !body.readableEnded && !body.isPaused();
}

/**
 * Sends a request's body at the upstream's pace, for as long as it takes. Where nothing more of it comes from the client
 * for LIMITS.bodySeconds, the request fails with `too-slow`; once there is an answer, its body tells how it goes on.
 */
export function sendBody(outgoing: ClientRequest, sent: RequestBody): void {
  const { content, body, bodyBytes } = sent;
  if (content !== undefined) outgoing.setHeader("content-length", content.length);
  if (body === undefined) {
    // One write for head and content where it is short.
    outgoing.end(content);
    return;
  }
  if (bodyBytes === undefined) outgoing.setHeader("transfer-encoding", "chunked");
  else outgoing.setHeader("content-length", bodyBytes);
  const slow = setTimeout(() => {
    const detail = `Nothing of the request's body has come for ${LIMITS.bodySeconds} s.`;
    if (isAwaited(sent)) outgoing.destroy(new Failure({ code: "too-slow", detail }));
    else slow.refresh();
  }, LIMITS.bodySeconds * 1000);
  const settle = () => {
    clearTimeout(slow);
    body.off("data", moved);
    outgoing.off("drain", moved);
  };
  const moved = () => void slow.refresh();
  body.on("data", moved).once("end", settle);
  outgoing.on("drain", moved).once("response", settle).once("close", settle);
  // Not `pipeline`, which would destroy the client's connection with the body where the upstream answers early.
  body.pipe(outgoing);
  body.once("error", () => outgoing.destroy());
}
