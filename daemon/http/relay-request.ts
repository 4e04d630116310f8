import type { IncomingMessage } from "node:http";
import { fail } from "../fail.js";
import { type Header, TOKEN } from "../upstream/headers.js";
import { headerValues } from "./gate.js";

/** A request's headers in the order they came. */
export function headersOf({ rawHeaders }: IncomingMessage): Header[] {
  return rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : []));
}

/** What a target names behind its start: an upstream, and the rest with its query, just as it was written. */
export function relayTargetOf(target: string, start: string): { upstream: string; rest: string } {
  const written = target.slice(start.length);
  const end = written.search(/[/?]/);
  if (end < 0) return { upstream: written, rest: "" };
  return { upstream: written.slice(0, end), rest: written.slice(written[end] === "/" ? end + 1 : end) };
}

/** The length of a request's body: undefined where it comes in chunks, "none" where there is no body. */
export function bodyLengthOf(request: IncomingMessage): number | undefined | "none" {
  if (headerValues(request, "transfer-encoding").length > 0) return undefined;
  const [length] = headerValues(request, "content-length");
  return length === undefined ? "none" : Number(length);
}

/** The subprotocols that an upgrade offers, each once. */
export function protocolsOf(request: IncomingMessage): string[] {
  const protocols = headerValues(request, "sec-websocket-protocol").flatMap((value) => value.split(","));
  const names = protocols.map((protocol) => protocol.trim());
  if (new Set(names).size !== names.length || !names.every((name) => TOKEN.test(name))) {
    fail("malformed-request", "The header Sec-WebSocket-Protocol is malformed.");
  }
  return names;
}
