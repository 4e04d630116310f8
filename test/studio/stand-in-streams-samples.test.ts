import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/relaying.js";
import { changed, RAW_SAMPLE, SSE_SAMPLE } from "./roblox-samples.ts";
import { type Studio, startStudio } from "./stand-in/index.ts";
import { writeRbxmx } from "./stand-in/write-rbxmx.ts";
import { httpServer, type Listening, withStudio } from "./stand-in-streams-watch.ts";

const EVENTS = ["one", "two", "three"].map((text) => `data: {"text":"${text}"}\r\n\r\n`);
const LINES = ["Why", " not", "?"].map((response) => `${JSON.stringify({ response, done: response === "?" })}\n`);

let server: Listening;
/** The messages that the sample under way has printed. */
let told: () => readonly string[];
const asked: { url: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  server = await httpServer((request, response) => void serve(request, response));
});

afterAll(() => server.close());

function printedBy(studio: Studio, start: string): string[] {
  return studio
    .output()
    .map(({ text }) => text)
    .filter((text) => text.startsWith(start));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  asked.push({ url: request.url, body: JSON.parse(Buffer.concat(pieces).toString()) });
  const isSse = request.url?.includes("alt=sse") === true;
  response.writeHead(200, { "Content-Type": isSse ? "text/event-stream" : "application/x-ndjson" });
  for (const [index, piece] of (isSse ? EVENTS : LINES).entries()) {
    response.write(piece);
    // Each on its own, as a model speaks: what is written together is read together.
    await until(`the sample has told of message ${index + 1}`, () => told().length > index);
  }
  response.end();
}

test.each(["immediate", "deferred"] as const)("Roblox's SSE sample runs, with %s signals", async (signals) => {
  await withStudio({ signals, secrets: { gemini_secret: "a-key" } }, async (studio) => {
    told = () => printedBy(studio, "Stream message received");
    await studio.run(changed(SSE_SAMPLE, [["https://generativelanguage.googleapis.com", `http://${server.host}`]]));
    expect(studio.output().map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "print: Stream opened with response code: 200",
      ...EVENTS.map((text) => `print: Stream message received: ${text}`),
    ]);
    expect(asked.at(-1)).toEqual({
      url: "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse&key=a-key",
      body: { contents: { parts: { text: "How does the SSE protocol work?" } } },
    });
  });
});

test.each(["immediate", "deferred"] as const)("Roblox's RawStream sample runs, with %s signals", async (signals) => {
  await withStudio({ signals }, async (studio) => {
    told = () => printedBy(studio, "answered");
    await studio.run(
      changed(RAW_SAMPLE, [
        ["http://localhost:11434", `http://${server.host}`],
        // It does nothing with what it decodes: here it tells.
        ["JSONDecode(message)", 'JSONDecode(message)\n\tprint("answered", json.response)'],
      ]),
    );
    // The sample ends with `close`, a name that no client has: its own pcall says so.
    expect(studio.output().map(({ text }) => text)).toEqual([
      "answered Why",
      "answered  not",
      "answered ?",
      'WebStreamClient failed: close is not a valid member of WebStreamClient "WebStreamClient"',
    ]);
    expect(asked.at(-1)?.body).toEqual({ model: "llama3.2", prompt: "Tell me a funny joke" });
  });
});

test("a plugin gets no secret", async () => {
  const plugin = await writeRbxmx("curious", [
    {
      name: "main",
      source: `print(pcall(function() return game:GetService("HttpService"):GetSecret("key") end))`,
    },
  ]);
  const studio = await startStudio({ plugins: [plugin.path], switches: { secrets: { key: "hidden" } } });
  expect(studio.output().map(({ text }) => text)).toEqual(["false Can't find secret with given key"]);
  await studio.close();
  await plugin.remove();
});

test("a secret can be built upon and not read", async () => {
  await withStudio({ secrets: { key: "hidden" } }, async (studio) => {
    expect(
      await studio.run(`
        local secret = game:GetService("HttpService"):GetSecret("key"):AddSuffix("x"):AddPrefix("y")
        return { typeof(secret), tostring(secret), select(2, pcall(function() return secret.Value end)),
          select(2, pcall(function() return game:GetService("HttpService"):GetSecret("other") end)) }`),
    ).toEqual(["Secret", "Secret(key)", "Value is not a valid member of Secret", "Can't find secret with given key"]);
  });
});
