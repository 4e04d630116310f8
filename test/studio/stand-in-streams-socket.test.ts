import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { within } from "../support/deadline.js";
import { type Studio, startStudio } from "./stand-in/index.ts";
import {
  deadHost,
  eventsOf,
  httpServer,
  type Listening,
  messagesOf,
  toldTo,
  untilTold,
  watching,
} from "./stand-in-streams-watch.ts";

const BIG = 64 * 1_048_576;

let server: Listening;
let sockets: WebSocketServer;
let studio: Studio;
let accepted: PromiseWithResolvers<{ socket: WebSocket; request: IncomingMessage }>;

beforeAll(async () => {
  const http = await httpServer((_request, response) => response.writeHead(401).end("no"));
  server = http;
  sockets = new WebSocketServer({ noServer: true, maxPayload: 2 * BIG });
  http.server.on("upgrade", (request, socket, head) => {
    if (request.url === "/refused") return void socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
    sockets.handleUpgrade(request, socket, head, (accept) => accepted.resolve({ socket: accept, request }));
  });
  studio = await startStudio({ plugins: [] });
});

beforeEach(() => {
  accepted = Promise.withResolvers();
});

afterAll(async () => {
  await studio.close();
  await server.close();
});

async function connected(name: string, fields = "") {
  await studio.run(watching(name, "WebSocket", `ws://${server.host}/there?q=1`, fields));
  const met = await within(5, "the server is asked for a WebSocket", accepted.promise);
  await untilTold(studio, name, "Opened");
  return met;
}

const received = (socket: WebSocket) =>
  within(
    20,
    "a message",
    new Promise<{ data: Buffer; isBinary: boolean }>((resolve) =>
      socket.once("message", (data: Buffer, isBinary) => resolve({ data, isBinary })),
    ),
  );

