import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { settledMemory } from "../../support/heap.js";
import type { Visit } from "../../support/origin.js";
import { startRawOrigin } from "../../support/raw-origin.js";
import { event, openSocket, relaying, send, until } from "../../support/relaying.js";
import { TOP } from "../../support/sources.js";

const scene = relaying();

const held = async () =>
  ((await (await scene.daemon.call("session/who", {})).json()) as { streams: unknown[] }).streams;
const noneHeld = () => until("the place is free", async () => (await held()).length === 0, 1);

/** Opens a stream and answers the origin's side, and how its client vanishes. */
async function stream(kind: "raw" | "sse"): Promise<{ visit: Visit; vanish(): void; answered: Promise<unknown> }> {
  const asked = send(scene.daemon, `${kind}/up/x`);
  const visit = await scene.origin.next();
  return { visit, vanish: () => asked.outgoing.destroy(), answered: asked.answer };
}

describe("check 22: a client that goes takes its upstream with it, within 1 s", () => {
  describe.each(["raw", "sse"] as const)("%s", (kind) => {
    test("(a) before the upstream's headers", async () => {
      const { visit, vanish } = await stream(kind);
      vanish();
      await within(1, "the upstream is closed", visit.gone);
      await noneHeld();
    });

    test("(b) in the middle of a stream", async () => {
      const { visit, vanish, answered } = await stream(kind);
      const more = setInterval(() => visit.response.write("data: x\n\n"), 5);
      await answered;
      vanish();
      await within(1, "the upstream is closed", visit.gone);
      clearInterval(more);
      await noneHeld();
    });

    test("(c) while the upstream is silent", async () => {
      const { visit, vanish, answered } = await stream(kind);
      visit.response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      await answered;
      vanish();
      await within(1, "the upstream is closed", visit.gone);
      await noneHeld();
    });

    test("while it still sends its body", async () => {
      const asked = send(scene.daemon, `${kind}/up/x`, {
        method: "POST",
        headers: { "content-length": "1000" },
        body: "part",
      });
      const visit = await scene.origin.next();
      asked.outgoing.destroy();
      await within(1, "the upstream is closed", visit.gone);
      await noneHeld();
    });
  });

  test("a socket, while the upstream has not answered the upgrade", async () => {
    const mute = await startRawOrigin(() => undefined);
    const own = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: mute.url })] });
    const client = openSocket(own, "up/x");
    await until("the upstream is dialled", () => mute.received().includes("GET /x"));
    client.terminate();
    await until("the upstream is closed", () => mute.connections() === 0, 1);
    await own.close();
    await mute.close();
  });

  test("a socket whose client's process is killed", async () => {
    const { child, upstream } = await foreignSocket();
    const closed = event(upstream, "close", 1);
    child.kill("SIGKILL");
    await closed;
    await noneHeld();
  });

  test("(d) a socket whose client's process is stopped, within two pings and one more", async () => {
    const { child, upstream } = await foreignSocket();
    const closed = event(upstream, "close", 35);
    child.kill("SIGSTOP");
    try {
      await closed;
      await noneHeld();
    } finally {
      child.kill("SIGKILL");
    }
  });
});

/** A WebSocket to the daemon that another process holds. */
async function foreignSocket() {
  const program = `
    import { WebSocket } from "ws";
    new WebSocket(process.argv[1], { headers: { authorization: "Bearer " + process.argv[2] } });
  `;
  const target = `ws://127.0.0.1:${scene.daemon.port}/v1/relay/socket/up/x`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, target, scene.daemon.token], {
    cwd: TOP,
  });
  const upstream = await scene.origin.nextSocket();
  await until("the socket is held", async () => (await held()).length === 1);
  return { child, upstream };
}

describe("500 clients that connect and vanish leave nothing behind", () => {
  const CYCLES = 500;
  /** Until the code is compiled and the tables are as large as they get; after fewer the heap still grows by itself. */
  const WARM_UP = 1000;
  /** Of each client that vanished. The least that a stream could leave, the controller of its signal, is 350. */
  const LEAK_BYTES = 300;
  const AT_ONCE = 5;

  async function vanish(kind: "raw" | "sse" | "socket"): Promise<void> {
    if (kind === "socket") {
      const client = openSocket(scene.daemon, "up/x");
      await Promise.all([scene.origin.nextSocket(), event(client, "open")]);
      client.terminate();
      return;
    }
    const { visit, vanish: go, answered } = await stream(kind);
    visit.response.writeHead(200, { "content-type": "text/event-stream" }).write("data: x\n\n");
    await answered;
    go();
    await within(2, "the upstream is closed", visit.gone);
  }

  async function vanishAll(kind: "raw" | "sse" | "socket", cycles: number): Promise<void> {
    for (let done = 0; done < cycles; done += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => vanish(kind)));
      await until("all places are free", async () => (await held()).length === 0, 2);
    }
    await until("no connection is left", () => scene.origin.connections() === 0, 2);
    scene.origin.forget();
  }
  const handles = () => process.getActiveResourcesInfo().filter((name) => name !== "Immediate");

  test.each(["raw", "sse", "socket"] as const)("%s", async (kind) => {
    await vanishAll(kind, WARM_UP);
    const before = await settledMemory();
    const open = handles().length;
    await vanishAll(kind, CYCLES);
    await until(`the handles are those of before: ${handles().join()}`, () => handles().length <= open, 3);
    const after = await settledMemory();
    expect(after.heap - before.heap).toBeLessThan(CYCLES * LEAK_BYTES);
    expect(after.buffers - before.buffers).toBeLessThan(CYCLES * LEAK_BYTES);
  });
});
