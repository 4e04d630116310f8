import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { until } from "./relaying.js";

/** A request that came to a model server. */
export interface ModelVisit {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Its JSON. */
  readonly body: Record<string, never> & { readonly [name: string]: unknown };
  readonly response: ServerResponse;
  /** Whether the connection has closed. */
  isGone(): boolean;
}

export interface ModelServer {
  readonly url: string;
  readonly port: number;
  readonly visits: readonly ModelVisit[];
  /** Resolves with the n-th visit of a method and path, counted from 1. */
  visit(method: string, path: string, n?: number): Promise<ModelVisit>;
  connections(): number;
  close(): Promise<void>;
}

/** A server on loopback that speaks as a test makes it speak, for as long as the test runs. */
export async function modelServer(answer: (visit: ModelVisit) => void, port = 0): Promise<ModelServer> {
  const server = await startModelServer(answer, port);
  onTestFinished(server.close);
  return server;
}

/** The same, until it is closed. */
export async function startModelServer(answer: (visit: ModelVisit) => void, port = 0): Promise<ModelServer> {
  const visits: ModelVisit[] = [];
  const connections = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { method = "", url = "", headers, socket } = request;
      const visit = {
        method,
        url,
        headers,
        body: text === "" ? {} : JSON.parse(text),
        response,
        isGone: () => socket.destroyed,
      };
      visits.push(visit);
      answer(visit);
    });
  });
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const own = (server.address() as AddressInfo).port;
  const close = async () => {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    visits,
    async visit(method, path, n = 1) {
      const come = () => visits.filter((visit) => visit.method === method && visit.url === path)[n - 1];
      await until(`${method} ${path}`, () => come() !== undefined);
      return come() as ModelVisit;
    },
    connections: () => connections.size,
    close,
  };
}
