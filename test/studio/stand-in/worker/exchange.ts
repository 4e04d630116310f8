import { type LookupAddress, lookup } from "node:dns";
import type { IncomingMessage } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
import type { LookupFunction } from "node:net";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { Switches } from "../switches.ts";
import { closedPort, type Failure, failureOf, webUrl } from "./http-rules.ts";
import { Agent, request as requestHttp, STATUS_CODES } from "./node-http.ts";
import { studioMilliseconds } from "./studio-time.ts";

export interface Outgoing {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
  timeoutSeconds: number;
}

export interface Answer {
  status: number;
  message: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export const MAX_REDIRECTS = 10;
const KEEPS_METHOD = new Set([307, 308]);
export const REDIRECTS = new Set([301, 302, 303, ...KEEPS_METHOD]);

export class TransportError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`HttpError: ${failure}`);
    this.failure = failure;
  }
}

/** One client with its kept-alive connections, as a Studio process has one. */
export function httpClient(switches: Switches) {
  const agents = { "http:": new Agent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };

  const once = (out: Outgoing, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const secure = out.url.protocol === "https:";
      const request = (secure ? requestHttps : requestHttp)(out.url, {
        method: out.method,
        headers: out.headers,
        agent: agents[secure ? "https:" : "http:"],
        lookup: localhostFirst(switches.localhostFirst),
        signal,
      });
      const connecting = setTimeout(
        () => request.destroy(new TransportError("Timedout")),
        studioMilliseconds(switches, switches.connectTimeoutSeconds),
      );
      request.on("socket", (socket) => {
        if (socket.connecting) socket.once("connect", () => clearTimeout(connecting));
        else clearTimeout(connecting);
      });
      request.on("close", () => clearTimeout(connecting));
      request.on("response", resolve);
      request.on("error", (error: NodeJS.ErrnoException) => {
        // A kept-alive connection that the server has closed meanwhile is not the plugin's failure: ask on a new one.
        if (request.reusedSocket && error.code === "ECONNRESET" && !signal.aborted)
          once(out, signal).then(resolve, reject);
        else reject(error);
      });
      request.end(out.body);
    });

  const exchange = async (out: Outgoing, signal: AbortSignal): Promise<Answer> => {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      if (closedPort(out.url)) return forbidden();
      const response = await once(out, signal);
      const location = REDIRECTS.has(response.statusCode ?? 0) ? response.headers.location : undefined;
      if (location === undefined) return await read(response);
      response.resume();
      out = redirected(out, response.statusCode ?? 0, location);
    }
    throw new TransportError("TooManyRedirects");
  };

  return {
    /** Throws a TransportError where no whole answer came. */
    async send(out: Outgoing, closing: AbortSignal): Promise<Answer> {
      const timeout = AbortSignal.timeout(studioMilliseconds(switches, out.timeoutSeconds));
      try {
        return await exchange(out, AbortSignal.any([timeout, closing]));
      } catch (error) {
        if (error instanceof TransportError) throw error;
        if (timeout.aborted) throw new TransportError("Timedout");
        throw new TransportError(failureOf(error as NodeJS.ErrnoException, switches.connectFailText));
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

export function redirected(out: Outgoing, status: number, location: string): Outgoing {
  const target = URL.canParse(location, out.url.href) ? webUrl(new URL(location, out.url).href) : undefined;
  if (target === undefined) throw new TransportError("InvalidRedirect");
  if (KEEPS_METHOD.has(status) || out.method === "GET" || out.method === "HEAD") return { ...out, url: target };
  const headers = Object.fromEntries(
    Object.entries(out.headers).filter(([name]) => !/^content-(type|length|encoding)$/i.test(name)),
  );
  return { ...out, url: target, method: "GET", headers, body: undefined };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const headers: Record<string, string> = {};
  for (let i = 0; i < response.rawHeaders.length; i += 2)
    headers[(response.rawHeaders[i] ?? "").toLowerCase()] = Buffer.from(
      response.rawHeaders[i + 1] ?? "",
      "latin1",
    ).toString();
  const status = response.statusCode ?? 0;
  const raw = Buffer.concat(pieces);
  const unpack = raw.length > 0 ? DECODERS[headers["content-encoding"] ?? ""] : undefined;
  const body = unpack === undefined ? raw : await unpack(raw);
  return { status, message: response.statusMessage || (STATUS_CODES[status] ?? ""), headers, body };
}

const DECODERS: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
};

function forbidden(): Answer {
  return { status: 403, message: "Forbidden", headers: {}, body: Buffer.from("ERR_ACCESS_DENIED") };
}

export function localhostFirst(first: Switches["localhostFirst"]): LookupFunction {
  const both: LookupAddress[] = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ];
  if (first === "::1") both.reverse();
  return (host, options, done) => {
    if (host === "localhost") done(null, both);
    else lookup(host, { ...options, all: true }, done);
  };
}
