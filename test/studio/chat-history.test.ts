import { afterEach, expect, test } from "vitest";
import { type ChatScene, setChat } from "./chat-scene.js";
import { luau } from "./plugin-scene.js";

let scene: ChatScene;
afterEach(() => scene.close());

const echo = () => scene.model.always((reply) => reply.text("Answer.").end());

async function exchange(text: string): Promise<void> {
  await scene.ask(text);
  await scene.rested();
}

/** What Studio keeps, by name. */
const settings = () => Object.values(scene.studio.settings())[0] ?? {};
const places = () => Object.keys(settings()).filter((name) => name.startsWith("chat_"));

test("what was said is there after a reload, and is told to the model again", async () => {
  scene = await setChat();
  echo();
  await exchange('Say "\\n" in Luau.');
  await scene.reload();
  expect(await scene.told()).toEqual([
    { role: "user", state: "done", text: 'Say "\\n" in Luau.', trouble: "" },
    { role: "assistant", state: "done", text: "Answer.", trouble: "" },
  ]);
  await exchange("More.");
  expect(
    scene.model
      .messages()
      .slice(1)
      .map(({ content }) => content),
  ).toEqual(['Say "\\n" in Luau.', "Answer.", "More."]);
  // Studio's file of settings is spoilt by these; documented in its reference.
  for (const [name, value] of Object.entries(settings())) {
    expect(name).toMatch(/^\w+$/);
    expect(JSON.stringify(value)).not.toMatch(/\\/);
  }
});

test("a reload in the middle of an answer keeps what had come, marked as stopped, and ends it at the provider", async () => {
  scene = await setChat();
  await scene.ask("Long.");
  const reply = await scene.model.next();
  reply.reasoning("Hm.").text("The beginning");
  await scene.until("the beginning", `#last.pieces() == 2`);
  await scene.reload();
  expect(await scene.told()).toMatchObject([
    { text: "Long." },
    { state: "stopped", text: "reasoning: Hm.\nThe beginning" },
  ]);
  await expect.poll(() => reply.visit.isGone(), { timeout: 10_000 }).toBe(true);
  expect(await scene.run("return conversation.isBusy()")).toBe(false);
});

test("a Studio that ends without a word has what was said some seconds before", async () => {
  scene = await setChat({ switches: { timeScale: 10 } });
  await scene.ask("Long.");
  (await scene.model.next()).text("The beginning");
  await scene.until("the beginning", `#last.pieces() == 1`);
  await scene.run("_G.at = os.clock()");
  await scene.studio.until("some seconds have passed", "os.clock() - _G.at > 6");
  // No close: what is read is what had been written.
  await scene.run("_G.load()");
  expect(await scene.told()).toMatchObject([{ text: "Long." }, { state: "stopped", text: "The beginning" }]);
});

test("each place has its own; what was cleared is gone", async () => {
  scene = await setChat({ placeId: 12 });
  echo();
  await exchange("Here.");
  expect(places()).toEqual(["chat_12"]);
  await scene.run("conversation:clear() conversation:close() _G.load()");
  expect(await scene.told()).toEqual([]);
  expect(places()).toEqual([]);
});

/** Luau: a history of its own, of the place `name`, whose turns the test decides. */
const HISTORY = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local http = game:GetService("HttpService")
  local kept = {}
  function kept:get(name) return plugin:GetSetting(name) end
  function kept:set(name, value) plugin:SetSetting(name, value) end
  local texts = require(source["kept-text"]).createKeptText(kept, http, game:GetService("EncodingService"))
  local createHistory = require(source.chat.history).createHistory
  local now = 0
  local function history(name, turns)
    return createHistory({
      kept = texts, http = http, place = name,
      turns = function() return turns end, now = function() now += 1 return now end,
    })
  end
  local function saved(name, turns)
    local one = history(name, turns)
    one:touch()
    one:save()
    return history(name, {}):read()
  end
  local function told(turns)
    local list = {}
    for index, turn in turns do list[index] = turn.text end
    return list
  end
  local function user(text, more)
    local turn = { role = "user", text = text }
    for name, value in more or {} do turn[name] = value end
    return turn
  end
