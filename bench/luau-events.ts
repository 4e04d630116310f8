/** Microseconds an event, by what was measured. */
export type Costs = Readonly<Record<string, number>>;

/**
 * Luau: a bridge on a link whose WebSocket is a table, so that nothing but Luau is measured, and each part by itself.
 * In `ready` the JSON of a header is looked up: what is left is the plugin's own.
 */
export const measuring = (events: number) => `
local EVENTS = ${events}
local PAYLOAD = string.rep("e", 40)
local http = game:GetService("HttpService")
local model = game:GetService("ServerStorage")
local function module(name) return require(model:FindFirstChild(name, true)) end
local bridgeModule, carriers, frames = module("bridge"), module("carrier"), module("link-frame")
local Promise = module("Promise")

local function socket()
  local handlers = {}
  local function signal(name)
    return { Connect = function(_, handler) handlers[name] = handler return { Disconnect = function() end } end }
  end
  local client = { Send = function() end, Close = function() end }
  for _, name in { "Opened", "MessageReceived", "Error", "Closed" } do client[name] = signal(name) end
  return client, handlers
end

-- A carrier whose link is up. Answers it, and what takes the daemon's messages.
local function linked(json)
  local client, handlers = socket()
  local carrier = carriers.createCarrier({
    http = json,
    clients = { open = function() return client end, close = function() end },
    requests = { authorize = function() return Promise.resolve("token") end, doubt = function() end },
    url = function() return "http://127.0.0.1:27183" end,
    clock = os.clock,
  })
  carrier.link:wake()
  while handlers.MessageReceived == nil do task.wait() end
  handlers.Opened(101, "")
  handlers.MessageReceived(http:JSONEncode({ t = "welcome", session = "s", resumed = false, seen = 0, heartbeatMs = 10000 }) .. "\\n")
  return carrier, handlers.MessageReceived
end

-- Messages as the daemon writes them, one stream after another.
local function messages(streams, seen)
  local list, heads = {}, {}
  for i = 1, EVENTS do
    local head = string.format('{"t":"data","n":%d,"id":"%d"}', seen + i, (i - 1) % streams + 1)
    heads[i] = head
    list[i] = head .. "\\n" .. PAYLOAD
  end
  return list, heads
end

local function timed(work)
  local start = os.clock()
  work()
  return (os.clock() - start) / EVENTS * 1e6
end

-- The time of EVENTS messages for \`streams\` streams, which \`open\` opens one at a time.
local function fed(json, prepare, streams, open)
  local carrier, take = linked(json)
  for _ = 1, streams do open(carrier) end
  for id = 1, streams do
    take(string.format('{"t":"opened","n":%d,"id":"%d","status":200,"headers":[]}\\n', id, id))
  end
  local list, heads = messages(streams, streams)
  prepare(heads)
  local cost = timed(function()
    for _, message in list do take(message) end
  end)
  carrier:close()
  return cost
end

-- An HttpService that looks its JSON up, and what reads the JSON beforehand.
local function ready()
  local values = {}
  return {
    JSONDecode = function(_, text) return values[text] or http:JSONDecode(text) end,
    JSONEncode = function(_, value) return http:JSONEncode(value) end,
  }, function(heads)
    for _, head in heads do values[head] = http:JSONDecode(head) end
  end
end

local count
local function handler(message) count += #message end
local function counted(expected, work)
  count = 0
  local cost = work()
  assert(count == expected, \`{count} bytes of {expected} came\`)
  return cost
end

local parts = {}

function parts.whole(streams)
  return fed(http, function() end, streams, function(carrier)
    local client = bridgeModule.createBridge(carrier).createWebStreamClient("RawStream", { Url = "puente://up/" })
    client.MessageReceived:Connect(handler)
  end)
end

function parts.own(streams)
  local json, prepare = ready()
  return fed(json, prepare, streams, function(carrier)
    local opening = { op = "relay/raw", input = {}, body = "", label = "up", owner = "caller" }
    opening.onMessage, opening.onProblem = handler, function() end
    carrier.link:open(opening)
  end)
end

function parts.floor(streams)
  local _, heads = messages(streams, streams)
  local fires = {}
  for i = 1, streams do
    fires[i] = Instance.new("BindableEvent")
    fires[i].Event:Connect(handler)
  end
  return timed(function()
    for i, head in heads do
      http:JSONDecode(head)
      fires[(i - 1) % streams + 1]:Fire(PAYLOAD)
    end
  end)
end

local function each(list, work)
  return timed(function() for _, item in list do work(item) end end)
end

local function sse(reads)
  local reader = module("frames").createEventReader({
    onEvent = function(event) count += #event.data end,
    onProblem = function(problem) error(problem.code) end,
  })
  return counted(EVENTS * 32, function() return each(reads, function(read) reader:feed(read) end) end)
end

function _G.measured(list)
  local costs = {}
  for _, name in { "whole", "floor", "own" } do
    for _, streams in list do
      costs[name .. " " .. streams] = counted(EVENTS * 40, function() return parts[name](streams) end)
    end
  end

  local list, heads = messages(1, 0)
  costs.json = each(heads, function(head) http:JSONDecode(head) end)
  local event = Instance.new("BindableEvent")
  event.Event:Connect(handler)
  costs.fire = each(list, function() event:Fire(PAYLOAD) end)
  local json, prepare = ready()
  prepare(heads)
  costs.decode = each(list, function(message) frames.decodeLinkFrame(json, message) end)
  costs.cut = each(list, function(message)
    local at = string.find(message, "\\n", 1, true)
    return string.sub(message, 1, at - 1), string.sub(message, at + 1)
  end)

  local text = "data: " .. string.rep("e", 32) .. "\\n\\n"
  local single = table.create(EVENTS, text)
  local whole, large = table.concat(single), {}
  for at = 1, #whole, 16384 do table.insert(large, string.sub(whole, at, at + 16383)) end
  costs["events single"] = sse(single)
  costs["events large"] = sse(large)
  costs.find = each(single, function(read)
    return string.sub(read, 1, string.find(read, "\\n\\n", 1, true))
  end)
  return costs
end
`;

/** Luau: one run, by numbers of open streams. */
export const measured = (streams: readonly number[]) => `return _G.measured({ ${streams.join(", ")} })`;
