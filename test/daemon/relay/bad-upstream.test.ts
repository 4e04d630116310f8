import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardedLookup } from "../../../daemon/upstream/address.js";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { parseEvents } from "../../support/event-parser.js";
import { type RawOrigin, startRawOrigin } from "../../support/raw-origin.js";
import { event, get, openSocket, send, until, untilText } from "../../support/relaying.js";

/** What the bad one does with the next connection. */
let misbehave: (socket: Socket) => void = () => undefined;
let bad: RawOrigin;
let closed: RawOrigin;
let daemon: TestDaemon;
beforeAll(async () => {
  bad = await startRawOrigin((socket) => misbehave(socket));
  closed = await startRawOrigin(() => undefined);
  await closed.close();
  daemon = await startDaemon([], 0, {
    streamCap: 64,
    upstreams: [
      { name: "bad", url: bad.url, firstByteSeconds: 1, idleSeconds: 1 },
      { name: "tls", url: bad.url.replace("http:", "https:") },
      { name: "closed", url: closed.url },
      { name: "unknown", url: "http://no-such-name.invalid" },
    ].map(resolveUpstream),
  });
});
afterAll(async () => {
  await daemon.close();
  await bad.close();
});

const says = (text: string | Buffer) => (socket: Socket) => void socket.end(text);
const HEAD = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
const problemOf = (body: Buffer) => {
  const events = parseEvents(body);
  expect(events.at(-1)?.event).toBe("end");
  const problem = events.find(({ event }) => event === "problem");
  return JSON.parse(problem?.data ?? "{}") as { code?: string; detail?: string };
};