`;

test("of many turns the newest are kept, of large ones what fits, of a huge one its beginning", async () => {
  scene = await setChat();
  const run = <T>(code: string) => scene.studio.run<T>(`${HISTORY}${code}`);
  const many = await run<number[]>(`
    local turns = {}
    for index = 1, 300 do turns[index] = user("turn " .. index) end
    local found = saved("many", turns)
    return { #found, tonumber(string.match(found[1].text, "%d+")), tonumber(string.match(found[#found].text, "%d+")) }`);
  expect(many).toEqual([200, 101, 300]);

  const large = await run<[number, string, string]>(`
    local turns = {}
    for index = 1, 10 do turns[index] = user(index .. string.rep(" word", 12000)) end
    local found = saved("large", turns)
    return { #found, string.sub(found[1].text, 1, 2), string.sub(found[#found].text, 1, 2) }`);
  expect(large).toEqual([4, "7 ", "10"]);

  const given = await run(`
    local long = string.rep("x", 200000)
    local found = saved("given", {
      user("first", { attachments = { { kind = "script", name = "A", bytes = 200000, text = long } } }),
      user("second", { attachments = { { kind = "script", name = "B", bytes = 200000, text = long } } }),
    })
    return { #found, found[1].attachments[1].name, found[1].attachments[1].text == nil, #found[2].attachments[1].text }`);
  expect(given).toEqual([2, "A", true, 200000]);

  const huge = await run<[number, number, boolean]>(`
    local found = saved("huge", { user("before"), user(string.rep("ü\\1", 400000)) })
    return { #found, #found[2].text, utf8.len(found[2].text) ~= nil }`);
  expect(huge[0]).toBe(2);
  expect(huge[1]).toBeGreaterThan(30_000);
  expect(huge[2]).toBe(true);
});

test("twenty places are remembered, and the one not used for longest is forgotten", async () => {
  scene = await setChat();
  const found = await scene.studio.run<number[]>(`${HISTORY}
    for index = 1, 20 do saved("p" .. index, { user("x") }) end
    saved("p1", { user("again") })
    saved("p21", { user("x") })
    local counts = {}
    for index = 1, 21 do counts[index] = #history("p" .. index, {}):read() end
    return counts`);
  expect(found).toEqual([1, 0, ...Array.from({ length: 19 }, () => 1)]);
});

test.each([
  ["no text", "12"],
  ["no Base64", luau("!!!")],
  ["no JSON", luau(Buffer.from("{").toString("base64"))],
  ["a number as JSON", luau(Buffer.from("12").toString("base64"))],
  ["a list", luau(Buffer.from("[1,2]").toString("base64"))],
  ["turns that are none", luau(Buffer.from('{"turns":{"a":1}}').toString("base64"))],
  ["a text as turns", luau(Buffer.from('{"turns":"abc"}').toString("base64"))],
  [
    "turns of another make",
    luau(
      Buffer.from('{"turns":[1,{"role":"boss","text":"x"},{"role":"user"},{"role":"user","text":7}]}').toString(
        "base64",
      ),
    ),
  ],
])("settings that hold %s are read as nothing, and the next question is kept", async (_what, value) => {
  scene = await setChat();
  echo();
  await scene.run(`plugin:SetSetting("chat_nPlace1", ${value}) plugin:SetSetting("chats", ${value}) _G.load()`);
  expect(await scene.told()).toEqual([]);
  await exchange("Hello.");
  await scene.reload();
  expect(await scene.told()).toHaveLength(2);
});

test("what is sound among damaged turns stays; a list of places cannot make other settings be forgotten", async () => {
  scene = await setChat();
  const base64 = (value: unknown) => luau(Buffer.from(JSON.stringify(value)).toString("base64"));
  const turns = { turns: [{ role: "user", text: "kept" }, { role: "user" }] };
  const index = Array.from({ length: 30 }, (_, at) => ({ key: at === 0 ? "token" : `chat_${at}`, at: 30 - at }));
  await scene.run(`plugin:SetSetting("token", "id.secret")
    plugin:SetSetting("chat_nPlace1", ${base64(turns)}) plugin:SetSetting("chats", ${base64(index)}) _G.load()`);
  expect(await scene.told()).toMatchObject([{ text: "kept" }]);
  echo();
  await exchange("Hello.");
  expect(await scene.run(`return plugin:GetSetting("token")`)).toBe("id.secret");
});
