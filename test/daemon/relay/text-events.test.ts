import { describe, expect, test } from "vitest";
import type { EventTransform } from "../../../daemon/relay/event-cut.js";
import { chunkEvents, guessedEvents, lineEvents } from "../../../daemon/relay/text-events.js";
import { LIMITS } from "../../../shared/protocol.js";
import { parseEvents } from "../../support/event-parser.js";

function told(transform: EventTransform, chunks: readonly (string | Buffer)[]): string[] {
  const pieces = [...chunks.map((chunk) => transform.take(Buffer.from(chunk))), transform.end()].map((each) =>
    Buffer.concat(each),
  );
  return parseEvents(Buffer.concat(pieces)).map(({ data }) => data);
}

describe("lines", () => {
  const text = '{"a":"größe"}\r\n\n  \n{"b":"🌉"}\n{"c":3}';
  const expected = ['{"a":"größe"}', '{"b":"🌉"}', '{"c":3}'];
  const bytes = Buffer.from(text);
  test("whole", () => expect(told(lineEvents(), [bytes])).toEqual(expected));
  test("byte by byte", () =>
    expect(
      told(
        lineEvents(),
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(expected));
  test("at every split", () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(told(lineEvents(), [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
      expect(told(guessedEvents(), [bytes.subarray(0, at), bytes.subarray(at)]).slice(1)).toEqual(
        at === 0 ? expect.anything() : expected.slice(1),
      );
    }
  });
  test("a long one that comes byte by byte holds nobody up", () => {
    const lines = lineEvents();
    const byte = Buffer.from("x");
    const startedMs = Date.now();
    for (let at = 0; at < LIMITS.eventBytes; at += 1) lines.take(byte);
    expect(told(lines, ["\n"])[0]).toHaveLength(LIMITS.eventBytes);
    expect(Date.now() - startedMs).toBeLessThan(5000);
  });
  test("one without an end is too-large", () => {
    expect(() => told(lineEvents(), ["x".repeat(LIMITS.eventBytes), "xx"])).toThrow("too-large");
  });
});

describe("chunks", () => {
  test("each is an event at once, cut in no character and in no CRLF", () => {
    const bytes = Buffer.from("größe");
    expect(told(chunkEvents(), [bytes.subarray(0, 3), bytes.subarray(3), "two\r", "\nlines\n"])).toEqual([
      "gr",
      "öße",
      "two",
      "\nlines\n",
    ]);
  });
  test("every line end inside of one makes a line of data", () => {
    expect(told(chunkEvents(), ["a\nb\r\nc\rd"])).toEqual(["a\nb\nc\nd"]);
  });
  test("bytes that are no text become replacement characters, not a broken stream", () => {
    expect(told(chunkEvents(), [Buffer.from([0x61, 0xff, 0x62]), Buffer.from([0xc3])])).toEqual(["a\ufffdb", "\ufffd"]);
  });
});

test.each([
  ["text", "hello\nthere", "chunks"],
  ["a number on each line", "1\n2\n", "chunks"],
  ["a document over several lines", '{\n "a": 1\n}\n', "chunks"],
  ["JSON lines", '{"a":1}\n{"b":2}\n', "lines"],
  ["the start of a JSON line", '{"a":', "lines"],
])("of what does not say what it is, %s is taken as %s", (_says, text, kind) => {
  const source = kind === "lines" ? lineEvents() : chunkEvents();
  expect(told(guessedEvents(), [text])).toEqual(told(source, [text]));
});
