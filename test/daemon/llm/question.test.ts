import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { LIMITS } from "../../../shared/protocol.js";
import { ask, type ChatInput, chatOver, daemonOf, linkTo } from "../../support/chatting.js";
import { modelServer } from "../../support/model-server.js";
import { tempRoot } from "../../support/temp-root.js";

const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");
const DONE = 'data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

async function place() {
  const { folder } = tempRoot({ "note.txt": "no picture", "src/deep.lua": "return 1" });
  const put = (name: string, bytes: Buffer) => writeFileSync(join(folder, name), bytes);
  mkdirSync(join(folder, "art"));
  put("art/a.png", PNG);
  put("art/b.bin", Buffer.from("ffd8ffe000104a46", "hex"));
  put("art/c.gif", Buffer.from("GIF89a..."));
  put("art/d.webp", Buffer.concat([Buffer.from("RIFF"), Buffer.from([1, 2, 3, 10]), Buffer.from("WEBPVP8 ")]));
  put("art/large.png", Buffer.concat([PNG, randomBytes(LIMITS.chatImageBytes - 10)]));
  const server = await modelServer(({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(DONE);
  });
  const upstreams = [resolveUpstream({ name: "lm", url: server.url, dialect: "openai" })];
  const daemon = await daemonOf([{ name: "place", folder, access: "read" }], 0, { upstreams });
  return { server, daemon };
}

const looking = (...paths: string[]): ChatInput =>
  ask("lm/tiny", {
    messages: [{ role: "user", text: "Look.", images: paths.map((path) => ({ root: "place", path })) }],
  });

test("pictures of a root go with the question, as what they are by their first bytes", async () => {
  const { server, daemon } = await place();
  const link = await linkTo(daemon);
  const { events } = await chatOver(link, looking("art/a.png", "art/b.bin", "art/c.gif", "art/d.webp"));
  expect(events.at(-1)?.type).toBe("end");
  const { body } = await server.visit("POST", "/v1/chat/completions");
  const content = (body["messages"] as unknown as { content: { image_url?: { url: string } }[] }[])[0]?.content;
  expect(content?.slice(1).map(({ image_url }) => image_url?.url.split(",")[0])).toEqual([
    "data:image/png;base64",
    "data:image/jpeg;base64",
    "data:image/gif;base64",
    "data:image/webp;base64",
  ]);
  expect(content?.[1]?.image_url?.url).toBe(`data:image/png;base64,${PNG.toString("base64")}`);
});

test("pictures that cannot be sent are a problem, and the model is asked nothing", async () => {
  const { server, daemon } = await place();
  const link = await linkTo(daemon);
  for (const [input, code] of [
    [looking("note.txt"), "invalid-input"],
    [looking("art/none.png"), "not-found"],
    [looking("../secret.png"), "invalid-path"],
    [looking("art"), "not-regular"],
    [looking("art/large.png", "art/a.png"), "too-large"],
    [ask("lm/tiny", { messages: [{ role: "user", images: [{ root: "other", path: "a.png" }] }] }), "no-root"],
  ] as const) {
    expect((await chatOver(link, input)).problem, JSON.stringify(input)).toMatchObject({ code });
  }
  expect(server.visits).toEqual([]);
});

test("pictures of the most bytes there may be are sent", async () => {
  const { server, daemon } = await place();
  const { events } = await chatOver(await linkTo(daemon), looking("art/large.png"));
  expect(events.at(-1)?.type).toBe("end");
  expect(server.visits).toHaveLength(1);
});

test("pictures need the scope files:read beside llm", async () => {
  const { server, daemon } = await place();
  const alone = await linkTo({ port: daemon.port, token: daemon.createToken("alone", ["llm"]) });
  expect((await chatOver(alone, looking("art/a.png"))).problem?.code).toBe("scope-missing");
  expect((await chatOver(alone, ask("lm/tiny"))).events.at(-1)?.type).toBe("end");
  const both = await linkTo({ port: daemon.port, token: daemon.createToken("both", ["llm", "files:read"]) });
  expect((await chatOver(both, looking("art/a.png"))).events.at(-1)?.type).toBe("end");
  expect(server.visits).toHaveLength(2);
});

const tool = (name: string, parameters: unknown = {}) => ({ name, description: "", parameters });

test.each<readonly [says: string, more: Partial<ChatInput>, at: string]>([
  ["no message", { messages: [] }, "messages"],
  ["a message without anything", { messages: [{ role: "user" }] }, "messages[0]"],
  [
    "a picture of the system's",
    { messages: [{ role: "system", text: "a", images: [{ root: "r", path: "p" }] }] },
    "messages[0]",
  ],
  [
    "a call of the user's",
    { messages: [{ role: "user", text: "a", toolCalls: [{ id: "c", name: "n", arguments: "{}" }] }] },
    "messages[0]",
  ],
  [
    "a result of no call",
    {
      messages: [
        { role: "user", text: "a" },
        { role: "tool", text: "a" },
      ],
    },
    "messages[1]",
  ],
  ["a call's id where there is no result", { messages: [{ role: "user", text: "a", callId: "c" }] }, "messages[0]"],
  ["two tools of a name", { tools: [tool("a"), tool("a")] }, "tools"],
  ["a tool without a name", { tools: [tool("")] }, "tools[0]"],
  ["parameters that are no object", { tools: [tool("a", "x")] }, "tools[0]"],
])("%s is refused at once", async (_says, more, at) => {
  const { server, daemon } = await place();
  const response = await daemon.call("llm/chat", ask("lm/tiny", more));
  expect([response.status, await response.json()]).toEqual([
    400,
    expect.objectContaining({ code: "invalid-input", at }),
  ]);
  expect(server.visits).toEqual([]);
});

test("Luau's empty tables are empty lists and empty objects", async () => {
  const { server, daemon } = await place();
  const input = {
    model: "lm/tiny",
    messages: [{ role: "user", text: "a", images: {}, toolCalls: {} }],
    tools: [{ name: "now", description: "The time.", parameters: [] }],
    stop: {},
  };
  const response = await daemon.call("llm/chat", input);
  expect(await response.text()).toContain('{"type":"end","reason":"stop"}');
  const { body } = await server.visit("POST", "/v1/chat/completions");
  expect(body["messages"]).toEqual([{ role: "user", content: "a" }]);
  expect(body["tools"]).toEqual([
    { type: "function", function: { name: "now", description: "The time.", parameters: { type: "object" } } },
  ]);
  expect(body).not.toHaveProperty("stop");
});

test("a call whose arguments were no object is told again as one without any", async () => {
  const { server, daemon } = await place();
  const messages: ChatInput["messages"] = [
    { role: "user", text: "a" },
    { role: "assistant", toolCalls: [{ id: "c", name: "n", arguments: '{"pa' }] },
    { role: "tool", callId: "c", text: "These are no arguments." },
  ];
  await (await daemon.call("llm/chat", ask("lm/tiny", { messages }))).text();
  const { body } = await server.visit("POST", "/v1/chat/completions");
  expect(body["messages"]).toMatchObject([{}, { tool_calls: [{ function: { arguments: "{}" } }] }, {}]);
});

test("a conversation of 3 MB goes over the link and over HTTP", async () => {
  const { server, daemon } = await place();
  const input = ask("lm/tiny", { messages: [{ role: "user", text: "x".repeat(3_000_000) }] });
  const { events } = await chatOver(await linkTo(daemon), input);
  expect(events.at(-1)?.type).toBe("end");
  expect(await (await daemon.call("llm/chat", input)).text()).toContain('"end"');
  expect(server.visits).toHaveLength(2);
  const longer = ask("lm/tiny", { messages: [{ role: "user", text: "x".repeat(3_200_000) }] });
  expect((await daemon.call("llm/chat", longer)).status).toBe(413);
});
