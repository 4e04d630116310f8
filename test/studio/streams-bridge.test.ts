import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, luau } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

describe.each([
  ["immediate", 6, "ErrorThenClosed"],
  ["deferred", 4, "ClosedThenError"],
] as const)(
  "the bridge's streams, signals %s, %i stream clients, failures told as %s",
  (signals, streamClients, streamFailure) => {
    let scene: StreamsScene;
    beforeAll(async () => {
      scene = await setStreams({ switches: { signals, streamClients, streamFailure } });
      await scene.linked();
    });
    afterAll(() => scene.close());

    const open = (type: string, url: string, more = "") =>
      scene.run(`_G.it = watch("it", bridge.createWebStreamClient(Type.${type}, { Url = ${luau(url)}, ${more} }))`);
    const state = () => scene.run<string>("return _G.it.ConnectionState.Name");

    test("an event stream opens, comes as it is written, and closes", async () => {
      await open("SSE", "puente://up/events?of=day");
      const { response, url } = await scene.origin.next();
      expect(url).toBe("/events?of=day");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: a\ndata: 1\n\n");
      await scene.hear(/^Message event: a/);
      expect(await state()).toBe("Open");
      response.end("data: 2\n\n");
      await scene.hear(/^Closed/);
      const heard = await scene.heard();
      expect(heard[0]).toMatch(/^Opened 200 (?:.*\r\n)*content-type: text\/event-stream/);
      expect(heard.join("\n")).toContain("data: 2\n\n");
      expect(heard.at(-1)).toBe("Closed");
      expect(await state()).toBe("Closed");
    });

    test("what comes in pieces is read as events by the bridge's reader", async () => {
      await open("SSE", "puente://up/pieces");
      await scene.run(`_G.events = {}
      local module = require(game:GetService("ServerStorage"):FindFirstChild("bridge", true))
      local reader = module.createEventReader({
        onEvent = function(event) table.insert(_G.events, event.event .. " " .. event.data) end,
        onProblem = function(problem) table.insert(_G.events, problem.code) end,
      })
      _G.it.MessageReceived:Connect(function(message) reader:feed(message) end)`);
      const { response } = await scene.origin.next();
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: tick\nda");
      response.write("ta: 1\n\ndata: two");
      response.end("\n\n");
      await scene.hear(/^Closed/);
      expect(await scene.run("return _G.events")).toEqual(expect.arrayContaining(["tick 1", "message two"]));
    });

    test("a raw stream brings status, headers and bytes, also of a refusal", async () => {
      await open(
        "RawStream",
        `${scene.url}/v1/relay/raw/up/v1/chat`,
        `Method = "POST", Body = '{"a":1}', Headers = { ["X-Mine"] = "yes" }`,
      );
      const { response, request, method } = await scene.origin.next();
      expect(method).toBe("POST");
      expect(request.headers["x-mine"]).toBe("yes");
      let body = "";
      for await (const chunk of request) body += String(chunk);
      expect(body).toBe('{"a":1}');
      response.writeHead(429, { "retry-after": "7" });
      response.end("slow down");
      await scene.hear(/^Closed/);
      const [opened, message, closed] = await scene.heard();
      expect(opened).toMatch(/^Opened 429 (?:.*\r\n)*retry-after: 7\r\n/);
      expect([message, closed]).toEqual(["Message slow down", "Closed"]);
    });

    test("a WebSocket carries messages both ways, whole ones however long", async () => {
      await open("WebSocket", "puente://up/socket");
      const sent: string[] = [];
      const connected = scene.origin.nextSocket().then((socket) => {
        socket.on("message", (message) => sent.push(String(message)));
        return socket;
      });
      // Before it is open: it waits, as in Studio.
      await scene.run(`_G.it:Send("first")`);
      const socket = await connected;
      await scene.run(`_G.it:Send("grüße")`);
      await eventually("both messages", async () => (sent.length === 2 ? true : undefined));
      expect(sent).toEqual(["first", "grüße"]);
      // What is no text is thrown back, and the link goes on.
      expect(await scene.run(`return select(2, pcall(_G.it.Send, _G.it, "\\255"))`)).toContain("UTF-8");
      const refused = `return (bridge.files:write("data", "\\255", "text", "any"):await())`;
      expect(await scene.run(refused)).toBe(false);
      socket.send("short");
      socket.send(Buffer.from([0, 255, 1]));
      socket.send("x".repeat(1_500_000));
      await scene.studio.until("three messages", "return #_G.heard.it == 4");
      const sizes = await scene.run("return { #_G.heard.it[2], #_G.heard.it[3], #_G.heard.it[4] }");
      expect(sizes).toEqual([13, 11, 1_500_008]);
      socket.close(1000);
      await scene.hear(/^Closed/);
    });

    test("a stream larger than any window arrives whole", async () => {
      await open("RawStream", "puente://up/large");
      const { response } = await scene.origin.next();
      response.writeHead(200);
      response.end("0123456789".repeat(300_000));
      await scene.hear(/^Closed/, "it", 30);
      const bytes = await scene.run(`local bytes = 0
      for _, line in _G.heard.it do if string.find(line, "^Message ") then bytes += #line - 8 end end
      return bytes`);
      expect(bytes).toBe(3_000_000);
    });

    test("to close it ends the upstream, and nothing is heard after Closed", async () => {
      await open("RawStream", "puente://up/endless");
      const { response, gone } = await scene.origin.next();
      response.writeHead(200);
      response.write("a");
      await scene.hear(/^Message a/);
      await scene.run("_G.it:Close() _G.it:Close()");
      await gone;
      expect((await scene.heard()).slice(1)).toEqual(["Message a", "Closed"]);
      expect(await state()).toBe("Closed");
    });

    test("an upstream that does not exist, and one that cannot be reached, are errors that say so", async () => {
      await open("RawStream", "puente://nobody/x");
      await scene.hear(/^Error 404 no-upstream: /);
      expect(await state()).toBe("Error");
      await open("WebSocket", "puente://gone/x");
      await scene.hear(/^Error 502 upstream-unreachable: /);
      expect(await scene.heard()).toHaveLength(1);
    });

    test("an SSE client takes no other content, as in Studio", async () => {
      await open("SSE", `${scene.url}/v1/relay/raw/up/json`);
      const { response } = await scene.origin.next();
      response.writeHead(401, { "content-type": "application/json" });
      response.end("{}");
      await scene.hear(/^Error/);
      expect(await scene.heard()).toEqual(["Error 401 Invalid Content-Type header for SSE client"]);
    });

    test("twelve streams at once spend no stream client beside the link", async () => {
      await scene.run(`_G.many = {}
      for index = 1, 12 do
        _G.many[index] = watch("many" .. index, bridge.createWebStreamClient(Type.RawStream, { Url = "puente://up/" .. index }))
      end`);
      for (let index = 1; index <= 12; index += 1) {
        const { response, url } = await scene.origin.next();
        response.writeHead(200);
        response.write(`to ${url}`);
      }
      for (let index = 1; index <= 12; index += 1)
        await scene.hear(new RegExp(`^Message to /${index}`), `many${index}`);
      expect(await scene.clients()).toMatchObject([{ type: "WebSocket", state: "Open" }]);
      await scene.run("for _, client in _G.many do client:Close() end");
      await eventually("all upstreams closed", async () => (scene.origin.connections() === 0 ? true : undefined));
    });

    test("nothing fires before the caller's resumption ends", async () => {
      const early = await scene.run<number>(`
      watch("it", bridge.createWebStreamClient(Type.RawStream, { Url = "puente://nobody/x" }))
      local stop = os.clock() + 0.3
      while os.clock() < stop do end
      return #_G.heard.it`);
      expect(early).toBe(0);
      await scene.hear(/^Error 404/);
    });

    test.each([
      ["a Url of the world", `Type.SSE, { Url = "https://example.com/" }`, "openDirect"],
      ["another port", `Type.SSE, { Url = "http://127.0.0.1:1/v1/relay/sse/up/" }`, "openDirect"],
      ["a relay of another kind", `Type.SSE, { Url = _G.url .. "/v1/relay/socket/up/x" }`, "no relay/socket for a SSE"],
      ["no Url", "Type.SSE, {}", "Url has to be a string"],
      ["no type", `nil, { Url = "puente://up/x" }`, "Enum.WebStreamClientType"],
      ["a body of a GET", `Type.SSE, { Url = "puente://up/x", Method = "GET", Body = "a" }`, "Body should be empty"],
      ["a Url that is no text", `Type.SSE, { Url = "puente://up/\\255" }`, "UTF-8"],
      ["a header that is no text", `Type.SSE, { Url = "puente://up/x", Headers = { ["X-Mine"] = "\\255" } }`, "UTF-8"],
      ["a body that is no text", `Type.SSE, { Url = "puente://up/x", Method = "POST", Body = "\\255" }`, "UTF-8"],
    ])("%s is a mistake that is thrown in words", async (_what, args, says) => {
      await scene.run(`_G.url = ${luau(scene.url)}`);
      const thrown = await scene.run<string>(`local ok, thrown = pcall(bridge.createWebStreamClient, ${args})
      return if ok then "nothing" else tostring(thrown)`);
      expect(thrown).toContain(says);
    });
  },
);
