import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { settledMemory } from "../../support/heap.js";
import { event, relaying, until } from "../../support/relaying.js";
import { openBoth, PART, partsThatWait } from "./both-sides.js";

const MEBIBYTE = 1024 * 1024;
const scene = relaying({}, [], 64);

/** Sends small messages for as long as the system takes them, a hundred in one write; answers how many went. */
function floodSmall(ws: WebSocket): () => number {
  const atOnce = 100;
  const socket = Reflect.get(ws, "_socket") as Socket;
  let sent = 0;
  const more = () => {
    if (ws.readyState !== ws.OPEN) return;
    socket.cork();
    for (let left = atOnce; left > 1; left -= 1) ws.send("x");
    ws.send("x", () => setImmediate(more));
    socket.uncork();
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
    const { client, upstream } = await openBoth(scene);
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

test.each(["client", "upstream"] as const)("a clean close waits for its %s, which reads late", async (slow) => {
  const total = await partsThatWait(scene);
  const { client, upstream } = await openBoth(scene);
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
