import { expect, test } from "vitest";
import { event, get, openSocket, relaying, send, until } from "../../support/relaying.js";

const scene = relaying();
type Streams = { streams: { id: string; operation: string; upstream: string; openSeconds: number; bytes: number }[] };
const held = async (token?: string) =>
  ((await (await scene.daemon.call("session/who", {}, token)).json()) as Streams).streams;
const code = (body: Buffer) => (JSON.parse(body.toString()) as { code: string }).code;

test("six streams of a token are held; the seventh is refused by name, before its upstream is asked", async () => {
  const raws = await Promise.all(["a", "b"].map((path) => send(scene.daemon, `raw/up/${path}`)));
  const events = await Promise.all(["c", "d"].map((path) => send(scene.daemon, `sse/up/${path}`)));
  const sockets = ["e", "f"].map((path) => openSocket(scene.daemon, `up/${path}`));
  await Promise.all(sockets.map((socket) => event(socket, "open")));
  await until("six visits", () => scene.origin.visits.length === 6);
  const six = await held();
  expect(six.map(({ operation, upstream }) => `${operation} ${upstream}`).sort()).toEqual(
    ["raw", "raw", "socket", "socket", "sse", "sse"].map((kind) => `relay/${kind} up`),
  );

  for (const kind of ["raw", "sse"]) {
    const refused = await get(scene.daemon, `${kind}/up/seventh`);
    expect([refused.status, code(refused.body)]).toEqual([429, "too-many-streams"]);
    for (const { id } of six) expect(refused.body.toString()).toContain(id);
  }
  const [, response] = await event<[unknown, { statusCode: number }]>(
    openSocket(scene.daemon, "up/seventh"),
    "unexpected-response",
  );
  expect(response.statusCode).toBe(429);
  expect(scene.origin.visits).toHaveLength(6);

  const other = scene.daemon.createToken("other", ["relay:up"]);
  expect(await held(other)).toEqual([]);
  const own = send(scene.daemon, "raw/up/own", { token: other });
  await until("another token's visit", () => scene.origin.visits.length === 7);
  expect(await held(other)).toHaveLength(1);
  own.outgoing.destroy();

  raws[0]?.outgoing.destroy();
  await until("a place is free within 1 s of an abrupt end", async () => (await held()).length === 5, 1);
  sockets[0]?.close();
  await until("a place is free within 1 s of a close", async () => (await held()).length === 4, 1);
  sockets[1]?.terminate();
  await until("a place is free within 1 s of a broken socket", async () => (await held()).length === 3, 1);
  scene.origin.visits.find(({ url }) => url === "/c")?.response.end();
  await events[0]?.answer.then((incoming) => incoming.resume());
  await until("a place is free within 1 s of the upstream's end", async () => (await held()).length === 2, 1);
  raws[1]?.outgoing.destroy();
  events[1]?.outgoing.destroy();
  await until("all places are free", async () => (await held()).length === 0, 1);
});

test("what fails to open holds no place", async () => {
  for (let tried = 0; tried < 8; tried += 1) {
    expect((await get(scene.daemon, "raw/nowhere/x")).status).toBe(404);
    expect((await get(scene.daemon, "sse/up/..")).status).not.toBe(429);
  }
  expect(await held()).toEqual([]);
});

test("64 streams of all tokens are held, the next one finds the daemon busy", async () => {
  const before = scene.origin.visits.length;
  const tokens = Array.from({ length: 11 }, (_, at) => scene.daemon.createToken(`many-${at}`, ["relay:up"]));
  const streams = tokens
    .flatMap((token) => Array.from({ length: 6 }, () => token))
    .slice(0, 64)
    .map((token) => send(scene.daemon, "raw/up/x", { token }));
  await until("64 visits", () => scene.origin.visits.length === before + 64);
  const refused = await get(scene.daemon, "raw/up/x");
  expect([refused.status, code(refused.body)]).toEqual([503, "daemon-busy"]);
  expect((await scene.daemon.call("session/who", {})).status).toBe(200);
  for (const { outgoing } of streams) outgoing.destroy();
  await until("a place is free", async () => {
    const asked = send(scene.daemon, "raw/up/y");
    const come = await Promise.race([
      asked.answer.then(() => false),
      new Promise((resolve) => setTimeout(resolve, 50, true)),
    ]);
    asked.outgoing.destroy();
    return come === true;
  });
});

test("who tells the bytes that were sent", async () => {
  const asked = send(scene.daemon, "raw/up/bytes");
  await until("the visit", () => scene.origin.visits.at(-1)?.url === "/bytes");
  scene.origin.visits.at(-1)?.response.write("x".repeat(5000));
  await asked.answer;
  await until("the bytes are told", async () => ((await held())[0]?.bytes ?? 0) >= 5000);
  asked.outgoing.destroy();
});
