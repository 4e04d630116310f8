import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { LIMITS } from "../../../shared/protocol.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { createLinkClient } from "../../support/link-client.js";
import { type LinkHost, startLinkHost } from "../../support/link-host.js";
import { raw, requestText } from "../../support/raw.js";
import { tempRoot } from "../../support/temp-root.js";
import { clientOf, countingUpstream, hostOf } from "./upstreams.js";

interface Wire {
  readonly socket: WebSocket;
  say(header: unknown, payload?: string): void;
  /** The next message that is no beat and no ack, as its header and payload. */
  next(): Promise<{ header: Record<string, unknown>; payload: string }>;
  readonly closed: Promise<number>;
}

/** A WebSocket to the link, with nothing said yet. */
async function wireTo(host: LinkHost, token = host.token): Promise<Wire> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/v1/link`, {
    headers: { authorization: `Bearer ${token}` },
  });
  onTestFinished(() => socket.terminate());
  const waiting: ((message: string) => void)[] = [];
  const come: string[] = [];
  socket.on("message", (bytes: Buffer) => {
    const message = bytes.toString();
    if (/^\{"t":"(beat|ack)"/.test(message)) return;
    const wake = waiting.shift();
    if (wake === undefined) come.push(message);
    else wake(message);
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await within(5, "the upgrade", new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject)));
  return {
    socket,
    say: (header, payload = "") => socket.send(`${JSON.stringify(header)}\n${payload}`),
    async next() {
      const ready = come.shift();
      const message = ready ?? (await within(5, "a message", new Promise<string>((resolve) => waiting.push(resolve))));
      const end = message.indexOf("\n");
      return { header: JSON.parse(message.slice(0, end)), payload: message.slice(end + 1) };
    },
    closed,
  };
}

async function greeted(host: LinkHost, hello: object = {}): Promise<Wire & { welcome: Record<string, unknown> }> {
  const wire = await wireTo(host);
  wire.say({ t: "hello", protocol: 1, ...hello });
  const { header } = await wire.next();
  expect(header["t"]).toBe("welcome");
  return { ...wire, welcome: header };
}

describe("the upgrade", () => {
  let host: LinkHost;
  beforeAll(async () => {
    host = await startLinkHost({});
  });
  afterAll(() => host.close());
  const key = ["sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="] as const;
  const version = ["sec-websocket-version", "13"] as const;
  const upgrade = [["connection", "Upgrade"], ["upgrade", "websocket"], key] as const;
  const ours = () => ["host", `127.0.0.1:${host.port}`] as const;
  const bearer = () => ["authorization", `Bearer ${host.token}`] as const;

  test.each([
    ["without a token → 401", () => [ours(), version, ...upgrade], 401],
    ["of another host → 403", () => [["host", "evil.com"] as const, bearer(), version, ...upgrade], 403],
    ["of a web page → 403", () => [ours(), bearer(), version, ["origin", "null"] as const, ...upgrade], 403],
    ["of version 8 → 426", () => [ours(), bearer(), ["sec-websocket-version", "8"] as const, ...upgrade], 426],
    ["that is none → 426", () => [ours(), bearer()], 426],
  ] as const)("%s", async (_what, headers, status) => {
    expect((await raw(host.port, requestText("GET /v1/link", headers()), 2)).status).toBe(status);
  });

  test(`a token holds ${LIMITS.links} links, and the next is refused`, async () => {
    for (let count = 0; count < LIMITS.links; count += 1) await wireTo(host);
    await expect(wireTo(host)).rejects.toThrow("429");
    await wireTo(host, host.addToken(["all"]).text);
  });
});

test("1,000 handshakes that are broken off leave nothing behind", async () => {
  const host = await hostOf({});
  const head = requestText("GET /v1/link", [
    ["host", `127.0.0.1:${host.port}`],
    ["authorization", `Bearer ${host.token}`],
    ["connection", "Upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="],
  ]);
  for (let count = 0; count < 1000; count += 1) {
    const socket = connect(host.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(count % 3 === 0 ? head : head.slice(0, 1 + (count % head.length)));
    if (count % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
    if (count % 100 === 99) await setImmediate();
  }
  await expect
    .poll(async () => {
      const wires = await Promise.allSettled(Array.from({ length: LIMITS.links }, () => wireTo(host)));
      for (const wire of wires) if (wire.status === "fulfilled") wire.value.socket.terminate();
      return wires.every(({ status }) => status === "fulfilled");
    })
    .toBe(true);
  expect(host.logged).toEqual([]);
});

describe("what breaks the rules ends the session with a goodbye, and nothing is left of it", () => {
  const hello = { t: "hello", protocol: 1 };
  const rows: readonly (readonly [what: string, message: string | Buffer, detail: string | RegExp])[] = [
    ["no newline", "{}", "no header line"],
    ["nothing", "", "no header line"],
    ["not JSON", "{t}\n", "the header is no JSON object"],
    ["a list", "[]\n", "the header is no JSON object"],
    ["null", "null\n", "the header is no JSON object"],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), "no header line"],
    ["no t", '{"n":1}\n', "t: must be a string"],
    ["an unknown t", '{"t":"shout"}\n', "t: unknown"],
    ["an inherited t", '{"t":"constructor"}\n', "t: unknown"],
    ["a t of the other side", '{"t":"welcome"}\n', "t: unknown"],
    ["a second hello", `${JSON.stringify(hello)}\n`, "t: one hello is enough"],
    ["an unknown field", '{"t":"beat","x":1}\n', "header: unknown field x"],
    ["no n", '{"t":"close","id":"a"}\n', "header: n is missing"],
    ["n of 0", '{"t":"close","n":0,"id":"a"}\n', "n: must be at least 1"],
    ["n as text", '{"t":"close","n":"1","id":"a"}\n', "n: must be a whole number"],
    ["a gap", '{"t":"close","n":3,"id":"a"}\n', "n: 2 is missing"],
    ["a huge n", '{"t":"close","n":1e300,"id":"a"}\n', /n: must be at most/],
    ["a long id", `{"t":"close","n":2,"id":"${"a".repeat(65)}"}\n`, "id: longer than 64 bytes"],
    ["an ack of what was not sent", '{"t":"ack","seen":99}\n', "seen: more than was sent"],
    ["input that is null", '{"t":"call","n":2,"id":"a","op":"x","input":null}\n', "input: must not be null"],
    [
      "a stream's id again",
      '{"t":"open","n":2,"id":"s","op":"socket","input":{},"credit":1}\n',
      "id: this stream is open",
    ],
    ["a header line of 3.5 MB", `{"t":"${"x".repeat(3_500_000)}"}\n`, "no header line"],
  ];
  test("22 rows", () => expect(rows).toHaveLength(22));
  test.each(rows)("%s", async (_what, message, detail) => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    const wire = await greeted(host);
    wire.say({ t: "open", n: 1, id: "s", op: "socket", input: { path: "/" }, credit: 1000 });
    expect((await wire.next()).header["t"]).toBe("opened");
    wire.socket.send(message, { binary: false });
    const { header } = await wire.next();
    expect(header).toMatchObject({ t: "bye", reason: "malformed" });
    if (typeof detail === "string") expect(header["detail"]).toBe(detail);
    else expect(header["detail"]).toMatch(detail);
    expect(await within(2, "the close", wire.closed)).toBe(1002);
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
    expect((await greeted(host, { session: wire.welcome["session"], seen: 1 })).welcome["resumed"]).toBe(false);
    expect(host.logged).toEqual([]);
  });

  test.each([
    ["a message that is binary", (socket: WebSocket) => socket.send(Buffer.from("{}\n")), 1002],
    ["a message longer than may be", (socket: WebSocket) => socket.send("x".repeat(LIMITS.linkMessageBytes + 1)), 1009],
  ])("%s", async (_what, act, code) => {
    const wire = await greeted(await hostOf({}));
    act(wire.socket);
    expect(await within(2, "the close", wire.closed)).toBe(code);
  });

  test("anything before hello", async () => {
    const wire = await wireTo(await hostOf({}));
    wire.say({ t: "beat" });
    expect((await wire.next()).header).toMatchObject({ t: "bye", reason: "malformed", detail: "t: hello comes first" });
    expect(await wire.closed).toBe(1002);
  });

  test("another protocol, with the side that is to be updated", async () => {
    const wire = await wireTo(await hostOf({}));
    wire.say({ t: "hello", protocol: 2 });
    expect((await wire.next()).header).toMatchObject({ reason: "wrong-protocol", detail: /Update the daemon/ });
    expect(await wire.closed).toBe(1002);
  });
});

describe("numbers and ids", () => {
  const write = (n: number, id: string, path: string) =>
    ({ t: "call", n, id, op: "files/write", input: { root: "r", path, expect: "absent" } }) as const;

  test("a message that comes again is dropped; a call's id is executed once until its reply is acked", async () => {
    const root = tempRoot();
    const wire = await greeted(await hostOf({ roots: [{ name: "r", folder: root.folder, access: "write" }] }));
    wire.say(write(1, "a", "one"), "x");
    wire.say(write(1, "a", "one"), "x");
    expect((await wire.next()).header).toMatchObject({ t: "reply", n: 1, id: "a", output: { bytes: 1 } });
    wire.say(write(2, "a", "one"), "x"); // Would fail with `changed`.
    wire.say(write(3, "b", "two"), "x");
    expect((await wire.next()).header).toMatchObject({ t: "reply", n: 2, id: "b" });
    wire.say({ t: "ack", seen: 1 });
    wire.say(write(4, "a", "one"), "x");
    expect((await wire.next()).header).toMatchObject({ n: 3, id: "a", problem: { code: "changed" } });
  });

  test("a message to a stream that comes again is dropped", async () => {
    const upstream = await countingUpstream();
    const wire = await greeted(await hostOf({ upstream }));
    wire.say({ t: "open", n: 1, id: "s", op: "socket", input: { path: "/a?count=1" }, credit: 1000 });
    for (const n of [2, 2, 3, 2, 3, 4]) wire.say({ t: "send", n, id: "s" }, `${n}`);
    await expect.poll(() => upstream.told.get("/a")).toEqual(["2", "3", "4"]);
  });

  test("bytes that are no text are for HTTP, and only that call fails", async () => {
    const root = tempRoot();
    const wire = await greeted(await hostOf({ roots: [{ name: "r", folder: root.folder, access: "write" }] }));
    const head = Buffer.from(`${JSON.stringify(write(1, "a", "one"))}\n`);
    wire.socket.send(Buffer.concat([head, Buffer.from([0xff])]), { binary: false });
    expect((await wire.next()).header).toMatchObject({ id: "a", problem: { code: "only-over-http" } });
    wire.say(write(2, "b", "one"), "text");
    expect((await wire.next()).header).toMatchObject({ id: "b", output: { bytes: 4 } });
  });

  test("a reply that is longer than may be is for HTTP", async () => {
    const root = tempRoot({ big: "x".repeat(LIMITS.linkReplyBytes) });
    const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "read" }] });
    const link = clientOf(host);
    await link.connect();
    await expect(link.call("files/read", { root: "r", path: "big" })).rejects.toThrow("only-over-http");
    const range = { offset: 0, bytes: LIMITS.linkReplyBytes - 100 };
    const part = await link.call("files/read", { root: "r", path: "big", range });
    expect(part.payload).toHaveLength(range.bytes);
  });

  test("replies together larger than what may be kept come one after another, as they are acked", async () => {
    const root = tempRoot({ big: "x".repeat(3_000_000) });
    const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "read" }] });
    const link = clientOf(host);
    await link.connect();
    const replies = [1, 2, 3, 4].map(() => link.call("files/read", { root: "r", path: "big" }));
    for (const { payload } of await within(10, "the replies", Promise.all(replies))) {
      expect(payload).toHaveLength(3_000_000);
    }
    expect(link.violations).toEqual([]);
  });

  test("scopes are checked as over HTTP", async () => {
    const host = await hostOf({});
    const wire = await wireTo(host, host.addToken(["files:write"]).text);
    wire.say({ t: "hello", protocol: 1 });
    await wire.next();
    wire.say({ t: "call", n: 1, id: "a", op: "files/roots", input: [] });
    expect((await wire.next()).header).toMatchObject({ problem: { code: "scope-missing" } });
    wire.say({ t: "call", n: 2, id: "b", op: "session/pairings", input: {} });
    expect((await wire.next()).header).toMatchObject({ problem: { code: "scope-missing" } });
  });
});

describe("sessions", () => {
  test("a second connection takes the session over; the first is told", async () => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    const first = await greeted(host);
    first.say({ t: "open", n: 1, id: "s", op: "socket", input: { path: "/a?count=1" }, credit: 1000 });
    expect((await first.next()).header["t"]).toBe("opened");
    expect(await first.next()).toMatchObject({ header: { t: "data", n: 2 }, payload: "1" });
    const second = await greeted(host, { session: first.welcome["session"], seen: 1 });
    expect(second.welcome).toMatchObject({ session: first.welcome["session"], resumed: true, seen: 1 });
    expect((await first.next()).header).toMatchObject({ t: "bye", reason: "taken-over" });
    await within(2, "the close", first.closed);
    expect(await second.next()).toMatchObject({ header: { t: "data", n: 2 }, payload: "1" });
    upstream.count("/a", 1);
    expect(await second.next()).toMatchObject({ header: { t: "data", n: 3 }, payload: "2" });
  });

  test("a session is of its token alone; of another's, and of none, nothing is resumed", async () => {
    const host = await hostOf({});
    const mine = await greeted(host);
    const session = mine.welcome["session"];
    expect(session).toMatch(/^[0-9a-f]{32}$/);
    const other = await wireTo(host, host.addToken(["all"]).text);
    other.say({ t: "hello", protocol: 1, session, seen: 0 });
    const { header } = await other.next();
    expect(header).toMatchObject({ t: "welcome", resumed: false });
    expect(header["session"]).not.toBe(session);
    expect((await greeted(host, { session: "0".repeat(32), seen: 0 })).welcome["resumed"]).toBe(false);
    expect((await greeted(host, { session, seen: 0 })).welcome["resumed"]).toBe(true);
  });

  test("who claims to have seen what was not sent, or less than was acked, begins anew", async () => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    for (const seen of [5, 0]) {
      const wire = await greeted(host);
      wire.say({ t: "call", n: 1, id: "a", op: "session/who", input: {} });
      await wire.next();
      wire.say({ t: "ack", seen: 1 });
      wire.say({ t: "call", n: 2, id: "b", op: "session/who", input: {} });
      await wire.next();
      expect((await greeted(host, { session: wire.welcome["session"], seen })).welcome["resumed"]).toBe(false);
    }
  });

  test("a revoked token ends link and session at once, also of a client that is away", async () => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    const token = host.addToken(["all"]);
    const [here, away] = [clientOf(host, { token: token.text }), clientOf(host, { token: token.text })];
    for (const link of [here, away]) {
      await link.connect();
      await link.open("socket", { path: "/" }).opened;
    }
    away.cut();
    await away.gone();
    expect(upstream.open()).toBe(2);
    token.revoke();
    expect(await within(1, "the close", here.gone())).toBe(1008);
    expect(here.byes).toEqual(["revoked"]);
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
    await expect(here.connect()).rejects.toThrow("401");
  });

  test("a token that is removed on disk ends its link within a second", async () => {
    const daemon = await startDaemon([]);
    onTestFinished(() => daemon.close());
    const link = createLinkClient({ port: daemon.port, token: daemon.createToken("other", ["all"]) });
    onTestFinished(() => link.close());
    await link.connect();
    await link.call("session/who", {});
    daemon.state.remove("tokens/other.json");
    expect(await within(1, "the close", link.gone())).toBe(1008);
    expect(link.byes).toEqual(["revoked"]);
  });

  test("a client's own goodbye ends the session and its streams", async () => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    const wire = await greeted(host);
    wire.say({ t: "open", n: 1, id: "s", op: "socket", input: { path: "/" }, credit: 1000 });
    await wire.next();
    wire.say({ t: "bye", reason: "leaving" });
    expect(await within(2, "the close", wire.closed)).toBe(1000);
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
  });

  test(`${LIMITS.linkStreams} streams, and the next is a problem`, async () => {
    const upstream = await countingUpstream();
    const link = clientOf(await hostOf({ upstream }));
    await link.connect();
    const streams = Array.from({ length: LIMITS.linkStreams }, () => link.open("socket", { path: "/" }));
    for (const { opened } of streams) await opened;
    const more = link.open("socket", { path: "/" });
    expect((await within(5, "the problem", more.over)).problem?.code).toBe("too-many-streams");
    streams[0]?.close();
    await streams[0]?.over;
    await link.open("socket", { path: "/" }).opened;
  });

  test(`${LIMITS.linkCalls} calls under way, and the next is a problem`, async () => {
    const link = clientOf(await hostOf({}));
    await link.connect();
    const { output } = await link.call<{ pairing: string }>("session/pair", { client: "test", scopes: ["all"] });
    // None of these is answered before somebody answers the pairing.
    const waits = Array.from({ length: LIMITS.linkCalls }, () =>
      link.call("session/pairing", { pairing: output.pairing }),
    );
    for (const wait of waits) wait.catch(() => undefined);
    await expect(link.call("session/who", {})).rejects.toThrow("too-many-calls");
  });
});
