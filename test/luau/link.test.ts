import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "../../shared/protocol.js";
import { authorsStudio } from "../studio/authors-plugin.js";
import type { Studio } from "../studio/stand-in/index.js";

/**
 * Luau: a link whose clock, token and WebSockets the test decides. `made` has the clients in order; `say` is the
 * daemon's side of the last one, and `greet` its welcome of a new session.
 */
const LINK = `
  local wire = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent.wire
  local Promise = require(game:GetService("ServerStorage"):FindFirstChild("Promise", true))
  local http = game:GetService("HttpService")
  local now, refused, made, heard = 0, nil, {}, {}
  local function makeClient()
    local client, events = { sent = {}, closed = false, fails = false }, {}
    for _, name in { "Opened", "MessageReceived", "Error", "Closed" } do
      events[name] = Instance.new("BindableEvent")
      client[name] = events[name].Event
    end
    function client.fire(name, ...) events[name]:Fire(...) end
    function client:Send(message)
      if client.fails then error("Send fails") end
      table.insert(client.sent, message)
    end
    function client:Close() client.closed = true end
    table.insert(made, client)
    return client
  end
  local link = require(wire.link).createLink({
    http = http,
    clock = function() return now end,
    url = function() return "http://127.0.0.1:27183" end,
    clients = { open = function() return makeClient() end },
    authorize = function() return if refused then Promise.reject(refused) else Promise.resolve("id.secret") end,
    doubt = function() end,
  })
  local function say(header, payload) made[#made].fire("MessageReceived", http:JSONEncode(header) .. "\\n" .. (payload or "")) end
  local function client(count)
    local stop = os.clock() + 5
    while #made < count do
      assert(os.clock() < stop, "no client " .. count)
      task.wait()
    end
    made[count].fire("Opened", 101, "")
    return made[count]
  end
  local function greet(session)
    say({ t = "welcome", session = session, resumed = false, seen = 0, heartbeatMs = 10000 })
  end
  local function open(name, more)
    local opening = {
      op = "relay/socket", input = { upstream = "up", rest = name }, body = "", label = "up", owner = "caller",
      onMessage = function(message) table.insert(heard, name .. " " .. message) end,
      onClosed = function() table.insert(heard, name .. " closed") end,
      onProblem = function(problem) table.insert(heard, name .. " " .. problem.code) end,
    }
    for key, value in more or {} do opening[key] = value end
    return link:open(opening)
  end
  local MIB = string.rep("x", 1024 * 1024)
  local TOO_LONG = string.rep("x", ${LIMITS.linkHeadBytes})
`;

