import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { startHostRename } from "./host-rename.js";
import { eventually } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

/** `PUENTE_SEED` repeats a run, `PUENTE_CUTS` makes it longer: each cut costs half a second. */
const SEED = Number(process.env["PUENTE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const CUTS = Number(process.env["PUENTE_CUTS"] ?? 24);

let scene: StreamsScene;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await scene.close();
  for (const close of closers.splice(0)) await close();
});

function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function setChaos(switches: Parameters<typeof setStreams>[0] = {}): Promise<ChaosProxy> {
  const made: { proxy?: ChaosProxy } = {};
  scene = await setStreams({
    ...switches,
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
  if (made.proxy === undefined) throw new Error("there is no proxy");
  return made.proxy;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Luau: writes a file after another, each new; and sends numbers over a WebSocket until it is told to stop. */
const TRAFFIC = `
  _G.outcomes, _G.got, _G.sent, _G.stop = {}, {}, 0, false
  _G.socket = bridge.createWebStreamClient(Type.WebSocket, { Url = "puente://up/chat" })
  _G.ends = {}
  _G.socket.MessageReceived:Connect(function(message)
    table.insert(_G.got, tonumber(string.match(message, "^(%d+) ")) or -1)
  end)
  _G.socket.Error:Connect(function(_, says) table.insert(_G.ends, says) end)
  _G.socket.Closed:Connect(function() table.insert(_G.ends, "Closed") end)
  _G.socket.Opened:Connect(function()
    while not _G.stop do
      _G.sent += 1
      _G.socket:Send(tostring(_G.sent) .. " " .. string.rep("s", _G.sent * 37 % 3000))
      task.wait(0.004)
    end
  end)
  task.spawn(function()
    local index = 0
    while not _G.stop do
      index += 1
      local ok, thrown = pcall(function()
        return bridge.files:write("data", "w" .. index .. ".txt", "content " .. index, "absent"):expect()
      end)
      table.insert(_G.outcomes, if ok then "ok" elseif type(thrown) == "table" then thrown.code else tostring(thrown))
      task.wait(0.01)
    end
    _G.stopped = true
  end)
`;

test(`${CUTS} cuts in mixed traffic: every message once and in order, every write at most once (PUENTE_SEED=${SEED})`, async () => {
  const random = chance(SEED);
  const proxy = await setChaos();
  await scene.linked();
  await scene.run(TRAFFIC);
  const socket = await scene.origin.nextSocket();
  const arrived: number[] = [];
  socket.on("message", (message) => arrived.push(Number(String(message).split(" ")[0])));
  let told = 0;
  const telling = setInterval(() => {
    told += 1;
    socket.send(`${told} ${"o".repeat(told % 50 === 0 ? 90_000 : (told * 53) % 2000)}`);
  }, 4);
  try {
    for (let cut = 0; cut < CUTS; cut += 1) {
      await scene.linked(30);
      await wait(random() * 120);
      if (random() < 0.3) proxy.split(1 + Math.floor(random() * 700));
      else proxy.split(0);
      if (random() < 0.3) proxy.cut();
      else proxy.cutAfter(1 + Math.floor(random() * 20_000), random() < 0.5 ? "client" : "server");
    }
    proxy.split(0);
  } finally {
    clearInterval(telling);
    await scene.run("_G.stop = true");
  }
  await scene.studio.until("the writes to end", "return _G.stopped", { seconds: 150 });
  const sent = await scene.run<number>("return _G.sent");
  await eventually("all that Studio sent", async () => (arrived.length >= sent ? true : undefined), 20);
  await scene.studio.until("all that was told", `return #_G.got >= ${told}`, { seconds: 20 });
  expect(await scene.run("return _G.ends")).toEqual([]);
  expect(arrived).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  expect(await scene.run("return _G.got")).toEqual(Array.from({ length: told }, (_, index) => index + 1));

  const outcomes = await scene.run<string[]>("return _G.outcomes");
  const files = new Set(readdirSync(scene.folder));
  // A second execution would have found the file there: `changed`.
  expect(outcomes.filter((outcome) => outcome === "changed" || outcome === "fault")).toEqual([]);
  for (const [index, outcome] of outcomes.entries()) {
    const name = `w${index + 1}.txt`;
    if (outcome === "ok") expect(files.has(name), name).toBe(true);
    if (files.has(name)) expect(readFileSync(join(scene.folder, name), "utf8")).toBe(`content ${index + 1}`);
  }
  console.log(
    `seed ${SEED}: ${sent} sent, ${told} told, ${outcomes.length} writes: ${JSON.stringify(tally(outcomes))}`,
  );
}, 240_000);

function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
