import { expect, onTestFinished, test } from "vitest";
import { revokeToken } from "../../../daemon/session/tokens.js";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { LIMITS } from "../../../shared/protocol.js";
import { startChaosProxy } from "../../support/chaos-proxy.js";
import { ask, type ChatEvent, chatOver, daemonOf, linkTo } from "../../support/chatting.js";
import { within } from "../../support/deadline.js";
import { type ModelServer, type ModelVisit, modelServer } from "../../support/model-server.js";
import { until } from "../../support/relaying.js";

const delta = (content: string) => `data: ${JSON.stringify({ model: "m", choices: [{ delta: { content } }] })}\n\n`;
const DONE = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const POST = ["POST", "/v1/chat/completions"] as const;

function begin({ response }: ModelVisit, ...texts: string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const text of texts) response.write(delta(text));
}

/** A daemon with a provider `lm` that answers so. */
async function daemonBefore(server: ModelServer, more: { firstByteSeconds?: number } = {}) {
  const upstreams = [resolveUpstream({ name: "lm", url: server.url, dialect: "openai", ...more })];
  return await daemonOf([], 0, { upstreams });
}

/** A chat that goes on. */
async function opened(link: Awaited<ReturnType<typeof linkTo>>, model = "lm/tiny") {
  const events: ChatEvent[] = [];
  const stream = link.open("llm/chat", ask(model), {
    onMessage: (message) => events.push(JSON.parse(message.toString())),
  });
  return { events, stream };
}

test("stop ends the provider's connection within a second: while it thinks, while it talks, and in between", async () => {
  const server = await modelServer((visit) => {
    if (visit.body["model"] !== "silent") begin(visit, ...(visit.body["model"] === "talking" ? ["a"] : []));
  });
  const link = await linkTo(await daemonBefore(server));
  for (const [index, model] of ["silent", "headers", "talking"].entries()) {
    const { events, stream } = await opened(link, `lm/${model}`);
    const visit = await server.visit(...POST, index + 1);
    if (model === "talking") await until("the first text", () => events.some(({ type }) => type === "text"));
    stream.close();
    await within(2, "the end", stream.over);
    await until(`${model}: gone`, visit.isGone, 1);
  }
  expect(server.connections()).toBe(0);
});

test("over HTTP a client that goes ends the provider's connection", async () => {
  const server = await modelServer((visit) => begin(visit, "a"));
  const daemon = await daemonBefore(server);
  const life = new AbortController();
  const response = await fetch(`${daemon.url}/v1/llm/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${daemon.token}` },
    body: JSON.stringify(ask("lm/tiny")),
    signal: life.signal,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  life.abort();
  await until("the connection has gone", (await server.visit(...POST)).isGone, 1);
});

test("KoboldCpp is told to stop, by the key of that chat and no other", async () => {
  const server = await modelServer((visit) => {
    if (visit.url === POST[1]) begin(visit, "a");
    else visit.response.end('{"success":"true"}');
  });
  const link = await linkTo(await daemonBefore(server));
  const { events, stream } = await opened(link, "lm/koboldcpp/tiny");
  const visit = await server.visit(...POST);
  await until("the first text", () => events.some(({ type }) => type === "text"));
  stream.close();
  const abort = await server.visit("POST", "/api/extra/abort");
  expect(abort.body["genkey"]).toBe(visit.body["genkey"]);
  expect(abort.body["genkey"]).toMatch(/^[0-9a-f-]{16,}$/);
});

test("a chat that has ended by itself stops nothing", async () => {
  const server = await modelServer((visit) => {
    begin(visit, "a");
    visit.response.end(DONE);
  });
  const link = await linkTo(await daemonBefore(server));
  await chatOver(link, ask("lm/koboldcpp/tiny"));
  await until("the connection has gone", () => server.connections() === 0);
  expect(server.visits.map(({ url }) => url)).toEqual([POST[1]]);
});

test("the daemon's end is told, and ends the provider's connection", async () => {
  const server = await modelServer((visit) => begin(visit, "a"));
  const daemon = await daemonBefore(server);
  const link = await linkTo(daemon);
  const { events, stream } = await opened(link);
  const overHttp = (await daemon.call("llm/chat", ask("lm/tiny"))).text();
  await until("both talk", () => events.some(({ type }) => type === "text") && server.visits.length === 2);
  await daemon.close();
  expect((await within(2, "the end", stream.over)).problem?.code).toBe("shutting-down");
  const text = await within(2, "the answer's end", overHttp);
  expect(text).toContain('event: problem\ndata: {"code":"shutting-down"');
  await until("gone", () => server.connections() === 0, 1);
});

test("a revoked token's chats end within a second, over the link and over HTTP", async () => {
  const server = await modelServer((visit) => begin(visit, "a"));
  const daemon = await daemonBefore(server);
  const token = daemon.createToken("other", ["llm"]);
  const link = await linkTo({ port: daemon.port, token });
  await opened(link);
  const overHttp = daemon.call("llm/chat", ask("lm/tiny"), token).then((response) => response.text());
  const ended = overHttp.then(
    () => true,
    () => true,
  );
  await server.visit(...POST, 2);
  expect(server.connections()).toBe(2);
  revokeToken(daemon.state, "other");
  await until("both have gone", () => server.connections() === 0, 2);
  expect(await within(2, "the answer's end", ended)).toBe(true);
});

test("a token without the scope is refused, and nothing is asked", async () => {
  const server = await modelServer((visit) => begin(visit, "a"));
  const daemon = await daemonBefore(server);
  const token = daemon.createToken("other", ["files:read", "files:write", "relay:*"]);
  for (const [name, input] of [
    ["llm/chat", ask("lm/tiny")],
    ["llm/models", {}],
  ] as const) {
    expect(await (await daemon.call(name, input, token)).json()).toMatchObject({ code: "scope-missing" });
  }
  expect(server.visits).toEqual([]);
});

