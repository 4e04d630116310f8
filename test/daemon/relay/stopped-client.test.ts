import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { startOrigin } from "../../support/origin.js";
import { send, until, untilText, whole } from "../../support/relaying.js";

const STALL_MS = 1000;

async function scene() {
  const origin = await startOrigin();
  const upstreams = [resolveUpstream({ name: "up", url: origin.url })];
  const daemon = await startDaemon([], 0, { upstreams, clientStallMs: STALL_MS });
  onTestFinished(async () => {
    await daemon.close();
    await origin.close();
  });
  return { origin, daemon };
}

/** Another process that asks, and reads until it is stopped. */
function foreignClient(daemon: TestDaemon, kind: string) {
  const program = `
    require("node:http").get(process.argv[1], { headers: { authorization: "Bearer " + process.argv[2] } }, (answer) => {
      answer.on("data", () => undefined);
    }).on("error", () => undefined);
  `;
  const child = spawn(process.execPath, ["-e", program, `${daemon.url}/v1/relay/${kind}/up/x`, daemon.token]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describe("check 22 (d): a client whose process is stopped, and keeps its connection", () => {
  test.each(["raw", "sse"])("%s: its upstream is let go, and its place is free", async (kind) => {
    const { origin, daemon } = await scene();
    const child = foreignClient(daemon, kind);
    const { response, gone } = await origin.next();
    response.writeHead(200, { "content-type": "text/event-stream" });
    const part = `data: ${"x".repeat(32 * 1024)}\n\n`;
    const pour = () => {
      while (!response.destroyed && response.write(part));
    };
    response.on("drain", pour);
    pour();
    child.kill("SIGSTOP");
    await within(10, "the upstream is closed", gone);
    await until("the place is free", async () => {
      const who = await daemon.call("session/who", {});
      return ((await who.json()) as { streams: unknown[] }).streams.length === 0;
    });
  });
});

describe.each(["raw", "sse"])("what is no stopped client, on %s", (kind) => {
  test("a stream that is merely quiet goes on", async () => {
    const { origin, daemon } = await scene();
    const asked = send(daemon, `${kind}/up/x`);
    const { response } = await origin.next();
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
    const incoming = await asked.answer;
    const all = whole(incoming);
    await untilText(incoming, "the first event", (text) => text.includes("first"));
    await new Promise((resolve) => setTimeout(resolve, 3 * STALL_MS));
    response.end("data: last\n\n");
    const { body, isClean } = await all;
    expect(isClean).toBe(true);
    expect(body.toString()).toContain("last");
  });

  test("a client that reads a little at a time gets everything", async () => {
    const { origin, daemon } = await scene();
    const asked = send(daemon, `${kind}/up/x`);
    const { response } = await origin.next();
    response.writeHead(200, { "content-type": "text/event-stream" });
    const part = `data: ${"x".repeat(64 * 1024)}\n\n`;
    const parts = 256;
    const poured = (async () => {
      for (let sent = 0; sent < parts; sent += 1) if (!response.write(part)) await once(response, "drain");
      response.end();
    })();
    const incoming = await asked.answer;
    const startedMs = Date.now();
    let received = 0;
    // As little as the system still calls progress in that time: it takes more only once a good part has been read.
    for await (const chunk of incoming) {
      received += (chunk as Buffer).length;
      await new Promise((resolve) => setTimeout(resolve, (chunk as Buffer).length / 4096));
    }
    await within(1, "the upstream has sent all", poured);
    expect(received).toBeGreaterThanOrEqual(part.length * parts);
    expect(incoming.complete).toBe(true);
    expect(Date.now() - startedMs).toBeGreaterThan(3 * STALL_MS);
  });
});
