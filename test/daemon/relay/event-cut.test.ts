import { describe, expect, test } from "vitest";
import { cutEvents } from "../../../daemon/relay/event-cut.js";
import { LIMITS } from "../../../shared/protocol.js";
import { parseEvents } from "../../support/event-parser.js";

const BOM = "\uFEFF";
/** Streams as the platform's tests have them, in words of our own; each ends whole. */
const VECTORS: readonly (readonly [says: string, text: string, events: readonly string[]])[] = [
  ["one event", "data: a\n\n", ["message a"]],
  ["CR", "data: a\r\rdata: b\r\r", ["message a", "message b"]],
  ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", ["message a", "message b"]],
  [
    "several lines of one event",
    "event: x\r\ndata: a\r\ndata: b\r\n\r\nevent: y\rdata: c\rdata: d\r\r",
    ["x a\nb", "y c\nd"],
  ],
  ["all three mixed", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", ["message a", "message b", "message c"]],
  ["LF then CR then CRLF", "data:1\n\rdata:2\r\r\ndata:3\n\n", ["message 1", "message 2", "message 3"]],
  ["a byte order mark", `${BOM}data: a\n\n`, ["message a"]],
  ["two byte order marks: the second is part of a name", `${BOM}${BOM}data: a\n\ndata: b\n\n`, ["message b"]],
  ["a mark in the middle is part of a name", `data: a\n\n${BOM}data: b\n\n`, ["message a"]],
  ["comments", ": hello\n:\n\n:\r\n\r\ndata: a\n: in between\ndata: b\n\n", ["message a\nb"]],
  ["names", "event: x\ndata: a\n\ndata: b\n\n", ["x a", "message b"]],
  ["no data, no event", "event: x\n\nid: 3\n\ndata: a\n\n", ["message a"]],
  ["empty data is an event", "data\n\ndata:\n\ndata: \n\n", ["message ", "message ", "message "]],
  ["one space goes, two leave one", "data:a\n\ndata: a\n\ndata:  a\n\n", ["message a", "message a", "message  a"]],
  ["an unknown field", "date: x\nDATA: y\n data: z\ndata: a\n\n", ["message a"]],
  ["many blank lines", "\n\n\n\ndata: a\n\n\n\n\r\n\r\n\rdata: b\n\n", ["message a", "message b"]],
  [
    "characters of several bytes",
    "data: größe 橋 🌉\n\ndata: \u2028\u0085\n\n",
    ["message größe 橋 🌉", "message \u2028\u0085"],
  ],
  ["NUL is no line end", "data: a\0b\n\n", ["message a\0b"]],
  ["a long run of data lines", `${"data: x\n".repeat(300)}\n`, [`message ${Array(300).fill("x").join("\n")}`]],
  ["only line ends", "\r\n\r\n\n\r\r\n", []],
];

const told = (bytes: Uint8Array) => parseEvents(bytes).map(({ event, data }) => `${event} ${data}`);
/** What our own words between two pieces are; they must change nothing. */
const COMMENT = Buffer.from(":\n\n");

function feed(chunks: readonly Buffer[]): { pieces: Buffer[]; all: Buffer } {
  const cut = cutEvents();
  const pieces = [...chunks.map((chunk) => cut.take(chunk)), cut.end()].map((each) => Buffer.concat(each));
  return { pieces, all: Buffer.concat(pieces) };
}

function expectExact(text: string, events: readonly string[], chunks: readonly Buffer[]): void {
  const { pieces, all } = feed(chunks);
  const expected = Buffer.from(text.startsWith(BOM) ? text.slice(1) : text);
  expect(all.equals(expected), JSON.stringify(all.toString())).toBe(true);
  const mark = text.startsWith(`${BOM}${BOM}`) ? [Buffer.from(BOM)] : [];
  const between = Buffer.concat([...mark, COMMENT, ...pieces.flatMap((piece) => [piece, COMMENT])]);
  expect(told(between)).toEqual(events);
}

test("20 vectors", () => expect(VECTORS).toHaveLength(20));

describe.each(VECTORS)("%s", (_says, text, events) => {
  const bytes = Buffer.from(text);
  test("whole", () => expectExact(text, events, [bytes]));
  test("byte by byte", () =>
    expectExact(
      text,
      events,
      [...bytes].map((byte) => Buffer.from([byte])),
    ));
  test("at every split", () => {
    for (let at = 0; at <= bytes.length; at += 1)
      expectExact(text, events, [bytes.subarray(0, at), bytes.subarray(at)]);
  });
  test("at every pair of splits", () => {
    const short = bytes.subarray(0, 60);
    if (short.length < bytes.length) return;
    for (let first = 0; first <= short.length; first += 1) {
      for (let second = first; second <= short.length; second += 1) {
        expectExact(text, events, [short.subarray(0, first), short.subarray(first, second), short.subarray(second)]);
      }
    }
  });
});

test("an event without its end is dropped, whatever it has", () => {
  expect(feed([Buffer.from("data: a\n\ndata: b\n")]).all.toString()).toBe("data: a\n\n");
  expect(feed([Buffer.from("data: a\n\nda"), Buffer.from("ta: b")]).all.toString()).toBe("data: a\n\n");
  expect(feed([Buffer.from([0xef, 0xbb])]).all.toString()).toBe("");
});

test("several events in one chunk come at once", () => {
  expect(feed([Buffer.from("data: a\n\ndata: b\n\ndata: c")]).pieces[0]?.toString()).toBe("data: a\n\ndata: b\n\n");
});

test("an event at the limit passes, and one above it is too-large", () => {
  const atLimit = Buffer.from(`data: ${"x".repeat(LIMITS.eventBytes - 8)}\n\n`);
  const halves = [atLimit.subarray(0, 1000), atLimit.subarray(1000, -1), atLimit.subarray(-1)];
  expect(feed(halves).all.equals(atLimit)).toBe(true);
  const above = [Buffer.alloc(LIMITS.eventBytes, 0x61), Buffer.from("a")];
  expect(() => feed(above)).toThrow("too-large");
});
