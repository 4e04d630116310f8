import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { within } from "./deadline.js";

export interface Visit {
  readonly method: string;
  readonly url: string;
  /** Name and value as they came. */
  readonly rawHeaders: readonly string[];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Resolves once the connection has closed. */
  readonly gone: Promise<void>;
}

export interface Origin {
  /** As http://127.0.0.1:N. */
  readonly url: string;
  readonly port: number;
  /** Every request and upgrade that came, in order. */
  readonly visits: readonly Visit[];
  /** Drops the record of what came. */
  forget(): void;
  /** Connections that are open now. */
  connections(): number;
  /** The next request, or one that has come and was not taken. */
  next(): Promise<Visit>;
  /** The next WebSocket that was opened. */
  nextSocket(): Promise<WebSocket>;
  close(): Promise<void>;
}

/** What comes one by one, and is waited for one by one. */
function queueOf<Item>(label: string): { push(item: Item): void; next(): Promise<Item> } {
  const come: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    push(item) {
      const take = waiting.shift();
      if (take === undefined) come.push(item);
      else take(item);
    },
    next() {
      const item = come.shift();
      return item === undefined
        ? within(10, label, new Promise<Item>((resolve) => waiting.push(resolve)))
        : Promise.resolve(item);
    },
  };
}

/**
 * A real server on loopback that does what a test tells it and records what it was asked.
 * @param serve answers requests; without it the test answers them itself, by `next`.
 */
export async function startOrigin(
  serve: (visit: Visit) => void = () => undefined,
  sockets: ServerOptions = {},
): Promise<Origin> {
  const visits: Visit[] = [];
  const asked = queueOf<Visit>("a request to the origin");
  const opened = queueOf<WebSocket>("a WebSocket to the origin");
  const connections = new Set<Socket>();
  const wss = new WebSocketServer({ noServer: true, ...sockets });

  function record(request: IncomingMessage, response: ServerResponse): Visit {
    const gone = new Promise<void>((resolve) => request.socket.once("close", () => resolve()));
    const visit = {
      method: request.method ?? "",
      url: request.url ?? "",
      rawHeaders: request.rawHeaders,
      request,
      response,
      gone,
    };
    visits.push(visit);
    return visit;
  }

  const server = createServer((request, response) => {
    const visit = record(request, response);
    asked.push(visit);
    serve(visit);
  });
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    record(request, undefined as never);
    wss.handleUpgrade(request, socket, head, (ws) => {
      ws.on("error", () => undefined);
      opened.push(ws);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    visits,
    forget: () => void visits.splice(0),
    connections: () => connections.size,
    next: asked.next,
    nextSocket: opened.next,
    async close() {
      for (const socket of connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
