import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { CONTRACT, type OperationName } from "../shared/contract/index.js";
import { fail } from "./fail.js";
import { type Caller, exchangeOf, type Handlers } from "./http/bind.js";

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

/** The path that every operation is called at. */
export function targets(): Set<string> {
  return new Set(Object.keys(CONTRACT).map(targetOf));
}

/** Those of them that need no token. */
export function openTargets(): Set<string> {
  const open = Object.entries(CONTRACT).filter(([, operation]) => operation.scope === "none");
  return new Set(open.map(([name]) => targetOf(name)));
}

/** Routes a request to its operation. The answer is written on Node's own response, below the framework, so that one place writes them all. */
export function createApp(handlers: Handlers): App {
  const visits = new WeakMap<IncomingMessage, Visit>();
  const visitOf = (request: IncomingMessage): Visit =>
    visits.get(request) ?? fail("internal", "A request without a visit.");

  const router = new Hono<{ Bindings: HttpBindings }>();
  for (const name of Object.keys(CONTRACT) as OperationName[]) {
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
    visits.set(request, { caller, onFailure });
    await listen(request, response);
  };
}
