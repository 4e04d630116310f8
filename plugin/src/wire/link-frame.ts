import type { DaemonHeader } from "../../../shared/contract/link.js";

/** A message of the daemon's, taken apart. */
export interface LinkFrame {
  readonly header: DaemonHeader;
  readonly payload: string;
}

/**
 * A message of the link; undefined where it is none. It comes from a daemon that has proved itself, so the header is
 * not held against its schema, which would cost more than all else that is done with a small message.
 */
export function decodeLinkFrame(http: HttpService, message: string): LinkFrame | undefined {
  const [at] = message.find("\n", 1, true);
  if (at === undefined) return undefined;
  const head = message.sub(1, at - 1);
  const [ok, header] = pcall(() => http.JSONDecode(head));
  if (!ok || !typeIs(header, "table")) return undefined;
  const fields = header as { t?: unknown; n?: unknown; id?: unknown; seen?: unknown };
  if (!typeIs(fields.t, "string")) return undefined;
  const isNumbered = typeIs(fields.n, "number") && typeIs(fields.id, "string");
  const isBare = fields.t === "beat" || fields.t === "bye" || typeIs(fields.seen, "number");
  if (!isNumbered && !isBare) return undefined;
  return { header: header as unknown as DaemonHeader, payload: message.sub(at + 1) };
}

/** A message for the daemon. The payload is UTF-8. */
export function encodeLinkFrame(http: HttpService, header: object, payload = ""): string {
  return `${http.JSONEncode(header)}\n${payload}`;
}
