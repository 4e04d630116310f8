import { LIMITS } from "../../../shared/protocol.js";
import { isUtf8 } from "../utf8-text.js";
import type { RelayTarget, StreamKind } from "./relay-target.js";

/** As HttpService:RequestAsync takes them. Timeout and Compress have no meaning here and are ignored. */
export interface StreamOptions {
  readonly Url: string;
  readonly Method?: string;
  readonly Headers?: { readonly [name: string]: string };
  readonly Body?: string;
}

/** An operation's input, and what it carries beside. */
export interface RelayRequest {
  readonly input: object;
  readonly body: string;
}

const KINDS: readonly StreamKind[] = ["SSE", "RawStream", "WebSocket"];

/** The name of a stream type, which Studio takes as an item of the enum, as its name or as its value. */
export function kindOf(given: unknown): StreamKind {
  const name = typeIs(given, "EnumItem") ? given.Name : given;
  const found = typeIs(name, "number") ? KINDS[name] : KINDS.find((kind) => kind === name);
  if (found === undefined) {
    throw "The first argument is an Enum.WebStreamClientType; the function is called with a dot: bridge.createWebStreamClient(type, options).";
  }
  return found;
}

function plain(what: string, value: unknown): string {
  if (typeIs(value, "number")) return tostring(value);
  if (!typeIs(value, "string")) {
    throw `${what} has to be a string. A secret stays with the daemon, as the credential of the upstream.`;
  }
  if (!isUtf8(value)) throw `${what} has to be UTF-8 text: it goes over the link.`;
  return value;
}

/** Throws, in words, what RequestAsync would not take either. */
export function optionsOf(given: unknown): StreamOptions {
  if (!typeIs(given, "table")) throw "The second argument is a table with a Url.";
  const options = given as { readonly [name in keyof StreamOptions]: unknown };
  const headers: { [name: string]: string } = {};
  for (const [name, value] of pairs((options.Headers ?? {}) as { readonly [name: string]: unknown })) {
    headers[plain("The name of a header", name)] = plain(`The header ${name}`, value);
  }
  return {
    Url: plain("Url", options.Url),
    Method: options.Method === undefined ? undefined : plain("Method", options.Method).upper(),
    Headers: headers,
    Body: options.Body === undefined ? undefined : plain("Body", options.Body),
  };
}

export function relayRequest(target: RelayTarget, options: StreamOptions): RelayRequest {
  const headers: { readonly name: string; readonly value: string }[] = [];
  for (const [name, value] of pairs(options.Headers ?? {})) headers.push({ name: name as string, value });
  const body = options.Body ?? "";
  if (body.size() > LIMITS.linkMessageBytes / 2) throw "Body is larger than the link takes.";
  const { upstream, rest } = target;
  if (target.op === "relay/socket") return { input: { upstream, rest, headers }, body: "" };
  const method = options.Method ?? (body === "" ? "GET" : "POST");
  if (body !== "" && (method === "GET" || method === "HEAD")) {
    throw "Invalid request options, Body should be empty for 'GET' or 'HEAD' method";
  }
  return { input: { upstream, rest, method, headers }, body };
}
