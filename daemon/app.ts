import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { CONTRACT } from "../shared/contract/index.js";
import type { Operation } from "../shared/operation.js";
import { fail } from "./fail.js";
import {
  type Caller,
  type CallName,
  type Exchange,
  exchangeOf,
  type Handlers,
  type Opener,
  type Performers,
  performOf,
} from "./http/bind.js";
import { lookUp, type Targets } from "./http/targets.js";
import type { OpenStream } from "./stream.js";

/** Serves a request that has passed the gate. */
export type App = (
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  onFailure: (error: unknown) => void,
) => Promise<void>;

interface Visit {
  readonly caller: Caller;
  readonly onFailure: (error: unknown) => void;
}

function targetOf(name: string): string {
  return `/v1/${name}`;
}

function isCall([, { form }]: [string, Operation]): boolean {
  return form !== "stream" && form !== "socket";
}

const CALLS = Object.entries<Operation>(CONTRACT)
  .filter(isCall)
  .map(([name]) => name as CallName);

/** The path of the link's upgrade. */
export const LINK_TARGET = "/v1/link";

/** Every operation that is one request with one answer, as something that the link can call. */
export function performersOf(handlers: Handlers): Performers {
  return Object.fromEntries(CALLS.map((name) => [name, performOf(name, handlers[name])])) as Performers;
}

/** Those of them that are opened as streams on the link. */
export function openersOf(performers: Performers): Map<string, Opener> {
  const feeds = CALLS.filter((name) => CONTRACT[name].form === "feed");
  return new Map(
    feeds.map((name) => [
      name,
      async (input, caller) => (await performers[name](input, Readable.from([]), caller)) as OpenStream,
    ]),
  );
}

/** The path that every operation is called at that is one request with one answer. */
export function targets(): Set<string> {
  return new Set(CALLS.map(targetOf));
}

/** Those of them that need no token. */
export function openTargets(): Set<string> {
  const open = Object.entries(CONTRACT).filter(([, operation]) => operation.scope === "none");
  return new Set(open.map(([name]) => targetOf(name)));
}

/** Routes a request to its operation; to a stream below the framework, which would read its target in its own way. The answer is written on Node's own response, below the framework, so that one place writes them all. */
export function createApp(handlers: Handlers, streams: Targets<Exchange>): App {
  const visits = new WeakMap<IncomingMessage, Visit>();
  const visitOf = (request: IncomingMessage): Visit =>
    visits.get(request) ?? fail("internal", "A request without a visit.");

  const router = new Hono<{ Bindings: HttpBindings }>();
  for (const name of CALLS) {
    const exchange = exchangeOf(name, handlers[name]);
    router.all(targetOf(name), async ({ env: { incoming, outgoing } }) => {
      await exchange(incoming, outgoing as ServerResponse, visitOf(incoming).caller);
      return RESPONSE_ALREADY_SENT;
    });
  }
  router.notFound(() => fail("no-operation", "There is no such operation."));
  router.onError((error, { env: { incoming } }) => {
    visitOf(incoming).onFailure(error);
    return RESPONSE_ALREADY_SENT;
  });

  const listen = getRequestListener((request, env) => router.fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return async (request, response, caller, onFailure) => {
    const stream = lookUp(streams, request.url ?? "");
    if (stream !== undefined) {
      await stream(request, response, caller).catch(onFailure);
      return;
    }
    visits.set(request, { caller, onFailure });
    await listen(request, response);
  };
}
