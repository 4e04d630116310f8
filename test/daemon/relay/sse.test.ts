import { expect, test } from "vitest";
import { parseEvents } from "../../support/event-parser.js";
import { get, relaying, send, untilText, whole } from "../../support/relaying.js";

const scene = relaying();
const END = "event: end\ndata: {}\n\n";
const problemOf = (body: Buffer) => {
  const problems = parseEvents(body).filter(({ event }) => event === "problem");
  expect(problems).toHaveLength(1);
  return JSON.parse(problems[0]?.data ?? "") as { code: string; detail: string; status?: number; body?: string };
};

/** Asks, lets the origin answer, and answers the whole stream. */
async function relay(type: string | undefined, parts: readonly (string | Buffer)[], status = 200) {
  const asked = send(scene.daemon, "sse/up/v1/chat", { method: "POST", body: "{}" });
  const { response } = await scene.origin.next();
  response.writeHead(status, type === undefined ? {} : { "content-type": type });
  response.flushHeaders();
  const incoming = await asked.answer;
  const all = whole(incoming);
  for (const part of parts) {
    await new Promise((resolve) => response.write(part, resolve));
  }
  response.end();
  return all;
}

const words = (body: Buffer) => parseEvents(body).map(({ event, data }) => `${event} ${data}`);

test("events pass byte for byte, and `event: end` is last", async () => {
  const stream = ": hello\r\n\r\nid: 1\nevent: x\ndata: größe\r\r\ndata: b\n\n";
  const bytes = Buffer.from(stream);
  const answer = await relay("text/event-stream; charset=utf-8", [bytes.subarray(0, 31), bytes.subarray(31)]);
  expect(answer.body.toString()).toBe(stream + END);
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  expect([answer.status, answer.isClean]).toEqual([200, true]);
});

test("JSON lines become events, one a line, wherever they are cut", async () => {
  const answer = await relay("application/x-ndjson", ['{"a":1}\n{"b"', ':"größe"}\r\n\n', '{"c":3}']);
  expect(words(answer.body)).toEqual(['message {"a":1}', 'message {"b":"größe"}', 'message {"c":3}', "end {}"]);
});

test("JSON lines are known without their type, and a document stays text", async () => {
  expect(words((await relay("application/json", ['{"a":1}\n{"b":2}\n'])).body)).toEqual([
    'message {"a":1}',
    'message {"b":2}',
    "end {}",
  ]);
  expect(words((await relay("application/json", ['{"a"', ":1}"])).body)).toEqual(['message {"a":1}', "end {}"]);
  expect(words((await relay("application/json", ['{\n  "a": 1\n}\n'])).body)).toEqual([
    'message {\n  "a": 1\n}\n',
    "end {}",
  ]);
});

test.each([400, 401, 404, 429, 500, 503])(
  "a %i of the upstream is an `event: problem` with its status and body",
  async (status) => {
    const answer = await relay("application/json", ['{"error":"no"}'], status);
    expect([answer.status, answer.isClean]).toEqual([200, true]);
    expect(problemOf(answer.body)).toMatchObject({ code: "upstream-error", status, body: '{"error":"no"}' });
    expect(words(answer.body).at(-1)).toBe("end {}");
  },
);

test("an error's body is told as far as 64 KiB", async () => {
  const answer = await relay("text/plain", ["x".repeat(200_000)], 500);
  expect(problemOf(answer.body).body).toHaveLength(64 * 1024);
});

test("an error that is an event stream is a problem all the same", async () => {
  const answer = await relay("text/event-stream", ["data: no\n\n"], 500);
  expect(problemOf(answer.body)).toMatchObject({ status: 500, body: "data: no\n\n" });
});

test("an upstream that breaks off in an event: the whole ones, a problem, the end", async () => {
  const asked = send(scene.daemon, "sse/up/dying");
  const { response } = await scene.origin.next();
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("data: whole\n\ndata: hal");
  const incoming = await asked.answer;
  const all = whole(incoming);
  await untilText(incoming, "the whole event", (text) => text.includes("whole"));
  response.destroy();
  const answer = await all;
  expect(answer.isClean).toBe(true);
  expect(words(answer.body)[0]).toBe("message whole");
  expect(answer.body.toString()).not.toContain("hal\n");
  expect(problemOf(answer.body).code).toBe("upstream-failed");
  expect(answer.body.toString().endsWith(END)).toBe(true);
});

test("the answer begins before the upstream has said anything, and silence is filled with comments", async () => {
  const asked = send(scene.daemon, "sse/up/thinking");
  const { response } = await scene.origin.next();
  const incoming = await asked.answer;
  expect([incoming.statusCode, incoming.headers["content-type"]]).toEqual([200, "text/event-stream"]);
  const all = whole(incoming);
  expect(await untilText(incoming, "a heartbeat", (text) => text !== "")).toBe(":\n\n");
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("data: half of an ev");
  await untilText(incoming, "a second heartbeat, before the rest of the event", (text) => text !== "");
  response.end("ent\n\n");
  expect((await all).body.toString()).toBe(`:\n\n:\n\ndata: half of an event\n\n${END}`);
});

test("the headers of a stream name nothing of the upstream", async () => {
  const asked = get(scene.daemon, "sse/up/x");
  const { response } = await scene.origin.next();
  response.writeHead(204, { "set-cookie": "a=b" }).end();
  const answer = await asked;
  expect(answer.body.toString()).toBe(END);
  expect(answer.headers).not.toHaveProperty("set-cookie");
});
