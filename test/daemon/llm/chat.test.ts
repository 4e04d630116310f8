import { expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { ask, chatOver, daemonOf, linkTo } from "../../support/chatting.js";
import { modelServer } from "../../support/model-server.js";

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: string) => event({ model: "tiny-1", choices: [{ index: 0, delta: { content } }] });
const DONE = `${event({ choices: [{ delta: {}, finish_reason: "stop" }] })}${event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } })}data: [DONE]\n\n`;

async function answering(text: string) {
  const server = await modelServer(({ method, response }) => {
    response.setHeader("content-type", method === "POST" ? "text/event-stream" : "application/json");
    response.end(method === "POST" ? text : JSON.stringify({ object: "list", data: [{ id: "tiny" }] }));
  });
  const upstreams = [resolveUpstream({ name: "lm", url: server.url, dialect: "openai" })];
  return { server, daemon: await daemonOf([], 0, { upstreams }) };
}

test("over the link: start, the text that came together in one message, usage, end", async () => {
  const { daemon, server } = await answering(delta("Hel") + delta("lo.") + DONE);
  const { events, problem } = await chatOver(await linkTo(daemon), ask("lm/tiny", { temperature: 0.5, maxTokens: 9 }));
  expect(problem).toBeUndefined();
  expect(events).toEqual([
    { type: "start", model: "tiny-1" },
    { type: "text", text: "Hello." },
    { type: "usage", inputTokens: 5, outputTokens: 2 },
    { type: "end", reason: "stop" },
  ]);
  const { body } = await server.visit("POST", "/v1/chat/completions");
  expect(body).toEqual({
    model: "tiny",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    max_tokens: 9,
  });
});

test("over HTTP the type is the event's name, and the chat's own end the last event", async () => {
  const { daemon } = await answering(delta("Hello.") + DONE);
  const response = await daemon.call("llm/chat", ask("lm/tiny"));
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(await response.text()).toBe(
    [
      'event: start\ndata: {"type":"start","model":"tiny-1"}\n\n',
      'event: text\ndata: {"type":"text","text":"Hello."}\n\n',
      'event: usage\ndata: {"type":"usage","inputTokens":5,"outputTokens":2}\n\n',
      'event: end\ndata: {"type":"end","reason":"stop"}\n\n',
    ].join(""),
  );
});

test("llm/models tells the provider's models", async () => {
  const { daemon } = await answering("");
  expect(await (await daemon.call("llm/models", {})).json()).toEqual({
    models: [{ id: "lm/tiny", provider: "lm", name: "tiny" }],
    providers: [{ name: "lm", dialect: "openai", state: "ready" }],
  });
});
