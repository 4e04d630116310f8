import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { within } from "../support/deadline.js";
import { type Studio, type Switches, startStudio } from "./stand-in/index.ts";

export type StreamType = "SSE" | "RawStream" | "WebSocket";
export type Told = [event: string, ...args: unknown[]];

/** Luau that makes a client as `shared[name]` and writes down in `shared.told[name]` what it tells. */
export function watching(name: string, type: StreamType, url: string, fields = ""): string {
  return `
    local client = game:GetService("HttpService"):CreateWebStreamClient(
      Enum.WebStreamClientType.${type}, { Url = "${url}", ${fields} })
    local told = {}
    shared.told = shared.told or {}
    shared[${JSON.stringify(name)}], shared.told[${JSON.stringify(name)}] = client, told
    for _, event in { "Opened", "MessageReceived", "Error", "Closed" } do
      client[event]:Connect(function(...)
        table.insert(told, { event, ... })
      end)
    end
  `;
}

/** What a client has told so far. */
export function toldTo(studio: Studio, name: string): Promise<Told[]> {
  return studio.run<Told[]>(`shared.told[${JSON.stringify(name)}]`);
}

/** Waits until a client has told of this many such events, and answers all it has told. */
export async function untilTold(studio: Studio, name: string, event: string, count = 1): Promise<Told[]> {
  await studio.until(
    `${name} tells of ${event}`,
    `local count = 0
     for _, each in shared.told[${JSON.stringify(name)}] do
       count += if each[1] == "${event}" then 1 else 0
     end
     return count >= ${count}`,
  );
  return await toldTo(studio, name);
}

export const eventsOf = (told: Told[]): string[] => told.map(([event]) => event);
export const messagesOf = (told: Told[]): Buffer[] =>
  told.flatMap(([event, bytes]) => (event === "MessageReceived" ? [Buffer.from(bytes as string | Uint8Array)] : []));

export async function withStudio(switches: Partial<Switches>, use: (studio: Studio) => Promise<void>): Promise<void> {
  const studio = await startStudio({ plugins: [], switches });
  try {
    await use(studio);
  } finally {
    await studio.close();
  }
}

export interface Listening {
  /** As `127.0.0.1:12345`. */
  host: string;
  /** Connections that are open. */
  sockets: Set<Socket>;
  close(): Promise<void>;
}

export function httpServer(serve: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(serve);
  return listen(server).then((listening) => ({ ...listening, server }));
}

/** A server that speaks for itself, byte by byte; `serve` runs once a request's head has come. */
export function rawServer(serve: (socket: Socket, head: string) => void): Promise<Listening> {
  return listen(
    createTcpServer({ noDelay: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", (head) => serve(socket, head.toString("latin1")));
    }),
  );
}

async function listen(server: ReturnType<typeof createTcpServer>): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      await within(5, "the server closes", new Promise((resolve) => server.close(resolve)));
    },
  };
}

/** A port of 127.0.0.1 at which nobody listens. */
export async function deadHost(): Promise<string> {
  const listening = await rawServer(() => {});
  await listening.close();
  return listening.host;
}