describe("check 21: an upstream that misbehaves before its first byte", () => {
  const rows: readonly (readonly [what: string, act: (socket: Socket) => void, status: number, code: string])[] = [
    ["garbage", says("\0\x01garbage\r\n\r\n"), 502, "upstream-failed"],
    ["another protocol", says("SSH-2.0-x\r\n"), 502, "upstream-failed"],
    ["a status that is none", says("HTTP/1.1 abc OK\r\n\r\n"), 502, "upstream-failed"],
    ["a status of 999", says("HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"), 502, "upstream-failed"],
    ["an early close", says(""), 502, "upstream-failed"],
    ["a close inside of the headers", says("HTTP/1.1 200 OK\r\ncontent-t"), 502, "upstream-failed"],
    ["two lengths", says(`${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nab`), 502, "upstream-failed"],
    [
      "length and chunks",
      says(`${HEAD}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
      502,
      "upstream-failed",
    ],
    ["headers above 16 KiB", says(`${HEAD}x-long: ${"x".repeat(20_000)}\r\n\r\n`), 502, "upstream-failed"],
    [
      "an endless header",
      (socket) => {
        socket.write(`${HEAD}x-endless: `);
        const more = setInterval(() => socket.write("x".repeat(8192)), 5);
        socket.once("close", () => clearInterval(more));
      },
      502,
      "upstream-failed",
    ],
    ["a reset", (socket) => void socket.resetAndDestroy(), 502, "upstream-failed"],
    ["silence", () => undefined, 504, "upstream-timeout"],
    [
      "gzip",
      says(Buffer.concat([Buffer.from(`${HEAD}content-encoding: gzip\r\n\r\n`), gzipSync("x".repeat(1e6))])),
      502,
      "upstream-encoding",
    ],
    ["an encoding nobody knows", says(`${HEAD}content-encoding: zstd, br\r\n\r\nx`), 502, "upstream-encoding"],
    ["an encoded transfer", says(`${HEAD}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`), 502, "upstream-encoding"],
    [
      "a switch of protocols",
      says("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
      502,
      "upstream-failed",
    ],
  ];
  test("16 rows", () => expect(rows).toHaveLength(16));
  test.each(rows)("%s", async (_what, act, status, code) => {
    misbehave = act;
    const answer = await get(daemon, "raw/bad/x");
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([status, { code }]);
    misbehave = act;
    const stream = await get(daemon, "sse/bad/x");
    expect([stream.status, problemOf(stream.body).code]).toEqual([200, code]);
    await until("no connection is left", () => bad.connections() === 0, 2);
  });

  test.each([
    ["closed", 502, "upstream-unreachable"],
    ["unknown", 502, "upstream-unreachable"],
    ["tls", 504, "upstream-timeout"],
  ])("an upstream that is %s: %i %s", async (upstream, status, code) => {
    misbehave = () => undefined;
    const answer = await get(daemon, `raw/${upstream}/x`);
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([status, { code }]);
    expect(answer.body.toString()).not.toContain("127.0.0.1");
    expect(problemOf((await get(daemon, `sse/${upstream}/x`)).body).code).toBe(code);
    const [, response] = await event<[unknown, { statusCode: number }]>(
      openSocket(daemon, `${upstream}/x`),
      "unexpected-response",
    );
    expect(response.statusCode).toBe(status);
  });

  test("an upstream that is asked by https and speaks http cannot be trusted", async () => {
    misbehave = says("HTTP/1.1 400 Bad Request\r\n\r\n");
    const answer = await get(daemon, "raw/tls/x");
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([502, { code: "upstream-unreachable" }]);
  });

  test("a name that leads to a cloud's metadata is not connected to", () => {
    const asked = new Promise((resolve) => guardedLookup("169.254.169.254", { all: true }, (error) => resolve(error)));
    return expect(asked).resolves.toMatchObject({ problem: { code: "upstream-unreachable" } });
  });
});

describe("check 21: an upstream that misbehaves afterwards", () => {
  const rows: readonly (readonly [what: string, act: (socket: Socket) => void, code: string])[] = [
    ["fewer bytes than said", says(`${HEAD}content-length: 100\r\n\r\nhalf`), "upstream-failed"],
    ["chunks without a last one", says(`${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n`), "upstream-failed"],
    ["a chunk that is none", says(`${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n`), "upstream-failed"],
    ["silence", (socket) => void socket.write(`${HEAD}\r\nhalf`), "upstream-timeout"],
  ];
  test.each(rows)("%s is no clean end", async (_what, act, code) => {
    misbehave = act;
    const answer = await get(daemon, "raw/bad/x").catch((error: Error) => error);
    expect(answer instanceof Error || !answer.isClean).toBe(true);
    misbehave = act;
    expect(problemOf((await get(daemon, "sse/bad/x")).body).code).toBe(code);
    await until("no connection is left", () => bad.connections() === 0, 2);
  });

  test("an event without an end is too-large, and costs no more than its limit", async () => {
    misbehave = (socket) => {
      socket.write(`${HEAD}content-type: text/event-stream\r\n\r\ndata: `);
      const line = Buffer.alloc(64 * 1024, 0x78);
      const more = () => {
        while (!socket.destroyed && socket.write(line));
      };
      socket.on("drain", more);
      more();
    };
    const answer = await get(daemon, "sse/bad/x");
    expect(problemOf(answer.body).code).toBe("too-large");
    expect(answer.body.length).toBeLessThan(1000);
    await until("the upstream is let go", () => bad.connections() === 0, 2);
  });

  test("events in chunks of one byte, with bytes that are no UTF-8, pass as they are", async () => {
    const stream = Buffer.concat([
      Buffer.from("data: "),
      Buffer.from([0xff, 0xc3, 0x28]),
      Buffer.from("\n\n".repeat(3)),
    ]);
    misbehave = (socket) => {
      const chunks = [...stream].map((byte) =>
        Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]),
      );
      socket.end(
        Buffer.concat([
          Buffer.from(`${HEAD}content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n`),
          ...chunks,
          Buffer.from("0\r\n\r\n"),
        ]),
      );
    };
    const answer = await get(daemon, "sse/bad/x");
    expect(answer.body.subarray(0, stream.length).equals(stream)).toBe(true);
  });

  test("10,000 events leave other streams as they are", async () => {
    let other: Socket | undefined;
    misbehave = (socket) => {
      socket.write(`${HEAD}content-type: text/event-stream\r\n\r\ndata: first\n\n`);
      other = socket;
    };
    const beside = await send(daemon, "sse/bad/beside").answer;
    await untilText(beside, "the other stream", (text) => text.includes("first"));
    misbehave = says(`${HEAD}content-type: text/event-stream\r\n\r\n${"data: x\n\n".repeat(10_000)}`);
    const flood = await get(daemon, "sse/bad/flood");
    expect(parseEvents(flood.body)).toHaveLength(10_001);
    const more = untilText(beside, "the other stream goes on", (text) => text.includes("second"));
    other?.write("data: second\n\n");
    await more;
    beside.destroy();
  });

  test("100 MB pass with their length and within the memory of a stream", async () => {
    const total = 100 * 1024 * 1024;
    misbehave = (socket) => {
      socket.write(`${HEAD}content-length: ${total}\r\n\r\n`);
      const part = Buffer.alloc(1024 * 1024);
      void (async () => {
        for (let sent = 0; sent < total; sent += part.length) if (!socket.write(part)) await once(socket, "drain");
        socket.end();
      })();
    };
    const incoming = await send(daemon, "raw/bad/x").answer;
    let received = 0;
    for await (const chunk of incoming) received += (chunk as Buffer).length;
    expect([received, incoming.headers["content-length"]]).toEqual([total, `${total}`]);
  });
});
