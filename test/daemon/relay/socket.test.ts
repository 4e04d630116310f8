import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon } from "../../support/daemon.js";
import { startOrigin } from "../../support/origin.js";
import { startRawOrigin } from "../../support/raw-origin.js";
import { event, openSocket, relaying, until, whole } from "../../support/relaying.js";

const scene = relaying();

async function open() {
  const client = openSocket(scene.daemon, "up/socket?x=1");
  const [upstream] = await Promise.all([scene.origin.nextSocket(), event(client, "open")]);
  return { client, upstream };
}

test("text and binary go both ways as what they are", async () => {
  const { client, upstream } = await open();
  expect(scene.origin.visits.at(-1)?.url).toBe("/socket?x=1");
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    for (const message of ["größe", Buffer.from([0, 255, 128]), "", Buffer.alloc(0), "x".repeat(200_000)]) {
      const come = event<[Buffer, boolean]>(to, "message");
      from.send(message);
      const [data, isBinary] = await come;
      expect([isBinary, data.toString("hex")]).toEqual([
        typeof message !== "string",
        Buffer.from(message).toString("hex"),
      ]);
    }
  }
  client.close();
  await event(upstream, "close");
});

test.each([
  [1000, "done"],
  [1001, "going"],
  [1011, ""],
  [3000, "mine"],
  [4999, "größe"],
])("a close with %i goes both ways, with its reason", async (code, reason) => {
  const first = await open();
  const upstreamClosed = event<[number, Buffer]>(first.upstream, "close");
  first.client.close(code, reason);
  expect((await upstreamClosed).map(String)).toEqual([`${code}`, reason]);

  const second = await open();
  const clientClosed = event<[number, Buffer]>(second.client, "close");
  second.upstream.close(code, reason);
  expect((await clientClosed).map(String)).toEqual([`${code}`, reason]);
});

test("a close without a code has none on the other side", async () => {
  const first = await open();
  const upstreamClosed = event<[number]>(first.upstream, "close");
  first.client.close();
  expect((await upstreamClosed)[0]).toBe(1005);
  const second = await open();
  const clientClosed = event<[number]>(second.client, "close");
  second.upstream.close();
  expect((await clientClosed)[0]).toBe(1005);
});

test("a side that breaks off breaks the other one off within 1 s", async () => {
  const first = await open();
  const upstreamClosed = event<[number]>(first.upstream, "close", 1);
  first.client.terminate();
  expect((await upstreamClosed)[0]).toBe(1006);
  const second = await open();
  const clientClosed = event<[number]>(second.client, "close", 1);
  second.upstream.terminate();
  expect((await clientClosed)[0]).toBe(1006);
});

test("the subprotocol is the one that the upstream chose", async () => {
  const choosing = await startOrigin(undefined, { handleProtocols: () => "second" });
  const daemon = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: choosing.url })] });
  const client = openSocket(daemon, "up/x", ["first", "second"]);
  const [upstream] = await Promise.all([choosing.nextSocket(), event(client, "open")]);
  expect([upstream.protocol, client.protocol]).toEqual(["second", "second"]);
  client.terminate();
  await daemon.close();
  await choosing.close();
});

test("a ping is answered on both sides", async () => {
  const { client, upstream } = await open();
  for (const side of [client, upstream]) {
    const pong = event<[Buffer]>(side, "pong");
    side.ping("are you there");
    expect(String((await pong)[0])).toBe("are you there");
  }
  client.close();
  await until("no connection is left", () => scene.origin.connections() === 0);
});

test.each([400, 401, 403, 404, 429, 500, 503])("an upstream that refuses with %i: so is the client", async (status) => {
  const refusing = await startOrigin(undefined, { verifyClient: (_info, done) => done(false, status, "", {}) });
  const daemon = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: refusing.url })] });
  const client = openSocket(daemon, "up/x");
  const [, incoming] = await event<[unknown, IncomingMessage]>(client, "unexpected-response");
  const { body } = await whole(incoming);
  expect([incoming.statusCode, JSON.parse(body.toString())]).toMatchObject([
    status,
    { code: "upstream-refused", status },
  ]);
  client.terminate();
  await daemon.close();
  await refusing.close();
});

test("an upstream that does not answer the upgrade: 504 in its time, and it is let go", async () => {
  const mute = await startRawOrigin(() => undefined);
  const daemon = await startDaemon([], 0, {
    upstreams: [resolveUpstream({ name: "up", url: mute.url, firstByteSeconds: 1 })],
  });
  const [, incoming] = await event<[unknown, IncomingMessage]>(openSocket(daemon, "up/x"), "unexpected-response");
  expect(incoming.statusCode).toBe(504);
  await until("the upstream is let go", () => mute.connections() === 0, 1);
  await daemon.close();
  await mute.close();
});

test("a message of 16 MiB goes both ways whole", async () => {
  const { client, upstream } = await open();
  const bytes = Buffer.alloc(16 * 1024 * 1024, 0x61);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    const come = event<[Buffer]>(to, "message");
    from.send(bytes);
    expect((await come)[0].equals(bytes)).toBe(true);
  }
  client.close();
  await event(upstream, "close");
});

test("a message above 64 MiB closes its sender with 1009, and the other side", async () => {
  const { client, upstream } = await open();
  const closed = Promise.all([event<[number]>(client, "close"), event<[number]>(upstream, "close")]);
  client.send(Buffer.alloc(64 * 1024 * 1024 + 1));
  expect((await closed)[0][0]).toBe(1009);
});
