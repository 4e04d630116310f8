import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { raw, requestText } from "../../support/raw.js";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon([]);
});
afterAll(() => daemon.close());

const host = () => `Host: 127.0.0.1:${daemon.port}\r\n`;
const auth = () => `Authorization: Bearer ${daemon.token}\r\nContent-Type: application/json\r\n`;
const head = () => `POST /v1/session/who HTTP/1.1\r\n${host()}${auth()}`;

describe("check 19: HTTP that is not well-formed", () => {
  const rows: readonly (readonly [what: string, status: number, text: () => string])[] = [
    [
      "length and chunked",
      400,
      () => `${head()}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ["two lengths", 400, () => `${head()}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ["a signed length", 400, () => `${head()}Content-Length: +2\r\n\r\n{}`],
    ["a negative length", 400, () => `${head()}Content-Length: -1\r\n\r\n{}`],
    ["a length in hex", 400, () => `${head()}Content-Length: 0x2\r\n\r\n{}`],
    ["an unknown coding", 400, () => `${head()}Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ["chunked not last", 400, () => `${head()}Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ["a chunk size that is no number", 400, () => `${head()}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ["a space before the colon", 400, () => `POST /v1/session/who HTTP/1.1\r\nHost : 127.0.0.1:${daemon.port}\r\n\r\n`],
    ["a folded header", 400, () => `${head()}X-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}`],
    ["a NUL in a header", 400, () => `${head()}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}`],
    ["a header without colon", 400, () => `${head()}nonsense\r\n\r\n`],
    ["no version", 400, () => `GET /v1/session/hello\r\n${host()}\r\n`],
    ["HTTP/2.0 in the line", 400, () => `GET /v1/session/hello HTTP/2.0\r\n${host()}\r\n`],
    ["HTTP/9.9 in the line", 400, () => `GET /v1/session/hello HTTP/9.9\r\n${host()}\r\n`],
    ["a method of its own", 400, () => `FETCH /v1/session/hello HTTP/1.1\r\n${host()}\r\n`],
    ["a TLS greeting", 400, () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["garbage", 400, () => "\x00\x01\x02\x03\r\n\r\n"],
    ["headers over 16 KiB", 431, () => `${head()}X-Long: ${"a".repeat(17_000)}\r\n\r\n`],
    [
      "chunk extensions over 16 KiB",
      413,
      () => `${head()}Transfer-Encoding: chunked\r\n\r\n2;${"e".repeat(17_000)}\r\n{}\r\n0\r\n\r\n`,
    ],
    ["Expect of something else", 400, () => `${head()}Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}`],
    [
      "a write without the length of its body",
      400,
      () =>
        `POST /v1/files/write?root=a&path=b&expect=any HTTP/1.1\r\n${host()}Authorization: Bearer ${daemon.token}\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ],
    ["TRACE", 405, () => `TRACE /v1/session/hello HTTP/1.1\r\n${host()}\r\n`],
    ["PUT on a call", 405, () => `PUT /v1/session/who HTTP/1.1\r\n${host()}${auth()}Content-Length: 2\r\n\r\n{}`],
    ["GET on a call", 405, () => `GET /v1/session/who HTTP/1.1\r\n${host()}${auth()}\r\n`],
    ["POST on hello", 405, () => `POST /v1/session/hello HTTP/1.1\r\n${host()}Content-Length: 0\r\n\r\n`],
    ["CONNECT", 405, () => `CONNECT evil.com:443 HTTP/1.1\r\n${host()}\r\n`],
  ];
  test("27 rows", () => expect(rows).toHaveLength(27));
  test.each(rows)("%s → %i", async (_what, status, text) => {
    const answer = await raw(daemon.port, Buffer.from(text(), "latin1"));
    expect(answer.status, answer.text).toBe(status);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("a body that hides a second request is not taken for one", async () => {
    const hidden = `POST /v1/session/pair HTTP/1.1\r\n${host()}Content-Type: application/json\r\nContent-Length: 34\r\n\r\n{"client":"x","scopes":["all"]}`;
    await raw(daemon.port, `${head()}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`);
    await raw(daemon.port, `${head()}Transfer-Encoding: identity\r\n\r\n${hidden}`);
    expect(daemon.announced).toEqual([]);
  });
});

describe("check 19: JSON that does not fit", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const rows: readonly (readonly [what: string, status: number, body: string | Buffer, type?: string])[] = [
    ["not JSON", 400, "{"],
    ["nothing", 400, " "],
    ["not UTF-8", 400, Buffer.from([0x7b, 0xff, 0x7d])],
    ["a string", 400, '"x"'],
    ["null", 400, "null"],
    ["a number", 400, "1"],
    ["a list with something in it", 400, "[1]"],
    ["an unknown field", 400, '{"x":1}'],
    ["__proto__", 400, '{"__proto__":{"token":"x"}}'],
    ["constructor", 400, '{"constructor":{"prototype":{}}}'],
    ["100,000 levels", 400, deep(100_000)],
    ["100,000 levels in a field", 400, `{"root":${deep(100_000)}}`],
    ["text/plain", 415, "{}", "text/plain"],
    ["a form", 415, "a=b", "application/x-www-form-urlencoded"],
    ["no type", 415, "{}", ""],
    ["two types", 415, "{}", "application/json, text/plain"],
    ["an empty list, as Luau writes an empty table", 200, "[]"],
    ["JSON with a charset", 200, "{}", "application/json; charset=utf-8"],
  ];
  test("18 rows", () => expect(rows).toHaveLength(18));
  for (const [what, status, body, type = "application/json"] of rows) {
    test(`${what} → ${status}`, async () => {
      const response = await fetch(`${daemon.url}/v1/session/who`, {
        method: "POST",
        headers: { authorization: `Bearer ${daemon.token}`, "content-type": type },
        body,
      });
      expect(response.status, await response.text()).toBe(status);
    });
  }

  test("headers named like what every object has do no harm", async () => {
    const headers = `${head()}__proto__: x\r\nconstructor: y\r\nprototype: z\r\nContent-Length: 2\r\n\r\n{}`;
    expect((await raw(daemon.port, headers)).status).toBe(200);
  });
});

