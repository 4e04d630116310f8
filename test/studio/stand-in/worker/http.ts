import { gzipSync } from "node:zlib";
import type { Switches } from "../switches.ts";
import { type Answer, httpClient, type Outgoing } from "./exchange.ts";
import { FIXED_HEADERS, lockedHeader, webUrl } from "./http-rules.ts";
import type { Message } from "./messages.ts";
import { studioMilliseconds } from "./studio-time.ts";

const QUOTA_WINDOW_SECONDS = 60;

/** What a script asked for: a request, or the request that opens a stream. */
export interface Asked {
  id: number;
  url: string;
  method: string;
  headers: Record<string, string>;
  timeout?: number;
  gzip?: boolean;
  hasBody: boolean;
}

/** HttpService's network half: what it refuses at once, its quota, its slots and queue, and the exchange itself. */
export function startHttp(switches: Switches, reply: (message: Message) => void) {
  const client = httpClient(switches);
  const closing = new AbortController();
  const waiting: (() => Promise<void>)[] = [];
  let window: number[] = [];
  let made = 0;
  let open = 0;

  const inWindow = () => {
    window = window.filter((at) => performance.now() - at < studioMilliseconds(switches, QUOTA_WINDOW_SECONDS));
    return window.length;
  };

  const next = () => {
    while (open < switches.pluginSlots) {
      const start = waiting.shift();
      if (start === undefined) return;
      open++;
      void start().finally(() => {
        open--;
        next();
      });
    }
  };

  const refusalOf = (asked: Asked, schemes?: readonly string[]): string | undefined => {
    const locked = lockedHeader(asked.headers);
    if (locked !== undefined) return `Header "${locked}" is not allowed!`;
    if (webUrl(asked.url, schemes) === undefined) return `${asked.url}: Trust check failed`;
    if (asked.timeout !== undefined && !(asked.timeout > 0 && asked.timeout <= switches.responseTimeoutSeconds))
      return "Invalid request options, Timeout should be greater than zero and no greater than the default request timeout";
    return undefined;
  };

  const count = (): string | undefined => {
    if (inWindow() >= switches.quotaPerMinute) return "Number of requests exceeded limit";
    window.push(performance.now());
    made++;
    return undefined;
  };

  const inSlot = (work: () => Promise<void>): void => {
    waiting.push(work);
    next();
  };

  return {
    /** Answers the refusal, or nothing and replies later. */
    request(head: Message["head"], body: Uint8Array): Uint8Array | undefined {
      const asked = head as unknown as Asked;
      const refusal = refusalOf(asked) ?? count();
      if (refusal !== undefined) return Buffer.from(refusal);
      inSlot(() => perform(outgoing(asked, body, switches), asked.id));
      return undefined;
    },
    /** Why what is asked for may not be asked for at all, if so. */
    refusalOf,
    /** Takes one of the minute's quota; answers the refusal where it is used up. */
    count,
    /** Begins the work as soon as one of the slots is free, and keeps the slot until it is done. */
    inSlot,
    stats: () => ({
      requestsMade: made,
      requestsInQuotaWindow: inWindow(),
      openRequests: open,
      queuedRequests: waiting.length,
    }),
    close() {
      waiting.length = 0;
      closing.abort();
      client.close();
    },
  };

  async function perform(out: Outgoing, id: number): Promise<void> {
    let answer: Answer;
    try {
      answer = await client.send(out, closing.signal);
    } catch (error) {
      reply({ head: { kind: "http", id, error: (error as Error).message } });
      return;
    }
    const { body, ...head } = answer;
    reply({ head: { kind: "http", id, ...head }, body });
  }
}

export function outgoing(asked: Asked, given: Uint8Array, switches: Switches, schemes?: readonly string[]): Outgoing {
  const packed = asked.gzip === true && asked.hasBody;
  // Header values are bytes on the wire; Node writes them as latin1.
  const own = Object.entries(asked.headers).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);
  const body = packed ? gzipSync(given) : given;
  const url = webUrl(asked.url, schemes);
  if (url === undefined) throw new Error("a refused URL is never sent");
  const bodied = asked.hasBody || ["POST", "PUT", "PATCH"].includes(asked.method);
  return {
    url,
    method: asked.method,
    headers: {
      ...FIXED_HEADERS,
      ...Object.fromEntries(own),
      ...(packed ? { "Content-Encoding": "gzip" } : {}),
      ...(bodied ? { "Content-Length": String(asked.hasBody ? body.length : 0) } : {}),
    },
    body: asked.hasBody ? body : undefined,
    timeoutSeconds: asked.timeout ?? switches.responseTimeoutSeconds,
  };
}