test(`${LIMITS.chats} chats at once, and the next is a problem until one has ended`, async () => {
  const server = await modelServer((visit) => begin(visit, "a"));
  const link = await linkTo(await daemonBefore(server));
  const chats = [];
  for (let n = 0; n < LIMITS.chats; n += 1) chats.push(await opened(link));
  await server.visit(...POST, LIMITS.chats);
  expect((await chatOver(link, ask("lm/tiny"))).problem?.code).toBe("too-many-chats");
  chats[0]?.stream.close();
  await until("one has gone", () => server.connections() === LIMITS.chats - 1);
  const { events } = await opened(link);
  await until("it talks", () => events.some(({ type }) => type === "text"));
});

test("while nothing comes, loading is told every two seconds, and nothing of it after the first word", async () => {
  const server = await modelServer(() => undefined);
  const link = await linkTo(await daemonBefore(server));
  const { events, stream } = await opened(link);
  const visit = await server.visit(...POST);
  await until("two of loading", () => events.length === 2, 6);
  expect(events).toEqual([
    { type: "loading", seconds: 2 },
    { type: "loading", seconds: 4 },
  ]);
  begin(visit, "a");
  visit.response.end(DONE);
  await within(2, "the end", stream.over);
  expect(events.slice(2).map(({ type }) => type)).toEqual(["start", "text", "end"]);
});

test("llama.cpp's server that is loading is asked again until it has loaded", async () => {
  const server = await modelServer((visit) => {
    if (server.visits.length > 2) {
      begin(visit, "a");
      visit.response.end(DONE);
      return;
    }
    visit.response.writeHead(503, { "content-type": "application/json" });
    visit.response.end('{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}');
  });
  const link = await linkTo(await daemonBefore(server));
  const { events, problem } = await chatOver(link, ask("lm/tiny"));
  expect([events.at(-1), problem]).toEqual([{ type: "end", reason: "stop" }, undefined]);
  expect(server.visits).toHaveLength(3);
});

test("loading that takes longer than is configured is a problem; so is an answer that does not begin", async () => {
  const loading = await modelServer(({ response }) => {
    response.writeHead(503, { "content-type": "application/json" });
    response.end('{"error":{"code":503,"message":"Loading model"}}');
  });
  const link = await linkTo(await daemonBefore(loading, { firstByteSeconds: 1 }));
  expect((await chatOver(link, ask("lm/tiny"))).problem).toMatchObject({
    code: "model-not-loaded",
    detail: "lm was still loading its model after 1 s.",
  });
  const silent = await modelServer(() => undefined);
  const other = await linkTo(await daemonBefore(silent, { firstByteSeconds: 1 }));
  expect((await chatOver(other, ask("lm/tiny"))).problem?.code).toBe("upstream-timeout");
  await until("gone", () => silent.connections() === 0, 1);
});

test("a chat goes on over a link that is cut again and again: every token once, in order", async () => {
  const count = 4000;
  const server = await modelServer(({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let sent = 0;
    const timer = setInterval(() => {
      for (let burst = 0; burst < 8 && sent < count; burst += 1, sent += 1) response.write(delta(`${sent} `));
      if (sent < count) return;
      clearInterval(timer);
      response.end(DONE);
    }, 4);
    response.on("close", () => clearInterval(timer));
  });
  const daemon = await daemonBefore(server);
  const proxy = await startChaosProxy(daemon.port);
  onTestFinished(() => proxy.close());
  const link = await linkTo(daemon, { via: proxy.port, endless: true });
  const { events, stream } = await opened(link);
  let cuts = 0;
  const cutting = setInterval(() => {
    cuts += 1;
    link.cut();
  }, 150);
  const { problem } = await within(25, "the end of the chat", stream.over).finally(() => clearInterval(cutting));
  expect(problem).toBeUndefined();
  expect(cuts).toBeGreaterThan(3);
  expect(link.losses()).toBe(0);
  const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
  expect(text).toBe(Array.from({ length: count }, (_none, at) => `${at} `).join(""));
  expect(events.at(-1)).toEqual({ type: "end", reason: "stop" });
});

test("a reader that takes nothing makes the provider wait; what waits is told in few messages", async () => {
  let sent = 0;
  const server = await modelServer(({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const piece = delta("0123456789".repeat(10)).repeat(100);
    const more = () => {
      while (!response.destroyed && sent < 400_000) {
        sent += 100;
        if (!response.write(piece)) {
          response.once("drain", more);
          return;
        }
      }
      response.end(DONE);
    };
    more();
  });
  const link = await linkTo(await daemonBefore(server));
  let bytes = 0;
  let messages = 0;
  const stream = link.open("llm/chat", ask("lm/tiny"), {
    credit: 64 * 1024,
    byHand: true,
    onMessage(message) {
      bytes += message.length;
      messages += 1;
    },
  });
  await until("the window is full", () => bytes > 32 * 1024);
  let before = -1;
  // It stands still once what is between is full.
  await until("the provider waits", async () => {
    const stands = sent === before;
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return stands;
  });
  expect(sent).toBeLessThan(200_000);
  expect(bytes).toBeLessThan(200_000);
  stream.grant(64 * 1024 * 1024);
  await within(20, "the end", stream.over);
  expect(bytes).toBeGreaterThan(40_000_000);
  // 400,000 tokens.
  expect(messages).toBeLessThan(20_000);
});
