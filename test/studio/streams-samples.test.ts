import { afterEach, expect, test } from "vitest";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: StreamsScene;
afterEach(() => scene.close());

/** The samples of Roblox's page on CreateWebStreamClient, in its words but for the Url and the constructor's call. */
const SSE_SAMPLE = `
local HttpService = game:GetService("HttpService")

local URL_GEMINI_SSE = "puente://up/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"

local function handleOpen(responseStatusCode, headers)
	print("Stream opened with response code:", responseStatusCode)
end
local function handleMessage(message)
	-- Parse events depending on the stream type
	print("Stream message received:", message)
end

local function request()
	local sse_client = bridge.createWebStreamClient(Enum.WebStreamClientType.RawStream, {
		Url = URL_GEMINI_SSE,
		Method = "POST",
		Headers = {
			["Content-Type"] = "application/json", -- When sending JSON, set this!
		},
		Body = HttpService:JSONEncode({ contents = { parts = { text ="How does the SSE protocol work?" }}}),
	})
	local openConnection = sse_client.Opened:Connect(handleOpen)
	local messageConnection = sse_client.MessageReceived:Connect(handleMessage)
	sse_client.Closed:Wait()
	openConnection:Disconnect()
	messageConnection:Disconnect()
end

-- Remember to wrap the function in a 'pcall' to prevent the script from breaking if the request fails
local success, message = pcall(request)
if not success then
	print("WebStreamClient failed:", message)
end
`;

const RAW_SAMPLE = `
local HttpService = game:GetService("HttpService")
local LOCAL_LLM_PORT = "puente://up/api/generate?stream=true"

local function handleMessage(message)
	-- Parse events depending on the stream type
	-- If response Content-Type header is JSON, you can decode it like this:
	local json = HttpService:JSONDecode(message)
	print("answered", json.response)
end
local function handleError(responseStatusCode, errorMessage)
	print("Stream error with response code:", responseStatusCode)
end

local function request()
	local sse_client = bridge.createWebStreamClient(Enum.WebStreamClientType.RawStream, {
		-- Llama3.2 LLM server running locally using Ollama
		Url = LOCAL_LLM_PORT,
		Method = "POST",
		Headers = {
			["Content-Type"] = "application/json", -- When sending JSON, set this!
		},
		Body = HttpService:JSONEncode({ model="llama3.2", prompt ="Tell me a funny joke"}),
	})
	local messageConnection = sse_client.MessageReceived:Connect(handleMessage)
	local errorConnection = sse_client.Error:Connect(handleError)
	sse_client.Closed:Wait()
	messageConnection:Disconnect()
	errorConnection:Disconnect()
	sse_client:close()
end

-- Remember to wrap the function in a 'pcall' to prevent the script from breaking if the request fails
local success, message = pcall(request)
if not success then
	print("WebStreamClient failed:", message)
end
`;

const printed = () => scene.studio.output().map(({ text }) => text);
test.each(["immediate", "deferred"] as const)(
  "Roblox's sample of an event stream runs, signals %s",
  async (signals) => {
    scene = await setStreams({ switches: { signals } });
    const over = scene.run(SSE_SAMPLE);
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
  const over = scene.run(RAW_SAMPLE);
  const { response } = await scene.origin.next();
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.end('{"response": "Two bytes meet."}\n');
  await over;
  expect(printed()).toEqual(["answered Two bytes meet."]);
});
