/** Studio's three kinds of streams. */
export type StreamKind = "SSE" | "RawStream" | "WebSocket";

/** The relay that fits a kind, as its name stands in a Url. */
const RELAYS = { SSE: "sse", RawStream: "raw", WebSocket: "socket" } as const;

export interface RelayTarget {
  readonly op: "relay/raw" | "relay/sse" | "relay/socket";
  readonly upstream: string;
  /** What follows the upstream's own address, without a first slash. */
  readonly rest: string;
}

/** Throws, in words, where a Url names no relay: that is a mistake of whoever wrote it, and no stream that failed. */
export function relayTarget(kind: StreamKind, url: string, daemon: string): RelayTarget {
  const [named, rest] = url.match("^puente://([%w._-]+)/?(.*)$") as LuaTuple<[string?, string?]>;
  if (named !== undefined) return { op: `relay/${RELAYS[kind]}`, upstream: named, rest: rest ?? "" };
  const [scheme, host, port, relay, upstream, tail] = url.match(
    "^(%a+)://([^/:]+):(%d+)/v1/relay/(%a+)/([%w._-]+)/?(.*)$",
  ) as LuaTuple<[string?, string?, string?, string?, string?, string?]>;
  const isOurs =
    (scheme === "http" || scheme === "ws") &&
    (host === "127.0.0.1" || host === "localhost") &&
    port === daemon.match(":(%d+)$")[0];
  if (!isOurs || upstream === undefined) {
    throw `A stream of the bridge has a Url as puente://UPSTREAM/PATH or ${daemon}/v1/relay/${RELAYS[kind]}/UPSTREAM/PATH; use openDirect for any other.`;
  }
  const isSocket = relay === "socket";
  if ((relay !== "raw" && relay !== "sse" && !isSocket) || isSocket !== (kind === "WebSocket")) {
    throw `There is no relay/${relay} for a ${kind}.`;
  }
  return { op: `relay/${relay}` as RelayTarget["op"], upstream, rest: tail ?? "" };
}
