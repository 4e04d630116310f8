import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { type RawOrigin, startRawOrigin } from "../../support/raw-origin.js";
import { get, send } from "../../support/relaying.js";

let serve: (socket: Socket) => void = () => undefined;
let origin: RawOrigin;
let daemon: TestDaemon;
beforeAll(async () => {
  origin = await startRawOrigin((socket) => serve(socket));
  daemon = await startDaemon([], 0, {
    streamCap: 64,
    upstreams: [{ name: "up", url: origin.url, firstByteSeconds: 2, idleSeconds: 2 }].map(resolveUpstream),
  });
});
afterAll(async () => {
  await daemon.close();
  await origin.close();
});

const PLAIN = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";

/** Writes each byte by itself, one a turn of the loop. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const step = () => {
    if (at === text.length) return void socket.end();
    socket.write(text[at] as string);
    at += 1;
    setImmediate(step);
  };
  step();
}

test.each([
  ["content in the packet of the head", `${PLAIN}content-length: 5\r\n\r\nhello`],
  ["a head before the answer's", `${HINTS}${PLAIN}content-length: 5\r\n\r\nhello`],
  [
    "several heads before the answer's",
    `HTTP/1.1 100 Continue\r\n\r\n${HINTS}${HINTS}${PLAIN}content-length: 5\r\n\r\nhello`,
  ],
  ["chunks", `${PLAIN}transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`],
  ["content to the end of the connection", `${PLAIN}\r\nhello`],
  ["bytes behind the content", `${PLAIN}content-length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n`],
  ["empty lines before the head", `\r\n\r\n${PLAIN}content-length: 5\r\n\r\nhello`],
])("%s: at once and byte by byte", async (_says, bytes) => {
  for (const write of [(socket: Socket) => void socket.end(bytes), (socket: Socket) => trickle(socket, bytes)]) {
    serve = write;
    const { status, body } = await get(daemon, "raw/up/x");
    expect([status, body.toString()]).toEqual([200, "hello"]);
  }
});

test("the end of the content ends the answer, though the upstream keeps its connection, and ends that", async () => {
  serve = (socket) => void socket.write(`${PLAIN}connection: keep-alive\r\ncontent-length: 5\r\n\r\nhello`);
  const { body } = await get(daemon, "raw/up/x");
  expect(body.toString()).toBe("hello");
  await expect.poll(() => origin.connections()).toBe(0);
});

test("lines of a head that end in LF alone are refused at once", async () => {
  serve = (socket) => void socket.write("HTTP/1.1 200 OK\ncontent-length: 5\n\nhello");
  expect((await get(daemon, "raw/up/x")).status).toBe(502);
});

test("HEAD has the head's length and no content", async () => {
  serve = (socket) => void socket.write(`${PLAIN}content-length: 5\r\n\r\n`);
  const { answer } = send(daemon, "raw/up/x", { method: "HEAD" });
  const { statusCode, headers } = await answer;
  expect([statusCode, headers["content-length"]]).toEqual([200, "5"]);
});
