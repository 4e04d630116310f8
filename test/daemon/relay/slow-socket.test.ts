import { describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { LIMITS } from "../../../shared/protocol.js";
import { settledMemory } from "../../support/heap.js";
import { event, openSocket, relaying, until } from "../../support/relaying.js";

const MEBIBYTE = 1024 * 1024;
const scene = relaying({}, [], 64);

async function open() {
  const client = openSocket(scene.daemon, "up/x");
  const [upstream] = await Promise.all([scene.origin.nextSocket(), event(client, "open")]);
  return { client, upstream };
}

/** Sends small messages for as long as the system takes them; answers how many went. */
function floodSmall(ws: WebSocket): () => number {
  const atOnce = 100;
  let sent = 0;
  const more = () => {
    if (ws.readyState !== ws.OPEN) return;
    for (let left = atOnce; left > 1; left -= 1) ws.send("x");
    ws.send("x", () => setImmediate(more));
    sent += atOnce;
  };
  more();
  return () => sent;
}

/** Resolves once a number has stood still for a second. */
async function still(label: string, count: () => number): Promise<void> {
  let last = -1;
  let sinceMs = Date.now();
  await until(
    label,
    () => {
      if (count() !== last) sinceMs = Date.now();
      last = count();
      return Date.now() - sinceMs > 1000;
    },
    50,
  );
}

describe("messages of one byte, which cost more than their bytes, take less than 1 MiB", () => {
  test.each(["client", "upstream"] as const)("where the %s reads nothing", async (slow) => {
    const { client, upstream } = await open();
    (slow === "client" ? client : upstream).pause();
    const before = await settledMemory();
    await still("the sender is paused", floodSmall(slow === "client" ? upstream : client));
    const after = await settledMemory();
    expect(after.heap + after.buffers - before.heap - before.buffers).toBeLessThan(MEBIBYTE);
    client.terminate();
    upstream.terminate();
    await until("no connection is left", () => scene.origin.connections() === 0, 5);
  });
});

const PART = "x".repeat(8192);

/** As many parts as leave a little waiting in the daemon, for one side that reads nothing. */
async function partsThatWait(): Promise<number> {
  const { client, upstream } = await open();
  client.pause();
  const more = () => {
    if (upstream.readyState === upstream.OPEN) upstream.send(PART, more);
  };
  more();
  let bytes = 0;
  const look = async () => {
    const who = (await (await scene.daemon.call("session/who", {})).json()) as { streams: { bytes: number }[] };
    const now = who.streams[0]?.bytes ?? 0;
    const isStill = now === bytes && now > 0;
    bytes = now;
    if (!isStill) await new Promise((resolve) => setTimeout(resolve, 500));
    return isStill;
  };
  await until("the daemon's buffer is full", look, 20);
  client.terminate();
  await until("no connection is left", () => scene.origin.connections() === 0, 5);
  return Math.floor((bytes - LIMITS.socketBufferBytes / 2) / PART.length);
}

test.each(["client", "upstream"] as const)("a clean close waits for its %s, which reads late", async (slow) => {
  const total = await partsThatWait();
  const { client, upstream } = await open();
  const [from, to] = slow === "client" ? [upstream, client] : [client, upstream];
  to.pause();
  let received = 0;
  to.on("message", () => {
    received += 1;
  });
  for (let sent = 0; sent < total; sent += 1) from.send(PART);
  from.close(1000, "all");
  await new Promise((resolve) => setTimeout(resolve, slow === "client" ? 3000 : 500));
  const closed = event<[number, Buffer]>(to, "close");
  to.resume();
  expect([...(await closed).map(String), received]).toEqual(["1000", "all", total]);
});

test("a client that has stopped with a little of its data waiting is let go", async () => {
  const total = await partsThatWait();
  const { client, upstream } = await open();
  client.pause();
  for (let sent = 0; sent < total; sent += 1) upstream.send(PART);
  await event(upstream, "close", 75);
  client.terminate();
});
