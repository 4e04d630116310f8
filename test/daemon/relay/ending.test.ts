import { readFileSync } from "node:fs";
import { request } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { puente, serve } from "../../support/cli.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { parseEvents } from "../../support/event-parser.js";
import { startOrigin } from "../../support/origin.js";
import { raw, requestText } from "../../support/raw.js";
import { event, openSocket, send, untilText, whole } from "../../support/relaying.js";
import { tempRoot } from "../../support/temp-root.js";

async function anOrigin() {
  const origin = await startOrigin();
  onTestFinished(() => origin.close());
  return origin;
}

test("check 23: SIGTERM with open streams and a running write", async () => {
  const origin = await anOrigin();
  const { folder, base, at } = tempRoot();
  const home = `${base}/home`;
  const { stdout } = await puente(["token", "create", "--name", "test", "--scope", "all"], { home });
  const token = stdout.trim();
  const daemon = { ...(await serve([folder, "--port", "0", "--upstream", `up=${origin.url}`], { home })), token };

  onTestFinished(() => void daemon.end("SIGKILL"));
  const events = await send(daemon, "sse/up/events").answer;
  (await origin.next()).response.writeHead(200, { "content-type": "text/event-stream" }).write("data: a\n\n");
  const eventsEnd = whole(events);
  await untilText(events, "the first event", (text) => text.includes("a"));
  const bytes = await Promise.all([
    send(daemon, "raw/up/bytes").answer,
    origin.next().then(({ response }) => response.write("x")),
  ]);
  const bytesEnd = whole(bytes[0]);
  const client = openSocket(daemon, "up/socket");
  const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
  const clientClosed = event<[number, Buffer]>(client, "close");
  const upstreamClosed = event(upstream, "close");
  const upload = request({
    host: "127.0.0.1",
    port: daemon.port,
    path: "/v1/files/write?root=root&path=new.txt&expect=absent",
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream", "content-length": "8" },
  });
  const written = new Promise<number>((resolve, reject) => {
    upload.once("response", (incoming) => resolve(incoming.resume().statusCode ?? 0));
    upload.once("error", reject);
  });
  await new Promise((resolve) => upload.write("half", resolve));
  await raw(daemon.port, requestText("GET /v1/session/hello", [["host", `127.0.0.1:${daemon.port}`]]));

  const started = Date.now();
  const exit = daemon.end("SIGTERM");
  const told = parseEvents((await eventsEnd).body);
  expect(told.map(({ event }) => event)).toEqual(["message", "problem", "end"]);
  expect(JSON.parse(told[1]?.data ?? "")).toMatchObject({ code: "shutting-down" });
  expect((await bytesEnd).isClean).toBe(false);
  expect((await clientClosed)[0]).toBe(1001);
  await upstreamClosed;
  const refused = await raw(
    daemon.port,
    requestText("GET /v1/relay/raw/up/late", [
      ["host", `127.0.0.1:${daemon.port}`],
      ["authorization", `Bearer ${token}`],
    ]),
  );
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  upload.end("half");
  expect(await written).toBe(200);
  expect(await exit).toBe(0);
  expect(Date.now() - started).toBeLessThan(5000);
  expect(readFileSync(at("new.txt"), "utf8")).toBe("halfhalf");
  expect(origin.visits.map(({ url }) => url)).toEqual(["/events", "/bytes", "/socket"]);
});

test("close() ends streams that nobody reads, within 5 s", async () => {
  const origin = await anOrigin();
  const daemon = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: origin.url })] });
  const stuck = ["raw", "sse"].map((kind) => send(daemon, `${kind}/up/flood`));
  for (const { answer } of stuck) {
    const { response } = await origin.next();
    const part = Buffer.alloc(64 * 1024, 0x0a);
    const pour = () => {
      while (!response.destroyed && response.write(part));
    };
    response.on("drain", pour);
    pour();
    (await answer).pause();
  }
  const client = openSocket(daemon, "up/x");
  const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
  client.pause();
  upstream.send(Buffer.alloc(16 * 1024 * 1024));
  await within(5, "the daemon has closed", daemon.close());
  for (const { outgoing } of stuck) outgoing.destroy();
  client.terminate();
});

describe("a token that is revoked ends its streams within 1 s", () => {
  test.each(["raw", "sse"])("%s", async (kind) => {
    const { origin, daemon, token, revoke } = await aTokenOfItsOwn();
    const asked = send(daemon, `${kind}/up/x`, { token });
    const visit = await origin.next();
    visit.response.writeHead(200, { "content-type": "text/event-stream" }).write("data: a\n\n");
    const end = whole(await asked.answer);
    revoke();
    await within(1, "the upstream is closed", visit.gone);
    expect((await within(1, "the stream has ended", end)).isClean).toBe(false);
  });

  test("socket", async () => {
    const { origin, daemon, token, revoke } = await aTokenOfItsOwn();
    const client = openSocket(daemon, "up/x", [], token);
    const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
    const ends = Promise.all([event<[number]>(client, "close", 1), event(upstream, "close", 1)]);
    revoke();
    expect((await ends)[0][0]).toBe(1008);
  });
});

async function aTokenOfItsOwn() {
  const origin = await anOrigin();
  const daemon = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: origin.url })] });
  onTestFinished(() => daemon.close());
  const token = daemon.createToken("brief", ["relay:up"]);
  return { origin, daemon, token, revoke: () => daemon.state.remove("tokens/brief.json") };
}
