import { afterEach, expect, test } from "vitest";
import { changed, RAW_SAMPLE, SSE_SAMPLE } from "./roblox-samples.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: StreamsScene;
afterEach(() => scene.close());

const CONSTRUCTOR = ["HttpService:CreateWebStreamClient(", "bridge.createWebStreamClient("] as const;

/** The key is the daemon's; a plugin has none to put behind the address. */
const SSE = changed(SSE_SAMPLE, [
  CONSTRUCTOR,
  ["https://generativelanguage.googleapis.com/", "puente://up/"],
  ["&key=", ""],
  ['geminiSecret = HttpService:GetSecret("gemini_secret")', 'geminiSecret = ""'],
  ["geminiSecret:AddPrefix(URL_GEMINI_SSE)", "URL_GEMINI_SSE"],
]);

const RAW = changed(RAW_SAMPLE, [
  CONSTRUCTOR,
  ["http://localhost:11434/", "puente://up/"],
  // It does nothing with what it decodes: here it tells.
  ["JSONDecode(message)", 'JSONDecode(message)\n\tprint("answered", json.response)'],
]);

const printed = () => scene.studio.output().map(({ text }) => text);

test.each(["immediate", "deferred"] as const)(
  "Roblox's sample of an event stream runs, signals %s",
  async (signals) => {
    scene = await setStreams({ switches: { signals } });
    const over = scene.run(SSE);
    const { response, request, method, url } = await scene.origin.next();
    expect([method, url]).toEqual(["POST", "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"]);
    expect(request.headers["content-type"]).toBe("application/json");
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end('data: {"text": "By events."}\n\n');
    await over;
    expect(printed()).toEqual([
      "Stream opened with response code: 200",
      'Stream message received: data: {"text": "By events."}\n\n',
    ]);
  },
);

test.each(["immediate", "deferred"] as const)("Roblox's sample of a raw stream runs, signals %s", async (signals) => {
  scene = await setStreams({ switches: { signals } });
  const over = scene.run(RAW);
  const { response } = await scene.origin.next();
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.end('{"response": "Two bytes meet."}\n');
  await over;
  expect(printed()).toEqual(["answered Two bytes meet."]);
});
