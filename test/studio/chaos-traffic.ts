import { luau } from "./plugin-scene.js";

/** The long streams, by Studio's names of their types. */
export const STREAMS = ["WebSocket", "RawStream", "SSE"] as const;
/** Files to be read: `given/0` and on, of 2,000 bytes more each. */
export const FILES = 8;

/** Luau: the bridge as `connect` makes it, from its parts, for its link to be watched. */
export const bridgeOf = (url: string, token: string) => `
  bridge:close()
  local parts = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local http = game:GetService("HttpService")
  local function url() return ${luau(url)} end
  local requests = require(parts.wire.call).createCaller({
    http = http, encoding = game:GetService("EncodingService"), clock = os.clock, url = url,
    budget = require(parts.wire.budget).createBudget(os.clock), token = function() return ${luau(token)} end,
  })
  local carrier = require(parts.wire.carrier).createCarrier({
    http = http, clients = require(parts.wire["stream-clients"]).createStreamClients(http), clock = os.clock, url = url,
    requests = requests,
  })
  local told = { ups = 0, sessions = 0, downs = 0, silences = 0 }
  _G.told, _G.link = told, carrier.link
  carrier.link:watch(function(state)
    if state.stage == "up" then
      told.ups += 1
      if not state.isResumed then told.sessions += 1 end
    elseif state.stage == "down" then
      told.downs += 1
    elseif state.cause and state.cause.detail == "The daemon has gone silent." then
      told.silences += 1
    end
  end)
  _G.bridge = require(parts.bridge).createBridge(carrier)
  carrier.link:wake()`;

/** Luau: files are written and read, streams opened, and numbers sent over a socket, until it is told to stop. */
export const TRAFFIC = `
  _G.outcomes = { writes = {}, reads = {}, opens = {} }
  _G.sent, _G.stop, _G.working = 0, false, 0

  local function outcomeOf(work)
    local downs, stage = _G.told.downs, _G.link:state().stage
    local ok, thrown = pcall(work)
    if ok then return "ok" end
    local code = if type(thrown) == "table" then thrown.code else tostring(thrown)
    return if stage == "down" or _G.told.downs > downs then "down " .. code else code
  end
  local function work(each)
    _G.working += 1
    task.spawn(function()
      local turn = 0
      while not _G.stop do
        turn += 1
        each(turn)
        task.wait()
      end
      _G.working -= 1
    end)
  end

  for writer = 1, 2 do
    work(function(turn)
      local name = "w" .. writer .. "-" .. turn
      _G.outcomes.writes[name] = outcomeOf(function()
        return bridge.files:write("data", name, "content of " .. name, "absent"):expect()
      end)
    end)
  end
  work(function(turn)
    local index = turn % ${FILES}
    table.insert(_G.outcomes.reads, outcomeOf(function()
      local file = bridge.files:read("data", "given/" .. index):expect()
      if file.bytes ~= string.rep(tostring(index), index * 2000) then error("other bytes", 0) end
    end))
  end)
  work(function(turn)
    table.insert(_G.outcomes.opens, outcomeOf(function()
      local said, over = {}, Instance.new("BindableEvent")
      local client = bridge.createWebStreamClient(Type.RawStream, { Url = "puente://up/once/" .. turn })
      client.MessageReceived:Connect(function(message) table.insert(said, message) end)
      client.Closed:Connect(function() over:Fire() end)
      client.Error:Connect(function(_, says) over:Fire({ code = string.match(says, "^[%w-]+") }) end)
      local problem = over.Event:Wait()
      if problem then error(problem, 0) end
      if table.concat(said) ~= "/once/" .. turn then error("said " .. table.concat(said, "|"), 0) end
    end))
  end)

  for _, type in { ${STREAMS.map(luau).join(", ")} } do
    _G[type] = watch(type, bridge.createWebStreamClient(Type[type], { Url = "puente://up/" .. type }))
  end
  _G.WebSocket.Opened:Connect(function()
    while not _G.stop do
      _G.sent += 1
      _G.WebSocket:Send(_G.sent .. " " .. string.rep("s", _G.sent * 37 % 1000))
      task.wait()
    end
  end)`;

/** Luau: what a stream has said; of a WebSocket's messages the number alone, as a line. */
export const heardOf = (name: string) => `
  local lines = {}
  for index, line in _G.heard.${name} do
    lines[index] = if ${luau(name)} ~= "WebSocket" then line else string.gsub(line, "^(Message %d+) .*", "%1\\n")
  end
  return lines`;
