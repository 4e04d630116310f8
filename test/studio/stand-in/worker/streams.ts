import type { Switches } from "../switches.ts";
import type { Outgoing } from "./exchange.ts";
import { type Asked, outgoing, type startHttp } from "./http.ts";
import { closedPort } from "./http-rules.ts";
import type { Message } from "./messages.ts";
import { validateHeaderName, validateHeaderValue } from "./node-http.ts";
import { startClient } from "./streams-client.ts";
import { openHttpStream } from "./streams-http.ts";
import { openSocket } from "./streams-socket.ts";
import { NO_STATUS, type StreamEvents, type StreamSource } from "./streams-source.ts";

type Http = ReturnType<typeof startHttp>;
type StreamClient = ReturnType<typeof startClient>;
export type StreamType = "SSE" | "RawStream" | "WebSocket";

interface Wanted extends Asked {
  type: StreamType;
  madeBy: string;
  owner: string;
}

const POOL_FULL = "Too many WebStreamClients active, please close existing ones before creating new ones";
const NOT_IN_SERVERS = "WebStreamClient is not enabled in RCC";
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** A WebSocket's request has no body, whatever the options say. */
const OF_BODIES = ["accept-encoding", "content-encoding", "content-length"];
const SOCKET_SCHEMES = ["ws:", "wss:"];

/** The network half of stream clients: the pool, what is refused, and what reaches Luau when. */
export function startStreams(switches: Switches, http: Http, toLuau: (message: Message) => Promise<void>) {
  const clients = new Map<number, StreamClient>();
  /** Also of clients that are closed, while their WebSocket waits for the other side's farewell. */
  const sockets = new Set<StreamSource>();
  let outbox: (() => void)[] = [];

  const deliver = (): void => {
    const due = outbox;
    outbox = [];
    for (const send of due) send();
  };
  const post = (send: () => void): void => {
    outbox.push(send);
    if (switches.streamEventsAt === "arrival") deliver();
  };

  const held = () => [...clients.values()].filter((client) => client.holdsSlot());

  const refusalOf = (wanted: Wanted): string | undefined => {
    if (switches.profile === "server") return NOT_IN_SERVERS;
    const refusal = http.refusalOf(wanted, schemesOf(wanted.type)) ?? malformed(wanted);
    if (refusal !== undefined) return refusal;
    if (held().length >= switches.streamClients) return POOL_FULL;
    return switches.streamsCountInQuota ? http.count() : undefined;
  };

  const connect = (wanted: Wanted, out: Outgoing, events: StreamEvents): StreamSource => {
    const source =
      wanted.type === "WebSocket"
        ? openSocket(out, switches, events)
        : openHttpStream(out, wanted.type, switches, events);
    sockets.add(source);
    void source.gone.then(() => sockets.delete(source));
    return source;
  };

  const open = (wanted: Wanted, body: Uint8Array): string | undefined => {
    const refusal = refusalOf(wanted);
    if (refusal !== undefined) return refusal;
    const out = streamRequest(wanted, body, switches);
    const client = startClient(wanted, switches, { post, toLuau, gone: () => clients.delete(wanted.id) });
    clients.set(wanted.id, client);
    if (closedPort(out.url)) {
      client.events.failed(wanted.type === "WebSocket" ? NO_STATUS : 403, "HTTP 403 (ERR_ACCESS_DENIED)");
      return undefined;
    }
    const life = () => {
      client.begin((events) => connect(wanted, out, events));
      return client.over;
    };
    if (switches.streamsTakeSlots) http.inSlot(life);
    else void life();
    return undefined;
  };

  return {
    /** What Luau wants done; answers the refusal, if there is one. */
    hear(head: Message["head"], body: Uint8Array): Uint8Array | undefined {
      const client = clients.get(Number(head["id"]));
      switch (head["act"]) {
        case "open": {
          const refusal = open(head as unknown as Wanted, body);
          return refusal === undefined ? undefined : Buffer.from(refusal);
        }
        case "send":
          client?.send(body);
          return undefined;
        case "close":
          client?.close();
          return undefined;
        default:
          for (const each of clients.values()) each.leakOf(String(head["owner"]));
          return undefined;
      }
    },
    /** Hands Luau all that has come since the last frame. */
    deliver,
    stats: () => ({ streamClients: held().map((client) => client.stats()) }),
    /** Drops every socket at once. */
    close(): void {
      outbox = [];
      for (const client of clients.values()) client.destroy();
      for (const source of sockets) source.destroy();
      clients.clear();
    },
  };
}

function schemesOf(type: StreamType): readonly string[] | undefined {
  return type === "WebSocket" ? SOCKET_SCHEMES : undefined;
}

/** What would break the request's own grammar. */
function malformed(wanted: Wanted): string | undefined {
  if (!METHOD.test(wanted.method)) return `Invalid request options, Method "${wanted.method}" is not allowed`;
  for (const [name, value] of Object.entries(wanted.headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, Buffer.from(value).toString("latin1"));
    } catch {
      return `Header "${name}" is not allowed!`;
    }
  }
  return undefined;
}

/** As a request goes out, but for each header once: a script's own in place of Studio's, however it is spelled. */
function streamRequest(wanted: Wanted, body: Uint8Array, switches: Switches): Outgoing {
  const out = outgoing(wanted, body, switches, schemesOf(wanted.type));
  const once = new Map(Object.entries(out.headers).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  if (switches.streamGzip === "notAsked") once.delete("accept-encoding");
  if (wanted.type === "WebSocket") for (const name of OF_BODIES) once.delete(name);
  return { ...out, headers: Object.fromEntries([...once.values()].map(({ name, value }) => [name, value])) };
}
