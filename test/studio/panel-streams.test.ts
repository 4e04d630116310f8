import { afterEach, expect, test } from "vitest";
import { look } from "./panel-look.js";
import { eventually, luau, type Scene, setScene } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: Pick<Scene | StreamsScene, "close">;
afterEach(() => scene.close());

test("the streams of the plugin, and the link that holds one of Studio's six", async () => {
  const own = await setScene({ files: { "a.luau": "" } });
  scene = own;
  await own.pair();
  await own.see("Over the link");
  await own.click("Streams");
  await own.see("Puente holds 1 of Studio's 6 stream clients: the link.");
  await own.see("Changes in place");
  const detail = /^open · \d+ s · \d+ B · \d+ B\/s$/;
  const before = (await own.see(detail)).find((line) => detail.test(line));
  const places = async () => (await look(own)).map(({ path, x, y }) => `${path} ${x}, ${y}`);
  const stood = await places();
  await own.sees("the seconds to pass", (lines) => lines.some((line) => detail.test(line) && line !== before));
  expect(await places()).toEqual(stood);
  await own.click("Files");
  await own.see("a.luau");
  expect(await own.texts()).not.toContain("Changes in place");
});

test("a stream that another opened is shown with its traffic, and ends when it is closed here", async () => {
  const own = await setStreams();
  scene = own;
  await own.run("bridge:close()");
  await own.run(`
    local model = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
    local http = game:GetService("HttpService")
    local requests = require(model.wire.call).createCaller({
      http = http, encoding = game:GetService("EncodingService"), clock = os.clock,
      budget = require(model.wire.budget).createBudget(os.clock),
      url = function() return ${luau(own.url)} end, token = function() return ${luau(own.daemon.token)} end,
    })
    _G.carrier = require(model.wire.carrier).createCarrier({
      http = http, clients = require(model.wire["stream-clients"]).createStreamClients(http), requests = requests,
      url = function() return ${luau(own.url)} end, clock = os.clock,
    })
    local bridge = require(model.bridge).createBridge(_G.carrier)
    _G.bridge = bridge
    _G.it = watch("it", bridge.createWebStreamClient(Type.RawStream, { Url = "puente://up/talk" }))
    local vide = require(model.Parent:FindFirstChild("vide", true):FindFirstChild("src"))
    _G.now = vide.source(os.clock())
    _G.screen = Instance.new("ScreenGui")
    _G.unmount = vide.mount(function()
      return require(model.panel.streams).Streams({
        ui = {
          theme = require(model.panel.theme).createTheme(settings().Studio),
          keyboard = require(model.panel.keyboard).createKeyboard(),
        },
        order = 1, now = _G.now, carrier = _G.carrier, action = {},
        state = function() return { stage = "online" } end,
      })
    end, _G.screen)
    function _G.shown()
      _G.now(os.clock())
      local list = {}
      for _, each in _G.screen:GetDescendants() do
        if (each:IsA("TextLabel") or each:IsA("TextButton")) and each.Visible then table.insert(list, each.Text) end
      end
      return list
    end`);
  const shown = () => own.run<string[]>("return _G.shown()");
  const see = (line: RegExp | string) =>
    eventually(`to see ${line}`, async () =>
      (await shown()).some((text) => (typeof line === "string" ? text === line : line.test(text))) ? true : undefined,
    );
  const { response, gone } = await own.origin.next();
  await see(/^connecting · /);
  response.writeHead(200).write("x".repeat(3000));
  await see("up, relay/raw");
  await see(/^open · \d+ s · 2\.9 KB · /);
  expect(await shown()).toContain("Close");
  await own.run(`for _, stream in _G.carrier.link:streams() do stream:dismiss() end`);
  await gone;
  await own.hear(/^Closed/);
  await see("No stream is open over the link.");
  // What is outside of the link the daemon counts.
  await own.run(`_G.direct = bridge.openDirect(Type.RawStream, { Url = ${luau(own.url)} .. "/v1/relay/raw/up/direct",
    Headers = { Authorization = "Bearer " .. ${luau(own.daemon.token)} } })`);
  (await own.origin.next()).response.writeHead(200).write("here");
  await see(/^Puente holds 2 of Studio's 6 stream clients: the link, a RawStream stream to 127\.0\.0\.1:\d+/);
  await see(/^At the daemon, outside of the link:\nup, relay\/raw: \d+ s, \d+ B$/);
  await own.run("_G.unmount() _G.carrier:close()");
});
