import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { type Framing, framingOf } from "../../../daemon/upstream/framing.js";

type Headers = Readonly<Record<string, string>>;
const CHUNKED: Headers = { "transfer-encoding": "chunked" };

function framing(headers: Headers, status = 200, method = "GET"): Framing {
  return framingOf({ statusCode: status, headers } as unknown as IncomingMessage, method);
}

/** The content that is found, and whether it is all there is. */
function read(framed: Framing, pieces: readonly Buffer[]): { content: string; isComplete: boolean } {
  const content: Buffer[] = [];
  for (const piece of pieces) framed.take(piece, (found) => content.push(Buffer.from(found)));
  return { content: Buffer.concat(content).toString(), isComplete: framed.isComplete() };
}

/** Every way to feed bytes: whole, one by one, cut in two at each place. */
function feeds(text: string): Buffer[][] {
  const bytes = Buffer.from(text);
  const halves = Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [[bytes], [...bytes].map((byte) => Buffer.from([byte])), ...halves];
}

describe.each<readonly [says: string, headers: Headers, bytes: string, content: string, isComplete: boolean]>([
  ["one chunk", CHUNKED, "3\r\nabc\r\n0\r\n\r\n", "abc", true],
  ["several chunks", CHUNKED, "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc", true],
  ["no content in chunks", CHUNKED, "0\r\n\r\n", "", true],
  ["a size in capitals, with zeros before it", CHUNKED, "000A\r\n0123456789\r\n0\r\n\r\n", "0123456789", true],
  ["line ends inside of a chunk", CHUNKED, "6\r\n\r\n0\r\n\r\r\n0\r\n\r\n", "\r\n0\r\n\r", true],
  ["extensions", CHUNKED, '3;name="v; w";x\r\nabc\r\n0;last\r\n\r\n', "abc", true],
  ["trailers", CHUNKED, "3\r\nabc\r\n0\r\nx-sum: 1\r\ny: 2\r\n\r\n", "abc", true],
  ["what comes behind the last chunk is not of it", CHUNKED, "1\r\na\r\n0\r\n\r\n5\r\nHTTP/", "a", true],
  ["chunks without their end", CHUNKED, "3\r\nabc\r\n", "abc", false],
  ["a chunk without its end", CHUNKED, "5\r\nabc", "abc", false],
  ["chunks that end in the trailers", CHUNKED, "0\r\nx: 1\r\n", "", false],
  ["a length", { "content-length": "3" }, "abc", "abc", true],
  ["what comes behind a length is not of it", { "content-length": "3" }, "abcdef", "abc", true],
  ["less than a length", { "content-length": "3" }, "ab", "ab", false],
  ["a length of nothing", { "content-length": "0" }, "abc", "", true],
  ["neither: to the end of the connection", {}, "abc", "abc", false],
])("%s", (_says, headers, bytes, content, isComplete) => {
  test("however it is cut", () => {
    for (const pieces of feeds(bytes)) expect(read(framing(headers), pieces)).toEqual({ content, isComplete });
  });
});

describe.each([
  ["no size", "\r\nabc"],
  ["a size that is none", "x\r\nabc"],
  ["a sign", "-3\r\nabc"],
  ["a space before the size", " 3\r\nabc"],
  ["a space behind the size", "3 \r\nabc"],
  ["LF alone behind the size", "3\nabc"],
  ["CR without LF", "3\rabc"],
  ["a size of 13 digits", "0000000000003\r\nabc"],
  ["a chunk longer than it says", "3\r\nabcd\r\n0\r\n\r\n"],
  ["a chunk shorter than it says", "3\r\nab\r\n0\r\n\r\n"],
  ["LF alone behind the chunk", "3\r\nabc\n0\r\n\r\n"],
  ["LF in an extension", "3;a\nb\r\nabc"],
  ["an endless extension", `3;${"x".repeat(20_000)}`],
  ["LF alone in the trailers", "0\r\nx: 1\n\r\n"],
  ["an endless trailer", `0\r\n${"x".repeat(20_000)}`],
])("chunks with %s are malformed", (_says, bytes) => {
  test("whole and byte by byte", () => {
    for (const pieces of feeds(bytes).slice(0, 2)) {
      expect(() => read(framing(CHUNKED), pieces)).toThrow("not framed");
    }
  });
});

test.each([
  ["HEAD", 200],
  ["GET", 204],
  ["GET", 304],
] as const)("%s answered with %i has no content, whatever its head says", (method, status) => {
  for (const headers of [CHUNKED, { "content-length": "3" }, {}]) {
    expect(read(framing(headers, status, method), [Buffer.from("abc")])).toEqual({ content: "", isComplete: true });
  }
});

test("only what has neither length nor chunks ends with its connection", () => {
  expect([{}, CHUNKED, { "content-length": "3" }].map((headers) => framing(headers).isOpenEnded)).toEqual([
    true,
    false,
    false,
  ]);
});
