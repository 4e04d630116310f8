import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { VERSION } from "../../shared/protocol.js";
import type { Upstream } from "./upstream.js";

export type Header = readonly [name: string, value: string];

/** What is the client's own, a hop's own, or says who asks. */
const KEPT_BACK = new Set([
  "accept-encoding",
  "authorization",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "keep-alive",
  "origin",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
  "x-real-ip",
]);
const KEPT_BACK_FAMILY = /^(?:proxy-|sec-|roblox-|x-forwarded-|x-att-|x-wap-)/;
/** A token of RFC 9110: the name of a header, of a subprotocol. */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a header may hold; with more in it, it could end the header and begin another. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const PASSED_ON = new Set([
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "etag",
  "last-event-id",
  "last-modified",
  "request-id",
  "retry-after",
  "x-request-id",
]);
const PASSED_ON_FAMILY = /^(?:x-|anthropic-)?ratelimit-/;

/** The headers of a request to an upstream: the client's, without what is not the upstream's, and the upstream's credential. */
export function requestHeaders(upstream: Upstream, given: readonly Header[]): OutgoingHttpHeaders {
  const named = given.flatMap(([name, value]) =>
    name.toLowerCase() === "connection" ? value.toLowerCase().split(",") : [],
  );
  const hop = new Set(named.map((name) => name.trim()));
  // Without a prototype: a header may be named `constructor`.
  const headers: Record<string, string[] | string> = Object.create(null);
  for (const [written, value] of given) {
    const name = written.toLowerCase();
    if (KEPT_BACK.has(name) || KEPT_BACK_FAMILY.test(name) || hop.has(name)) continue;
    if (name === upstream.credential?.header || !TOKEN.test(name) || !VALUE.test(value)) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  headers["accept-encoding"] = "identity";
  headers["user-agent"] = `puente/${VERSION}`;
  if (upstream.credential !== undefined) headers[upstream.credential.header] = upstream.credential.value;
  return headers;
}

/** What of an upstream's headers the client is told. Never a cookie, a CORS header, or where a redirect leads. */
export function responseHeaders(headers: IncomingHttpHeaders): Header[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const isPassedOn = PASSED_ON.has(name) || PASSED_ON_FAMILY.test(name);
    const text = Array.isArray(value) ? value.join(", ") : value;
    return isPassedOn && text !== undefined && VALUE.test(text) ? [[name, text] as const] : [];
  });
}
