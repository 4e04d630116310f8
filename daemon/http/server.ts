import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Failure, fail, problemOf, SHUTTING_DOWN } from "../fail.js";
import type { Log } from "../log.js";
import type { Upgrade } from "./accept.js";
import { answerProblem, refuseSocket } from "./answer.js";
import type { Caller } from "./bind.js";
import { createGate, type Gate, parserFailure } from "./gate.js";
import { lifeOf } from "./life.js";
import { lookUp, type Targets } from "./targets.js";

export interface Served {
  /** Ends the listening and every connection. Calls under way are waited for by `idle`. */
  close(): Promise<void>;
  /** From now on every new call is refused with `shutting-down`. */
  drain(): void;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
}

/** What the servers need to know of the daemon behind them. */
export interface Doors {
  /** How long a client may take nothing of an answer that waits for it. */
  readonly clientStallMs: number;
  /** Whether something is served at a target other than a WebSocket. */
  isTarget(target: string): boolean;
  /** The paths that need no token. */
  readonly openTargets: ReadonlySet<string>;
  /** The WebSockets. */
  readonly upgrades: Targets<Upgrade>;
  /** Who a token is, and the signal that it was revoked. Fails where it is not known. */
  admit(token: string): { readonly token: NonNullable<Caller["token"]>; readonly revoked: AbortSignal };
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    onFailure: (error: unknown) => void,
  ): Promise<void>;
  readonly log: Log;
}

const SECOND_MS = 1000;
const SERVER_OPTIONS = {
  headersTimeout: 10 * SECOND_MS,
  // A relay's body may take as long as it needs; what serves a request bounds its body (slow-body.ts, send-body.ts).
  requestTimeout: 0,
  connectionsCheckingInterval: 2 * SECOND_MS,
  maxHeaderSize: 16 * 1024,
} as const;
/** Of each of the two servers: above what one Studio and some tools hold, both together below the usual limit of 1,024 open files. */
const MAX_CONNECTIONS = 320;

/** Resolves once an answer is in the system's hands, or nobody is there to take it. */
function handedOver(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}

/** Takes connections on one port: each request through the gate, into the app, and out by one door for failures. */
export function createServers(port: () => number, doors: Doors): { server(): Server } & Served {
  const servers: Server[] = [];
  const sockets = new Set<Duplex>();
  const answers = new WeakMap<Duplex, ServerResponse>();
  const waiting: (() => void)[] = [];
  let gate: Gate | undefined;
  let underWay = 0;
  let draining = false;

  /** Made with the first request, because a port of 0 is known only once it is bound. */
  function pass(request: IncomingMessage): { readonly token?: string } {
    gate ??= createGate(port(), doors.openTargets);
    return gate.pass(request);
  }

  function leave(): void {
    underWay -= 1;
    if (underWay === 0) for (const wake of waiting.splice(0)) wake();
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => response.destroy());
    answers.set(request.socket, response);
    let caller: Caller;
    let release: () => void;
    try {
      const { token } = pass(request);
      if (draining) throw new Failure(SHUTTING_DOWN);
      const admitted = token === undefined ? undefined : doors.admit(token);
      if (lookUp(doors.upgrades, request.url ?? "") !== undefined) fail("upgrade-refused", "This is a WebSocket.");
      const life = lifeOf(response, admitted?.revoked);
      caller = { ...(admitted && { token: admitted.token }), signal: life.signal };
      release = life.release;
    } catch (error) {
      answerProblem(response, problemOf(error, doors.log));
      return;
    }
    const refuse = (error: unknown) => {
      const problem = problemOf(caller.signal.aborted ? caller.signal.reason : error, doors.log);
      answerProblem(response, problem);
    };
    underWay += 1;
    try {
      await doors.serve(request, response, caller, refuse);
      await handedOver(response);
    } finally {
      release();
      leave();
    }
  }

  async function takeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    let life: ReturnType<typeof lifeOf> | undefined;
    underWay += 1;
    try {
      const { token } = pass(request);
      if (draining) throw new Failure(SHUTTING_DOWN);
      const admitted = token === undefined ? undefined : doors.admit(token);
      const upgrade = upgradeAt(request.url ?? "");
      life = lifeOf(socket, admitted?.revoked);
      const caller = { ...(admitted && { token: admitted.token }), signal: life.signal };
      await upgrade(request, socket as Socket, head, caller);
    } catch (error) {
      refuseSocket(socket, problemOf(life?.signal.aborted ? life.signal.reason : error, doors.log));
    } finally {
      life?.release();
      leave();
    }
  }

  /** Refuses what does not parse; behind an answer that has begun, a second one would be read as more of it. */
  function refuseMalformed(error: Error, socket: Duplex): void {
    if (answers.get(socket)?.headersSent) socket.destroy();
    else refuseSocket(socket, parserFailure(error).problem);
  }

  /** Ends a connection whose client has stopped, and keeps what it holds; one that is merely quiet stays. */
  function dropStalled(socket: Socket): void {
    if (!sockets.has(socket) && socket.writableLength > 0) socket.destroy();
  }

  function upgradeAt(target: string): Upgrade {
    const upgrade = lookUp(doors.upgrades, target);
    if (upgrade !== undefined) return upgrade;
    return doors.isTarget(target)
      ? fail("upgrade-refused", "This operation is no WebSocket.")
      : fail("no-operation", "There is no such operation.");
  }

  return {
    server() {
      const server = createServer(SERVER_OPTIONS);
      server.maxConnections = MAX_CONNECTIONS;
      server.on("request", (request, response) => void take(request, response));
      server.on(
        "checkExpectation",
        (request: IncomingMessage, response: ServerResponse) => void take(request, response),
      );
      server.on("upgrade", (request, socket, head) => void takeUpgrade(request, socket, head));
      server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
        socket.on("error", () => socket.destroy());
        refuseSocket(socket, { code: "wrong-method", detail: "This is not a proxy." });
      });
      server.on("clientError", refuseMalformed);
      server.setTimeout(doors.clientStallMs, dropStalled);
      servers.push(server);
      return server;
    },
    drain() {
      draining = true;
    },
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
