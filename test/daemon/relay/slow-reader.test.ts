import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { settledMemory } from "../../support/heap.js";
import { type Origin, startOrigin } from "../../support/origin.js";
import { event, openSocket, until } from "../../support/relaying.js";

const STREAMS = 20;
const PART = Buffer.from(`data: ${"x".repeat(32 * 1024)}\n\n`);
const MEBIBYTE = 1024 * 1024;

let sent = 0;
let origin: Origin;
let daemon: TestDaemon;
beforeAll(async () => {
  origin = await startOrigin(({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const pour = () => {
      do sent += PART.length;
      while (!response.destroyed && response.write(PART));
    };
    response.on("drain", pour);
    pour();
  });
  daemon = await startDaemon([], 0, { streamCap: 64, upstreams: [resolveUpstream({ name: "up", url: origin.url })] });
});
afterAll(async () => {
  await daemon.close();
  await origin.close();
});

/** Resolves once the upstream sends nothing any more. */
async function stalled(): Promise<void> {
  let last = -1;
  let sameMs = Date.now();
  await until(
    "the upstream is paused",
    () => {
      if (sent !== last) sameMs = Date.now();
      last = sent;
      return Date.now() - sameMs > 500;
    },
    25,
  );
}

/** Sends one message after another, each when the one before is in the system's hands. */
function flood(ws: WebSocket): void {
  const more = () => {
    if (ws.readyState !== ws.OPEN) return;
    sent += PART.length;
    ws.send(PART, more);
  };
  more();
}

/** Asks, and reads nothing. */
function askOnly(kind: "raw" | "sse") {
  const socket = connect(daemon.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.pause();
  socket.write(
    `GET /v1/relay/${kind}/up/x HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nAuthorization: Bearer ${daemon.token}\r\n\r\n`,
  );
  return () => socket.destroy();
}

async function socketOnly(): Promise<() => void> {
  const client = openSocket(daemon, "up/x");
  const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
  client.pause();
  flood(upstream);
  return () => client.terminate();
}

describe(`${STREAMS} clients that read nothing pause their upstreams, at less than 1 MiB of memory each`, () => {
  test.each(["raw", "sse", "socket"] as const)("%s", async (kind) => {
    const before = await settledMemory();
    sent = 0;
    const open = Array.from({ length: STREAMS }, () => (kind === "socket" ? socketOnly() : askOnly(kind)));
    const ends = await Promise.all(open);
    await until("every stream has sent", () => sent > STREAMS * MEBIBYTE);
    await stalled();
    const during = await settledMemory();
    const perStream = (during.heap + during.buffers - before.heap - before.buffers) / STREAMS;
    expect(perStream).toBeLessThan(MEBIBYTE);
    for (const end of ends) end();
    await until("no connection is left", () => origin.connections() === 0, 5);
  });

  test("a socket's upstream that reads nothing pauses its client", async () => {
    const client = openSocket(daemon, "up/x");
    const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
    const before = await settledMemory();
    sent = 0;
    upstream.pause();
    flood(client);
    await until("the client has sent", () => sent > MEBIBYTE);
    await stalled();
    const during = await settledMemory();
    expect(during.buffers - before.buffers).toBeLessThan(MEBIBYTE);
    client.terminate();
    upstream.terminate();
    await until("no connection is left", () => origin.connections() === 0, 5);
  });
});

test("a reader that comes back gets everything, in order", async () => {
  const client = openSocket(daemon, "up/x");
  const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
  client.pause();
  const total = 2000;
  const payload = "x".repeat(8 * 1024);
  for (let number = 0; number < total; number += 1) upstream.send(`${number} ${payload}`);
  upstream.close(1000, "all");
  const numbers: number[] = [];
  client.on("message", (data: Buffer) => numbers.push(Number.parseInt(data.toString(), 10)));
  const closed = event<[number, Buffer]>(client, "close", 20);
  client.resume();
  expect((await closed).map(String)).toEqual(["1000", "all"]);
  expect(numbers).toEqual(Array.from({ length: total }, (_, number) => number));
});
