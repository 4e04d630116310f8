import type { Input } from "../../shared/contract/index.js";
import type { SocketAsk } from "../upstream/dial.js";
import type { Header } from "../upstream/headers.js";
import type { Ask } from "../upstream/request.js";

type RequestInput = Input<"relay/raw">;

function headersOf(headers: RequestInput["headers"]): Header[] {
  return (headers ?? []).map(({ name, value }) => [name, value] as const);
}

/** What an operation's input asks of the upstream. A body of bytes counts more than one that is written in the input. */
export function askOf(
  { rest, method = "GET", headers, body = "" }: RequestInput,
  bytes: Uint8Array,
  signal: AbortSignal,
): Ask {
  const content = bytes.length > 0 ? Buffer.from(bytes) : Buffer.from(body);
  return {
    rest,
    method,
    headers: headersOf(headers),
    signal,
    ...(content.length > 0 && { content }),
  };
}

/** The same of a WebSocket. */
export function socketAskOf({ rest, headers, protocols = [] }: Input<"relay/socket">, signal: AbortSignal): SocketAsk {
  return { rest, headers: headersOf(headers), protocols, signal };
}
