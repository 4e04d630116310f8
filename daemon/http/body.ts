import type { IncomingMessage } from "node:http";
import { fail } from "../fail.js";

/** The bytes of a request's body as they come, refused as soon as they are known to pass `limit` (bytes). */
export async function* bodyOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limit) fail("too-large", `The body is longer than ${limit} bytes.`);
  let received = 0;
  // Not destroyed on an early return: the refusal still has to travel back on this connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    received += chunk.byteLength;
    if (received > limit) fail("too-large", `The body is longer than ${limit} bytes.`);
    yield chunk;
  }
}

/** A JSON body as a value. */
export async function jsonOf(request: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyOf(request, limit)) chunks.push(chunk);
  const text = decode(Buffer.concat(chunks));
  try {
    return JSON.parse(text);
  } catch {
    return fail("malformed-request", "The body is not JSON.");
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("malformed-request", "The body is not UTF-8.");
  }
}

/** The fields of a query string. A field that comes twice or does not decode is refused, because two readers might see two values. */
export function queryOf(url: string): Record<string, string> {
  const start = url.indexOf("?");
  const fields: [string, string][] = [];
  const seen = new Set<string>();
  for (const pair of start < 0 ? [] : url.slice(start + 1).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = unescapeField(equals < 0 ? pair : pair.slice(0, equals));
    if (seen.has(name)) fail("invalid-input", `The field ${name} comes twice.`);
    seen.add(name);
    fields.push([name, unescapeField(equals < 0 ? "" : pair.slice(equals + 1))]);
  }
  return Object.fromEntries(fields);
}

function unescapeField(field: string): string {
  try {
    return decodeURIComponent(field.replaceAll("+", " "));
  } catch {
    return fail("malformed-request", "The query does not decode to UTF-8.");
  }
}