describe("a WebSocket client", () => {
  test("upgrades with Studio's headers and the script's, and no Origin", async () => {
    const { request } = await connected("headers", `Method = "POST", Body = "x", Headers = { ["X-Own"] = "yes" }`);
    expect(request.url).toBe("/there?q=1");
    expect(request.headers).toMatchObject({
      host: server.host,
      "x-own": "yes",
      "user-agent": "RobloxStudio/WinInet",
      "roblox-id": "0",
    });
    for (const absent of ["origin", "content-length", "sec-websocket-extensions"])
      expect(request.headers).not.toHaveProperty(absent);
    const [opened] = await toldTo(studio, "headers");
    expect(opened?.[1]).toBe(101);
    expect(String(opened?.[2])).toMatch(/upgrade: websocket\r\n/i);
  });

  test("gives whole messages as strings, text and binary alike", async () => {
    const { socket } = await connected("whole");
    const bytes = Buffer.from([0, 255, 10, 195]);
    const long = "é".repeat(100_000);
    socket.send("text");
    socket.send(bytes);
    socket.send(long);
    socket.send("");
    const told = await untilTold(studio, "whole", "MessageReceived", 4);
    expect(messagesOf(told)).toEqual([Buffer.from("text"), bytes, Buffer.from(long), Buffer.alloc(0)]);
  });

  test("sends each string as one text frame, in order, and answers pings by itself", async () => {
    const { socket } = await connected("send");
    const messages: string[] = [];
    const last = new Promise<void>((resolve) =>
      socket.on("message", (data: Buffer, isBinary) => {
        messages.push(`${data}${isBinary ? " binary" : ""}`);
        if (messages.length === 3) resolve();
      }),
    );
    const pong = new Promise((resolve) => socket.once("pong", resolve));
    socket.ping();
    await studio.run(`for _, each in { "one", "zwei é", "" } do shared.send:Send(each) end`);
    await within(5, "three messages", last);
    await within(5, "the pong", pong);
    expect(messages).toEqual(["one", "zwei é", ""]);
    expect(eventsOf(await toldTo(studio, "send"))).toEqual(["Opened"]);
  });

  test("is closed by the server's close frame, whose code and reason are dropped", async () => {
    const { socket } = await connected("farewell");
    socket.send("last");
    socket.close(4_321, "why");
    const told = await untilTold(studio, "farewell", "Closed");
    expect(told.slice(1)).toEqual([["MessageReceived", "last"], ["Closed"]]);
    await studio.run(`shared.farewell:Send("into the void")`);
  });

  test("Close says farewell, after what was sent before", async () => {
    const { socket } = await connected("leave");
    const message = received(socket);
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    await studio.run(`shared.leave:Send("last") shared.leave:Close()`);
    expect((await message).data.toString()).toBe("last");
    expect(await within(5, "the close", closed)).toBe(1_000);
    expect(eventsOf(await toldTo(studio, "leave"))).toEqual(["Opened", "Closed"]);
  });

  test("fails where the connection breaks", async () => {
    const { socket } = await connected("broken");
    socket.terminate();
    expect((await untilTold(studio, "broken", "Error")).at(-1)).toEqual(["Error", -1, "HttpError: ConnectionClosed"]);
  });

  test("tells a refusal's status in the text only", async () => {
    await studio.run(watching("refused", "WebSocket", `ws://${server.host}/refused`));
    expect(await untilTold(studio, "refused", "Error")).toEqual([["Error", -1, "HTTP 401 (Unauthorized)"]]);
    await studio.run(watching("nobody", "WebSocket", `ws://${await deadHost()}/`));
    expect(await untilTold(studio, "nobody", "Error")).toEqual([["Error", -1, "HttpError: ConnectFail"]]);
  });

  test("leaves in the network what Luau has not seen yet, beyond one mebibyte and a message", async () => {
    const { socket } = await connected("flood");
    await studio.run(`
      shared.seen = 0
      shared.flood.MessageReceived:Connect(function(bytes) shared.seen += #bytes end)
      shared.told.flood = nil`);
    const piece = Buffer.alloc(262_144, "x");
    const count = 256;
    for (let i = 0; i < count; i++) socket.send(piece);
    let most = 0;
    let seen = 0;
    while (seen < count * piece.length) {
      const { streamClients } = await studio.stats();
      most = Math.max(most, ...streamClients.map(({ undeliveredBytes }) => undeliveredBytes));
      seen = await studio.run<number>("shared.seen");
    }
    expect(most).toBeGreaterThan(100_000);
    expect(most).toBeLessThanOrEqual(1_048_576 + 2 * piece.length);
    await studio.run("shared.flood:Close()");
  });

  test("carries 64 MiB in one message, both ways", async () => {
    const { socket } = await connected("big");
    const message = received(socket);
    await studio.run(`
      shared.sent = string.rep("0123456789abcde\\n", ${BIG / 16})
      shared.big.MessageReceived:Connect(function(bytes)
        shared.same = { #bytes, bytes == shared.sent }
      end)
      shared.told.big = nil
      shared.big:Send(shared.sent)`);
    const { data, isBinary } = await message;
    expect([data.length, isBinary]).toEqual([BIG, false]);
    socket.send(data);
    expect(await studio.until("it is back", "shared.same", { seconds: 20 })).toEqual([BIG, true]);
    await studio.run("shared.sent, shared.same = nil, nil shared.big:Close()");
  });

  test("does not mind messages of any length around the edge of what crosses to Luau at once", async () => {
    const { socket } = await connected("edge");
    socket.on("message", (data: Buffer) => socket.send(data));
    await studio.run(`
      shared.wrong = {}
      shared.lengths = {}
      for around = -120, 20 do
        table.insert(shared.lengths, 1048576 + around)
      end
      local at = 1
      local function send()
        shared.edge:Send(string.rep("x", shared.lengths[at] - 1) .. "y")
      end
      shared.edge.MessageReceived:Connect(function(bytes)
        if #bytes ~= shared.lengths[at] or string.byte(bytes, -1) ~= 121 then
          table.insert(shared.wrong, at)
        end
        at += 1
        if shared.lengths[at] then send() else shared.edgeDone = true end
      end)
      shared.told.edge = nil
      send()`);
    await studio.until("all are back", "shared.edgeDone", { seconds: 60 });
    expect(await studio.run("shared.wrong")).toEqual([]);
    await studio.run("shared.edge:Close()");
  });
});
