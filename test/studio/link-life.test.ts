import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { puente, serve } from "../support/cli.js";
import { startHostRename } from "./host-rename.js";
import { startImpostor } from "./impostor.js";
import { eventually, luau } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: StreamsScene;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await scene.close();
  for (const close of closers.splice(0)) await close();
});

const open = (type: string, path: string) =>
  scene.run(`_G.it = watch("it", bridge.createWebStreamClient(Type.${type}, { Url = "puente://up/${path}" }))`);

test("whoever takes the daemon's port is not told the token by the link; who knows it gets the link's request", async () => {
  scene = await setStreams();
  await scene.linked();
  const { port, token } = scene.daemon;
  const secret = token.split(".")[1] ?? "";
  await scene.daemon.close();
  const stranger = await startImpostor({ port });
  await eventually("two proofs", async () => stranger.asked("session/prove").at(1), 20);
  expect(stranger.everything()).not.toContain(secret);
  expect(stranger.asked("link")).toEqual([]);
  await stranger.close();
  const friend = await startImpostor({ port, secret });
  closers.push(() => friend.close());
  await eventually("a request for the link", async () => friend.asked("link").at(0), 20);
  expect(friend.everything()).toContain(secret);
});

test("a daemon that ends tells the streams so; once it is back, new ones open", async () => {
  scene = await setStreams();
  await scene.linked();
  await open("RawStream", "a");
  (await scene.origin.next()).response.writeHead(200).write("here");
  await scene.hear(/^Message here/);
  await scene.daemon.restart();
  await scene.hear(/^Error 503 shutting-down: /, "it", 20);
  expect((await scene.heard()).filter((line) => /^(Error|Closed)/.test(line))).toHaveLength(1);
  await scene.linked(20);
  await open("RawStream", "b");
  (await scene.origin.next()).response.writeHead(200).end("again");
  await scene.hear(/^Closed/);
});

test("a daemon that was killed knows nothing of before: streams end with session-lost, and new ones open", async () => {
  scene = await setStreams();
  const home = mkdtempSync(join(tmpdir(), "puente-killed-"));
  closers.push(async () => rmSync(home, { recursive: true, force: true }));
  const token = (await puente(["token", "create", "--name", "test", "--scope", "all"], { home })).stdout.trim();
  const args = ["--upstream", `up=${scene.origin.url}`, "--port"];
  let daemon = await serve([...args, "0"], { home });
  closers.push(async () => void (await daemon.end("SIGKILL")));
  await scene.run(`_G.bridge:close()
    local model = game:GetService("ServerStorage"):FindFirstChild("bridge", true)
    _G.bridge = require(model).connect({
      url = ${luau(daemon.url)}, token = ${luau(token)}, unloading = _G.unloading.Event,
    }):expect()`);
  await scene.linked();
  await open("RawStream", "a");
  (await scene.origin.next()).response.writeHead(200).write("here");
  await scene.hear(/^Message here/);
  await daemon.end("SIGKILL");
  daemon = await serve([...args, `${daemon.port}`], { home });
  await scene.hear(/^Error 410 session-lost: /, "it", 20);
  expect((await scene.heard()).filter((line) => /^(Error|Closed)/.test(line))).toHaveLength(1);
  await open("RawStream", "b");
  (await scene.origin.next()).response.writeHead(200).end("again");
  await scene.hear(/^Closed/);
});

test("a link that goes silent is given up after two beats and resumed, nothing lost", async () => {
  const made: { proxy?: ChaosProxy } = {};
  scene = await setStreams({
    port: async (daemon) => {
      const rename = await startHostRename(daemon);
      const proxy = await startChaosProxy(rename.port);
      rename.from(proxy.port);
      closers.push(
        () => proxy.close(),
        () => rename.close(),
      );
      made.proxy = proxy;
      return proxy.port;
    },
  });
  const { proxy } = made;
  await scene.linked();
  await open("RawStream", "quiet");
  const { response } = await scene.origin.next();
  response.writeHead(200).write("one");
  await scene.hear(/^Message one/);
  proxy?.stall();
  response.write("two");
  await eventually(
    "the link to be given up",
    async () => ((await scene.clients()).length === 0 ? true : undefined),
    40,
  );
  proxy?.flow();
  await scene.hear(/^Message two/, "it", 20);
  expect((await scene.heard()).slice(1)).toEqual(["Message one", "Message two"]);
});

test("a link is renewed before Studio would end it: streams go on, with one client at a time", async () => {
  scene = await setStreams({ switches: { streamClients: 1 } });
  await scene.run("bridge:close()");
  await scene.run(`
    local wire = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent.wire
    local http = game:GetService("HttpService")
    local requests = require(wire.call).createCaller({
      http = http, encoding = game:GetService("EncodingService"), clock = os.clock,
      budget = require(wire.budget).createBudget(os.clock),
      url = function() return ${luau(scene.url)} end, token = function() return ${luau(scene.daemon.token)} end,
    })
    _G.renewals, _G.got = 0, {}
    _G.link = require(wire.link).createLink({
      http = http, clients = require(wire["stream-clients"]).createStreamClients(http), clock = os.clock, ageSeconds = 1,
      url = function() return ${luau(scene.url)} end,
      authorize = function() return requests:authorize() end,
      doubt = function() requests:doubt() end,
    })
    _G.link:watch(function(state) if state.stage == "up" then _G.renewals += 1 end end)
    _G.link:wake()
    _G.link:open({
      op = "relay/socket", input = { upstream = "up", rest = "chat" }, body = "", label = "up", owner = "caller",
      onMessage = function(message) table.insert(_G.got, message) end,
      onClosed = function() table.insert(_G.got, "closed") end,
      onProblem = function(problem) table.insert(_G.got, problem.code) end,
    })`);
  const socket = await scene.origin.nextSocket();
  const sent: string[] = [];
  const telling = setInterval(() => {
    sent.push(String(sent.length + 1));
    socket.send(String(sent.length));
  }, 5);
  try {
    await scene.studio.until("three renewals", "return _G.renewals >= 4", { seconds: 30 });
  } finally {
    clearInterval(telling);
  }
  await scene.studio.until("all messages", `return #_G.got >= ${sent.length}`);
  expect(await scene.run("return _G.got")).toEqual(sent);
  await scene.run("_G.link:close()");
});