describe("the plugin's link", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio();
  });
  afterAll(() => studio.close());

  const run = <T>(code: string) => studio.run<T>(`${LINK}${code}`);

  test("a stream that is opened as the session is lost is asked for in the next one", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      open("a", { onProblem = function(problem)
        table.insert(heard, "a " .. problem.code)
        open("b")
      end })
      say({ t = "beat" })
      say({ t = "data", n = 7, id = "1" })
      local second = client(2)
      greet("two")
      local asked = string.find(second.sent[#second.sent], '"rest":"b"', 1, true) ~= nil
      link:close()
      return { made[1].closed, asked, heard[1], heard[2] }`;
    // The last word is of the close.
    expect(await run(code)).toEqual([true, true, "a session-lost", "b session-lost"]);
  });

  test("is not up where its WebSocket ends as it is greeted", async () => {
    const code = `open("a")
      link:wake()
      client(1).fails = true
      greet("one")
      local stage = link:state().stage
      link:close()
      return stage`;
    expect(await run(code)).toBe("opening");
  });

  test("that is away for longer than the daemon keeps it loses its session, also where nothing is unacked", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      open("a")
      say({ t = "ack", seen = 1 })
      refused = { code = "daemon-offline", detail = "away" }
      made[1].fire("Closed")
      now = 119
      task.wait(1)
      local before = #heard
      now = 121
      local stop = os.clock() + 5
      while #heard == 0 and os.clock() < stop do task.wait() end
      local after = heard[1]
      link:close()
      return { before, after }`;
    expect(await run(code)).toEqual([0, "a session-lost"]);
  });

  test("a stream that cannot be written fails by itself, and the link comes up", async () => {
    const code = `open("a", { input = { upstream = "up", rest = "\\255" } })
      local other = open("b")
      link:wake()
      client(1)
      greet("one")
      task.wait()
      local found = { link:state().stage, heard[1], #link:streams() }
      link:close()
      return found`;
    expect(await run(code)).toEqual(["up", "a fault", 1]);
  });

  test("a stream with a header line longer than the daemon reads fails by itself, and nothing of it is sent", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      open("a", { input = { upstream = "up", rest = TOO_LONG } })
      task.wait()
      local found = { heard[1], #made[1].sent, #link:streams() }
      link:close()
      return found`;
    expect(await run(code)).toEqual(["a stream-full", 1, 0]);
  });

  test("a call whose input is longer than a header line is for requests", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      local ok, problem = link:call("files/read-many", { root = "r", paths = { TOO_LONG } }, "", 5):await()
      local found = { ok, problem.code, #made[1].sent }
      link:close()
      return found`;
    expect(await run(code)).toEqual([false, "only-over-http", 1]);
  });

  test("a stream that sends too much while nothing is acked ends; the others and the calls have room", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      local greedy, modest = open("greedy"), open("modest")
      local sent = 0
      while greedy:state() ~= "over" and sent < 20 do
        greedy:send(MIB)
        sent += 1
      end
      modest:send(MIB)
      task.wait()
      local found = { sent, heard[1], #heard, modest:state(), link:takes(#MIB) }
      link:close()
      return found`;
    expect(await run(code)).toEqual([4, "greedy stream-full", 1, "connecting", true]);
  });

  test.each([
    ["HTTP 401 (Unauthorized)", "wrong-daemon"],
    ["HTTP 404 (Not Found)", "link-refused"],
    ["HTTP 429 (Too Many Requests)", "too-many-links"],
    ["HttpError: ConnectFail", "link-broken"],
  ])("what Studio says of a WebSocket as %s is %s", async (says, code) => {
    const asked = `link:wake()
      client(1).fire("Error", -1, "${says}")
      local cause = link:state().cause
      link:close()
      return cause.code`;
    expect(await run(asked)).toBe(code);
  });

  test.each([
    ["that is refused at once", `refused = { code = "quota-spent", detail = "spent" }`],
    ["that has no client", `makeClient = function() error({ code = "no-streams", detail = "none" }) end`],
  ])("a plugin that opens anew at every Error does not freeze Studio, with a link %s", async (_what, makeFail) => {
    const code = `${makeFail}
      local opened = 0
      local function again()
        opened += 1
        if opened < 5000 then
          open("a", { onProblem = again })
          if link:state().stage ~= "up" then link:wake() end
        end
      end
      again()
      task.wait(1)
      local found = { opened > 2, opened < 1000, #link:streams() <= 1 }
      link:close()
      return found`;
    expect(await run(code)).toEqual([true, true, true]);
  });

  test("a stream is closed also where nothing else has room any more", async () => {
    const code = `link:wake()
      client(1)
      greet("one")
      local first = {}
      for index = 1, 6 do first[index] = open("first") end
      local header = { upstream = "up", rest = string.sub(MIB, 1, 1047000) }
      for _ = 1, 9 do open("more", { input = header }) end
      for _ = 1, 200 do open("small") end
      task.wait()
      for _, stream in first do stream:close() end
      local closes = 0
      for _, message in made[1].sent do
        if string.find(message, '"t":"close"', 1, true) then closes += 1 end
      end
      local found = { heard[#heard], closes }
      link:close()
      return found`;
    expect(await run(code)).toEqual(["small stream-full", 6]);
  });

  test("what is sent before there is a link has a bound, too", async () => {
    const code = `local stream = open("a")
      local sent = 0
      while stream:state() ~= "over" and sent < 20 do
        stream:send(MIB)
        sent += 1
      end
      task.wait()
      link:close()
      return { sent, heard[1] }`;
    expect(await run(code)).toEqual([3, "a stream-full"]);
  });
});