describe("check 19: bodies over the limit", () => {
  const big = `{"root":"${"a".repeat(1024 * 1024)}"}`;
  test("with a length → 413", async () => {
    expect((await raw(daemon.port, `${head()}Content-Length: ${big.length}\r\n\r\n`)).status).toBe(413);
  });
  test("without a length → 413", async () => {
    const chunk = `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`;
    expect((await raw(daemon.port, `${head()}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).status).toBe(413);
  });
  test("the daemon goes on", async () => {
    expect((await daemon.call("session/who", {})).status).toBe(200);
  });
});

describe("check 19: clients that are slow or silent", () => {
  test("200 connections that say nothing do not block a call", async () => {
    const idle = Array.from({ length: 200 }, () => connect(daemon.port, "127.0.0.1"));
    try {
      for (const socket of idle) socket.on("error", () => socket.destroy());
      await within(
        5,
        "200 connections",
        Promise.all(idle.map((socket) => new Promise((resolve) => socket.on("connect", resolve)))),
      );
      const answer = await raw(
        daemon.port,
        requestText("GET /v1/session/hello", [["host", `127.0.0.1:${daemon.port}`]]),
        2,
      );
      expect(answer.status).toBe(200);
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });

  test("1,000 upgrades that are cut off leave no connection behind", async () => {
    const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    const upgrade = `GET /v1/nowhere HTTP/1.1\r\n${host()}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
    for (let round = 0; round < 20; round += 1) {
      await within(
        10,
        "50 upgrades cut off",
        Promise.all(
          Array.from(
            { length: 50 },
            (_none, index) =>
              new Promise<void>((resolve) => {
                const socket = connect(daemon.port, "127.0.0.1", () => {
                  socket.write(index % 2 === 0 ? upgrade : `${upgrade}\r\n`, () => socket.resetAndDestroy());
                });
                socket.on("error", () => socket.destroy());
                socket.on("close", () => resolve());
              }),
          ),
        ),
      );
    }
    await expect.poll(openSockets).toBe(0);
  });
});
