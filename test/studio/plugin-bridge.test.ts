import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDaemon, type TestDaemon } from "../support/daemon.js";
import { authorsPlugin } from "./authors-plugin.js";
import { startImpostor } from "./impostor.js";
import { eventually, luau } from "./plugin-scene.js";
import { type Studio, startStudio } from "./stand-in/index.js";

const MEBIBYTE = 1024 * 1024;

describe("the bridge, as another plugin uses it", () => {
  const top = mkdtempSync(join(tmpdir(), "puente-bridge-"));
  const folder = join(top, "data");
  const plugin = join(top, "author.rbxmx");
  let daemon: TestDaemon;
  let studio: Studio;

  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(plugin, authorsPlugin());
    daemon = await startDaemon([{ name: "data", folder, access: "write" }]);
    studio = await startStudio({ plugins: [plugin] });
  });
  afterAll(async () => {
    await studio.close();
    await daemon.close();
    rmSync(top, { recursive: true, force: true });
  });

  /** Runs Luau with `bridge` connected; a rejection is answered as `{ problem }`. */
  const withBridge = <T>(body: string, token = daemon.token) =>
    studio.run<T>(`
      local model = game:GetService("ServerStorage"):FindFirstChild("bridge", true)
      local ok, answer = pcall(function()
        local bridge = require(model).connect({ url = ${luau(daemon.url)}, token = ${luau(token)} }):expect()
        ${body}
      end)
      if not ok and type(answer) == "table" then return { problem = answer } end
      return if ok then answer else error(answer)
    `);

  test("a binary file of 10 MiB makes the way there and back", async () => {
    const content = randomBytes(10 * MEBIBYTE);
    writeFileSync(join(folder, "big.bin"), content);
    const hash = createHash("sha256").update(content).digest("hex");
    const told = await withBridge<{ hash: string; written: string; bytes: number }>(`
      local found = bridge.files:read("data", "big.bin"):expect()
      local written = bridge.files:write("data", "copy/big.bin", found.bytes, "absent"):expect()
      return { hash = found.hash, written = written.hash, bytes = #found.bytes }
    `);
    expect(told).toEqual({ hash, written: hash, bytes: content.length });
    expect(readFileSync(join(folder, "copy/big.bin")).equals(content)).toBe(true);
  });

  test("several edits are done at once, listed in the history, and undone", async () => {
    writeFileSync(join(folder, "one.txt"), "1");
    const told = await withBridge<{ done: number; kind: string; undone: number }>(`
      local done = bridge.files:apply("data", {
        { kind = "write", path = "one.txt", text = "2", expect = "any" },
        { kind = "write", path = "deep/two.txt", text = "2", expect = "absent" },
      }):expect()
      local operation = bridge.files:history({ root = "data", limit = 1 }):expect().operations[1]
      assert(operation.undo == done.undo and operation.canUndo)
      local undone = bridge.files:undo(done.undo):expect()
      return { done = #done.results, kind = operation.kind, undone = #undone.results }
    `);
    expect(told).toEqual({ done: 3, kind: "apply", undone: 3 });
    expect(readFileSync(join(folder, "one.txt"), "utf8")).toBe("1");
    expect(
      await withBridge(`
        bridge.files:apply("data", {
          { kind = "write", path = "one.txt", text = "3", expect = "any" },
          { kind = "write", path = "three.txt", text = "3", expect = string.rep("0", 64) },
        }):expect()`),
    ).toMatchObject({ problem: { code: "changed", at: "three.txt", hash: "absent" } });
    expect(readFileSync(join(folder, "one.txt"), "utf8")).toBe("1");
  });

  test("a search tells what it finds, and how it ended", async () => {
    writeFileSync(join(folder, "found.txt"), "nothing\nhere is a needle\n");
    const search = (query: string) =>
      withBridge<{ found: object[]; outcome?: object; problem?: object }>(`
        local told = { found = {} }
        bridge.files:search({
          query = ${query},
          onFound = function(files) for _, file in files do table.insert(told.found, file) end end,
          onEnd = function(outcome) told.outcome = outcome end,
          onProblem = function(problem) told.problem = problem end,
        })
        local deadline = os.clock() + 10
        repeat task.wait() until told.outcome or told.problem or os.clock() > deadline
        bridge:close()
        return told`);
    const told = await search(`{ pattern = "needle", include = { "*.txt" } }`);
    expect(told.found).toMatchObject([
      { root: "data", path: "found.txt", matches: [{ line: 2, column: 11, bytes: 6 }] },
    ]);
    expect(told.outcome).toMatchObject({ more: false });
    expect(await search(`{ pattern = "(", kind = "regex" }`)).toMatchObject({ problem: { code: "bad-pattern" } });
  });

  test("a part of a file is read by offset", async () => {
    writeFileSync(join(folder, "part.txt"), "0123456789");
    expect(await withBridge(`return bridge.files:readRange("data", "part.txt", 3, 4):expect()`)).toBe("3456");
  });

  test("names and contents outside ASCII arrive as they are", async () => {
    const name = "ordner mit leerzeichen/文件 🎉.txt";
    await withBridge(`bridge.files:write("data", ${luau(name)}, ${luau("größe")}, "absent"):expect()`);
    expect(readFileSync(join(folder, name), "utf8")).toBe("größe");
    const listed = await withBridge<{ entries: { path: string }[] }>(
      `return bridge.files:list("data", "ordner mit leerzeichen"):expect()`,
    );
    expect(listed.entries.map((entry) => entry.path)).toEqual([name]);
  });

  test("a refusal rejects with the problem of the wire", async () => {
    writeFileSync(join(folder, "there.txt"), "1");
    const told = await withBridge<{ problem: { code: string; hash: string } }>(
      `return bridge.files:write("data", "there.txt", "2", "absent"):expect()`,
    );
    expect(told.problem).toMatchObject({ code: "changed", hash: createHash("sha256").update("1").digest("hex") });
    expect(await withBridge(`return bridge.files:stat("data", "nowhere"):expect()`)).toMatchObject({
      problem: { code: "not-found" },
    });
  });

  test("a watch tells a change on the disk, until it is closed", async () => {
    const told = withBridge<string>(`
      local heard
      local watch
      watch = bridge:watch({
        root = "data",
        onChanges = function(changes) heard = changes[1].path; watch:close() end,
        onOverflow = function() end,
        onReady = function() bridge.files:write("data", "watched.txt", "x", "any") end,
      })
      repeat task.wait() until heard
      return heard
    `);
    expect(await told).toBe("watched.txt");
  });

  test("a callback that fails, or takes its time, is nothing to the watch", async () => {
    const told = withBridge<object>(`
      local heard, problems = {}, 0
      local watch
      watch = bridge:watch({
        root = "data",
        onChanges = function(changes)
          table.insert(heard, changes[1].path)
          if #heard == 2 then watch:close() end
          bridge.files:write("data", "second.txt", "x", "any")
          task.wait(60)
        end,
        onOverflow = function() end,
        onProblem = function() problems += 1 end,
        onReady = function()
          bridge.files:write("data", "first.txt", "x", "any")
          error("of the author's own")
        end,
      })
      local stop = os.clock() + 8
      while #heard < 2 and os.clock() < stop do task.wait() end
      return { first = heard[1], second = heard[2], problems = problems }
    `);
    expect(await told).toEqual({ first: "first.txt", second: "second.txt", problems: 0 });
  });

  test("any number of watches holds two requests open", async () => {
    await withBridge(`
      _G.watches = {}
      for index = 1, 4 do
        _G.watches[index] = bridge:watch({
          root = "data", onChanges = function() end, onOverflow = function() end, onReady = function() end,
        })
      end`);
    const open = () => studio.stats().then((stats) => stats.openRequests);
    await eventually("two polls", async () => ((await open()) === 2 ? true : undefined));
    for (let look = 0; look < 20; look += 1) {
      expect(await open()).toBeLessThanOrEqual(2);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await studio.run("for _, watch in _G.watches do watch:close() end");
    // Studio cannot cancel the polls that are open; once a change has ended them, no other follows.
    writeFileSync(join(folder, "ends-polls.txt"), "");
    await eventually("no poll", async () => ((await open()) === 0 ? true : undefined));
    const { requestsMade } = await studio.stats();
    // Greeted, proved and asked, five times: what is counted beyond that would be a poll.
    for (let asked = 0; asked < 5; asked += 1) await withBridge("return bridge.files:roots():expect()");
    expect((await studio.stats()).requestsMade).toBe(requestsMade + 5 * 3);
  });

  test("a token that the daemon does not know is not sent", async () => {
    expect(await withBridge("", "0123456789abcdef.secret")).toMatchObject({ problem: { code: "wrong-daemon" } });
  });

  test("whoever takes the daemon's port after a silence is asked for a proof, and never sees the token", async () => {
    const own = await startDaemon([{ name: "data", folder, access: "write" }]);
    const model = `require(game:GetService("ServerStorage"):FindFirstChild("bridge", true))`;
    // Longer than the daemon's last answer counts; nobody asks anything meanwhile.
    await studio.run(`_G.bridge = ${model}.connect({ url = ${luau(own.url)}, token = ${luau(own.token)} }):expect()
      task.wait(5.5)`);
    await own.close();
    const impostor = await startImpostor({ port: own.port });
    try {
      await studio.run(`for _ = 1, 2 do _G.bridge.files:roots():await() end`);
      expect(impostor.asked("session/prove")).toHaveLength(2);
      expect(impostor.everything()).not.toContain(own.token.split(".")[1]);
    } finally {
      await impostor.close();
    }
  });

  test("whoever takes the daemon's port after a loss is asked for a proof, and never sees the token", async () => {
    const own = await startDaemon([{ name: "data", folder, access: "write" }]);
    const model = `require(game:GetService("ServerStorage"):FindFirstChild("bridge", true))`;
    await studio.run(`
      local bridge = ${model}.connect({ url = ${luau(own.url)}, token = ${luau(own.token)} }):expect()
      _G.lost = false
      _G.watch = bridge:watch({
        root = "data", onChanges = function() end, onOverflow = function() end, onProblem = function() _G.lost = true end,
      })`);
    await own.close();
    await studio.until("the watch has noticed", "_G.lost");
    const impostor = await startImpostor({ port: own.port });
    try {
      await eventually("two proofs", async () => impostor.asked("session/prove").at(1), 20);
      expect(impostor.everything()).not.toContain(own.token.split(".")[1]);
    } finally {
      await studio.run("_G.watch:close()");
      await impostor.close();
    }
  });

  const module = (...path: string[]) =>
    `require(game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent${path.map((name) => `[${luau(name)}]`).join("")})`;

  test.each([
    ["HttpError: ConnectFail", "daemon-offline"],
    ["HttpError: NetFail", "daemon-offline"],
    ["HttpError: Unknown", "daemon-offline"],
    ["HttpError: Timedout", "timed-out"],
    ["HttpError: TimedOut", "timed-out"],
    ["HttpError: ConnectionClosed", "connection-lost"],
    ["Http requests are not enabled. Enable via game settings", "http-disabled"],
    ["Http requests can only be executed by game server", "play-client"],
    ["Number of requests exceeded limit", "quota-spent"],
    ["http://127.0.0.1:80/v1: Trust check failed", "address-refused"],
    ["something that was never seen", "fault"],
  ])("what Studio throws as %s is %s", async (text, code) => {
    expect(await studio.run(`return ${module("wire", "failure")}.failureOf(${luau(text)}).code`)).toBe(code);
  });

  test("once Studio's quota is spent, the next request waits ten seconds", async () => {
    const seconds = await studio.run<number>(`
      local budget = ${module("wire", "budget")}.createBudget(function() return 0 end)
      assert(budget:take(15) == 0)
      budget:pause()
      return budget:take(15)`);
    expect(seconds).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThan(11);
  });

  test("requests that are refused, as the wait is too long, make nobody wait longer", async () => {
    const found = await studio.run(`
      local now = 0
      local budget = ${module("wire", "budget")}.createBudget(function() return now end)
      local refused = 0
      for _ = 1, 10000 do if budget:take(15) == nil then refused += 1 end end
      now = 15
      return { refused > 9000, budget:take(15) ~= nil }`);
    expect(found).toEqual([true, true]);
  });

  test.each([
    ["", ""],
    ["s3cret", "challenge"],
    ["x".repeat(300), "ü".repeat(200)],
  ])("a proof is the HMAC that Node makes (secret %j)", async (secret, challenge) => {
    const key = createHash("sha256").update(secret).digest();
    const proof = await studio.run(
      `return ${module("wire", "proof")}.proofOf(game:GetService("EncodingService"), ${luau(secret)}, ${luau(challenge)})`,
    );
    expect(proof).toBe(createHmac("sha256", key).update(challenge).digest("hex"));
  });

  test.each([
    ["an unmarked file", "a\nb\n", "a\nB\n", "a\nB\n"],
    ["CRLF that the editor turned to LF", "a\r\nb\r\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n"],
    ["CRLF that the editor kept", "a\r\nb\r\n", "a\r\nB\n", "a\r\nB\r\n"],
    ["a byte order mark", "\uFEFFa\n", "b\n", "\uFEFFb\n"],
    ["mixed ends, turned to LF, an edit at the head", "a\r\nb\nc\r\n", "A\nb\nc\n", "A\r\nb\nc\r\n"],
    [
      "mixed ends, turned to LF, a line in the middle",
      "a\nb\r\nc\r\nd\n",
      "a\nb\nnew\nc\nd\n",
      "a\nb\r\nnew\nc\r\nd\n",
    ],
    ["mixed ends that the editor kept", "a\r\nb\nc\r\n", "a\r\nB\nc\r\n", "a\r\nB\nc\r\n"],
    ["no end of the last line", "a\r\nb", "a\nb!", "a\r\nb!"],
    ["all text gone", "a\r\nb\r\n", "", ""],
  ])("a save keeps the manner of the file: %s", async (_what, original, edited, expected) => {
    const saved = await studio.run(`return ${module("script-text")}.bytesFor(${luau(original)}, ${luau(edited)})`);
    expect(saved).toBe(expected);
  });
});
