import { expect, test } from "vitest";
import { event, openSocket, relaying, until } from "../../support/relaying.js";

const scene = relaying();

async function open(protocols: string[] = []) {
  const client = openSocket(scene.daemon, "up/socket?x=1", protocols);
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
    for (const message of ["größe", Buffer.from([0, 255, 128])]) {
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
  const { client, upstream } = await open(["first", "second"]);
  expect([upstream.protocol, client.protocol]).toEqual(["first", "first"]);
  client.close();
  await event(upstream, "close");
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
