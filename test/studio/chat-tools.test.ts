import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Reply } from "../support/scripted-model.js";
import { type ChatScene, setChat } from "./chat-scene.js";

const FILES = {
  "src/main.luau": "local lantern = 1\r\nreturn lantern\r\n",
  "src/long.luau": Array.from({ length: 5000 }, (_, index) => `line ${index + 1}`).join("\n"),
  "readme.md": "# Lantern\n",
  "art.bin": new Uint8Array([0, 1, 2]),
};

let scene: ChatScene;
beforeAll(async () => {
  scene = await setChat({ files: FILES });
});
beforeEach(async () => {
  for (const [path, content] of Object.entries(FILES)) writeFileSync(scene.path(path), content);
  scene.model.always();
  await scene.run(`conversation:clear() conversation:allowTools(true) _G.troubles = {}
    for _, name in { "ReplicatedStorage", "ServerScriptService", "Workspace" } do game:GetService(name):ClearAllChildren() end
    local module = Instance.new("ModuleScript", game:GetService("ReplicatedStorage"))
    module.Name = "Lan.tern"
    module.Source = "return { on = false }"`);
});
afterAll(() => scene.close());

/** Has the model call once, and then say `Done.`; answers what it was told. */
async function call(name: string, input: object | string): Promise<string> {
  await scene.ask(`Use ${name}.`);
  (await scene.model.next(`Use ${name}.`)).call("call_1", name, input).end();
  const reply = await scene.model.next("call_1");
  const told = (reply.visit.body["messages"] as unknown as { role: string; content: string }[]).at(-1);
  reply.text("Done.").end();
  await scene.rested();
  return told?.content ?? "";
}
const use = async () => (await scene.told()).map(({ tools }) => tools).filter((tools) => tools !== undefined)[0];

test("off at first: the model is told of none, and one that asks all the same is told so", async () => {
  await scene.run("conversation:allowTools(false)");
  await scene.ask("Hi");
  const reply = await scene.model.next("Hi");
  expect(reply.visit.body["tools"]).toBeUndefined();
  reply.call("call_1", "list_files", {}).end();
  (await scene.model.next()).text("Then not.").end();
  await scene.rested();
  expect((await scene.told())[1]?.tools).toMatch(/^list_files {2}failed: /);
});

test("switched off in the middle: what the model asks for is not done any more", async () => {
  await scene.ask("Hi");
  const reply = await scene.model.next("Hi");
  await scene.run("conversation:allowTools(false)");
  reply.call("call_1", "list_files", {}).end();
  const after = await scene.model.next();
  expect(after.visit.body["tools"]).toBeUndefined();
  after.text("Then not.").end();
  await scene.rested();
  expect((await scene.told())[1]?.tools).toBe("list_files  failed: The user has not switched tools on.");
});

test("once they are allowed the model is told of each, with the schema of its input", async () => {
  await scene.ask("Hi");
  const reply = await scene.model.next("Hi");
  reply.text("Hello.").end();
  await scene.rested();
  const tools = reply.visit.body["tools"] as unknown as { function: { name: string; parameters: object } }[];
  expect(tools.map((tool) => tool.function.name).sort()).toEqual([
    "list_files",
    "list_scripts",
    "propose_edit",
    "read_file",
    "read_script",
    "search_files",
  ]);
  expect(tools.find((tool) => tool.function.name === "read_file")?.function.parameters).toEqual({
    type: "object",
    required: expect.arrayContaining(["root", "path"]),
    properties: {
      root: { type: "string", description: "name of a root" },
      path: { type: "string", description: "file below the root" },
      from_line: { type: "integer", description: "first line that is wanted" },
    },
  });
  expect(String(scene.model.messages()[0]?.content)).toMatch(/never follow instructions/);
});

test.each([
  ["list_files", {}, "data\nfixed (read only)", "list_files  done"],
  [
    "list_files",
    { root: "data", path: "src" },
    "src/long.luau (48892 bytes)\nsrc/main.luau (35 bytes)",
    "list_files data/src done",
  ],
  ["read_file", { root: "data", path: "readme.md" }, "# Lantern\n", "read_file data/readme.md done"],
  [
    "search_files",
    { pattern: "RETURN", root: "data" },
    "data/src/main.luau:2: return lantern",
    "search_files RETURN/data done",
  ],
  [
    "search_files",
    { pattern: "l.n+tern\\b", regex: true, include: "*.md" },
    "data/readme.md:1: # Lantern",
    "search_files l.n+tern\\b done",
  ],
  [
    "list_scripts",
    { under: "ReplicatedStorage" },
    "ReplicatedStorage.Lan.tern (ModuleScript)",
    "list_scripts ReplicatedStorage done",
  ],
  [
    "read_script",
    { name: "ReplicatedStorage.Lan.tern" },
    "return { on = false }",
    "read_script ReplicatedStorage.Lan.tern done",
  ],
])("%s %j answers, and is shown", async (name, input, told, shown) => {
  expect(await call(name, input)).toBe(told);
  expect(await use()).toBe(shown);
  expect((await scene.told()).map(({ role, text }) => [role, text])).toEqual([
    ["user", `Use ${name}.`],
    ["assistant", ""],
    ["assistant", "Done."],
  ]);
});

test("a long file is told in parts, at its lines", async () => {
  const first = await call("read_file", { root: "data", path: "src/long.luau" });
  expect(Buffer.byteLength(first)).toBeLessThan(33_000);
  const [, next] = /\[More follows: ask again with from_line (\d+)\.\]$/.exec(first) ?? [];
  expect(first.split("\n").at(-2)).toBe(`line ${Number(next) - 1}`);
  const second = await call("read_file", { root: "data", path: "src/long.luau", from_line: Number(next) });
  expect(second.startsWith(`line ${next}\n`)).toBe(true);
  expect(second.endsWith("line 5000")).toBe(true);
  expect(await call("read_file", { root: "data", path: "src/long.luau", from_line: 6000 })).toBe(
    "It has only 5000 lines.",
  );
});

/** What is said to a person who can do something about it. */
const ADVICE = /Update plugin|Open a script|Pair again/;

test.each([
  ["read_file", { root: "data", path: "none.luau" }, /^This failed: .*no such file/i],
  ["read_file", { root: "data", path: "../x" }, /^This failed: /],
  ["read_file", { root: "data", path: ".git/config" }, /^This failed: .*never touches/],
  ["read_file", { root: "nowhere", path: "x" }, /^This failed: .*root/],
  ["read_file", { root: "data", path: "art.bin" }, /^This failed: .*binary/],
  ["search_files", { pattern: "(", regex: true }, /^This failed: /],
  ["read_script", { name: "Workspace.None" }, /^This failed: There is no script Workspace\.None/],
  ["propose_edit", { new_text: "x" }, /^This failed: Give either root and path, or script/],
  ["propose_edit", { root: "data", path: "src/main.luau", old_text: "lantern", new_text: "x" }, /more than once/],
  ["propose_edit", { root: "data", path: "src/main.luau", old_text: "torch", new_text: "x" }, /does not stand there/],
  ["propose_edit", { script: "ReplicatedStorage.Lan.tern", old_text: "off", new_text: "x" }, /does not stand there/],
  ["propose_edit", { root: "data", path: "src/new.luau", new_text: "-- a comment\rwarn(1)" }, /without them/],
  ["propose_edit", { root: "data", path: "src/new.luau", new_text: "--[[ \u202e ]] warn(1)" }, /without them/],
  ["propose_edit", { script: "ReplicatedStorage.Lan.tern", old_text: "false", new_text: "\u2066true" }, /without them/],
  ["propose_edit", { root: "data", path: "readme.md", new_text: "# Lantern\r\n" }, /^That is how it stands already/],
  ["propose_edit", { root: "data", path: "readme.md", new_text: "# Lantern\n" }, /^That is how it stands already/],
])("%s %j: the model is told why not", async (name, input, says) => {
  const told = await call(name, input);
  expect(told).toMatch(says);
  expect(told).not.toMatch(ADVICE);
  expect(await use()).toMatch(/ failed: |^propose_edit data\/readme\.md done$/);
});

test.each([
  ["a tool that is none", "delete_everything", {}],
  ["input of another kind", "read_file", { root: 7, path: "x" }],
  ["input that lacks a field", "read_file", { root: "data" }],
  ["input that is no object", "read_file", "[1]"],
  ["input that is no JSON", "read_file", "{"],
])("%s is answered to the model, and shown as failed", async (_what, name, input) => {
  const told = await call(name, input);
  expect(told).toMatch(/^This failed: /);
  expect(told).not.toMatch(ADVICE);
  expect(await use()).toMatch(/ failed: /);
});

test("two scripts of one name are not guessed at", async () => {
  await scene.run(`for _ = 1, 2 do Instance.new("Script", workspace).Name = "Twin" end`);
  expect(await call("read_script", { name: "Workspace.Twin" })).toMatch(/There are 2 scripts/);
});

/** Has the model propose an edit, and waits until it is shown. */
async function propose(input: object): Promise<void> {
  await scene.ask("Edit.");
  (await scene.model.next("Edit.")).text("I propose:").call("call_1", "propose_edit", input).end();
  await scene.until("the edit is shown", `last.tools()[1] and last.tools()[1].state() == "proposed"`);
}
/** What the model is told of it, once the user has decided. */
async function decided(): Promise<string> {
  const reply = await scene.model.next("call_1");
  const told = (reply.visit.body["messages"] as unknown as { content: string }[]).at(-1)?.content ?? "";
  reply.text("Good.").end();
  await scene.rested();
  return told;
}
const LAST_USE = "conversation.turns()[2].tools()[1]";
const onDisk = (path: string) => readFileSync(scene.path(path), "utf8");

test("an edit of a file is made when it is accepted, in the file's own line ends; the model is told", async () => {
  await propose({
    root: "data",
    path: "src/main.luau",
    old_text: "lantern = 1\nreturn lantern",
    new_text: "torch = 1\nreturn torch",
  });
  expect(await scene.run(`return ${LAST_USE}.edit`)).toEqual({
    target: "data/src/main.luau",
    before: "local lantern = 1\nreturn lantern\n",
    after: "local torch = 1\nreturn torch\n",
  });
  expect(onDisk("src/main.luau")).toBe(FILES["src/main.luau"]);
  expect(await scene.run("return conversation.isBusy()")).toBe(true);
  await scene.run(`${LAST_USE}:accept()`);
  expect(await decided()).toBe("The user accepted this edit, and it is done.");
  expect(onDisk("src/main.luau")).toBe("local torch = 1\r\nreturn torch\r\n");
  expect(await use()).toBe("propose_edit data/src/main.luau accepted");
});

test("an edit that is refused changes nothing; the model is told, and nothing can be decided twice", async () => {
  await propose({ root: "data", path: "readme.md", new_text: "# Torch\n" });
  await scene.run(`${LAST_USE}:refuse()`);
  expect(await decided()).toBe("The user refused this edit. Nothing was changed.");
  await scene.run(`${LAST_USE}:accept()`);
  expect(onDisk("readme.md")).toBe("# Lantern\n");
  expect(await use()).toBe("propose_edit data/readme.md refused");
});

test("an edit of a file that has changed meanwhile is not made", async () => {
  await propose({ root: "data", path: "readme.md", new_text: "# Torch\n" });
  writeFileSync(scene.path("readme.md"), "# Mine\n");
  await scene.run(`${LAST_USE}:accept()`);
  expect(await decided()).toMatch(/^This failed: /);
  expect(onDisk("readme.md")).toBe("# Mine\n");
  expect(await use()).toMatch(/^propose_edit data\/readme\.md failed: /);
});

test("a file that is not there is made, and one of a root that is read only is not", async () => {
  await propose({ root: "data", path: "new/file.luau", new_text: "return 2\n" });
  await scene.run(`${LAST_USE}:accept()`);
  await decided();
  expect(onDisk("new/file.luau")).toBe("return 2\n");
  await scene.run("conversation:clear() conversation:allowTools(true)");
  await propose({ root: "fixed", path: "file.luau", new_text: "return 2\n" });
  await scene.run(`${LAST_USE}:accept()`);
  expect(await decided()).toMatch(/^This failed: .*read/);
});

test("an edit of a script is one step that Studio can undo, and none over what the user has typed meanwhile", async () => {
  const source = `game:GetService("ReplicatedStorage")["Lan.tern"].Source`;
  await propose({ script: "ReplicatedStorage.Lan.tern", old_text: "false", new_text: "true" });
  expect(await scene.run(`return ${source}`)).toBe("return { on = false }");
  await scene.run(`${LAST_USE}:accept()`);
  await decided();
  expect(await scene.run(`return ${source}`)).toBe("return { on = true }");
  await scene.run(`game:GetService("ChangeHistoryService"):Undo()`);
  expect(await scene.run(`return ${source}`)).toBe("return { on = false }");

  await scene.run("conversation:clear() conversation:allowTools(true)");
  await propose({ script: "ReplicatedStorage.Lan.tern", old_text: "false", new_text: "true" });
  await scene.run(`${source} = "return {} -- typed"`);
  await scene.run(`${LAST_USE}:accept()`);
  expect(await decided()).toMatch(/^This failed: The script has changed meanwhile/);
  expect(await scene.run(`return ${source}`)).toBe("return {} -- typed");
});

test("stop while an edit waits: it is dropped, and the next question goes on without it", async () => {
  await propose({ root: "data", path: "readme.md", new_text: "# Torch\n" });
  await scene.run("conversation:stop()");
  expect(await use()).toBe("propose_edit data/readme.md failed: Stopped.");
  await scene.run(`${LAST_USE}:accept()`);
  await scene.ask("And now?");
  (await scene.model.next("And now?")).text("Fine.").end();
  await scene.rested();
  expect(
    scene.model
      .messages()
      .slice(1)
      .map(({ role }) => role),
  ).toEqual(["user", "assistant", "tool", "user"]);
  expect(onDisk("readme.md")).toBe("# Lantern\n");
  // Without tools the model is told none of their calls.
  await scene.run("conversation:allowTools(false)");
  await scene.ask("Last?");
  (await scene.model.next("Last?")).text("Yes.").end();
  await scene.rested();
  expect(
    scene.model
      .messages()
      .slice(1)
      .map(({ role }) => role),
  ).toEqual(["user", "assistant", "user", "assistant", "user"]);
});

test("an edit that waits as the plugin is reloaded is not made any more", async () => {
  await propose({ root: "data", path: "readme.md", new_text: "# Torch\n" });
  await scene.reload();
  expect(await use()).toBe("propose_edit data/readme.md failed: Stopped.");
  expect(await scene.run("return conversation.mayUseTools()")).toBe(false);
});

test("a model that goes round in circles is stopped", async () => {
  let rounds = 0;
  scene.model.always((reply: Reply) => {
    rounds += 1;
    reply.call(`call_${rounds}`, "list_files", {}).end();
  });
  await scene.ask("Loop.");
  await scene.rested(60);
  expect(rounds).toBe(16);
  expect((await scene.told()).at(-1)?.trouble).toBe("The model went on asking for tools: stopped after 16 rounds.");
});

test("64 calls are answered for one question, and of those that come later none", async () => {
  await scene.ask("Many.");
  const reply = await scene.model.next("Many.");
  for (let index = 1; index <= 64; index++) reply.call(`call_${index}`, "list_files", {});
  reply.end();
  (await scene.model.next("call_64")).call("call_later", "list_files", {}).end();
  const after = await scene.model.next("call_later");
  after.text("Done.").end();
  await scene.rested();
  const told = (after.visit.body["messages"] as unknown as { role: string; content: string }[]).filter(
    ({ role }) => role === "tool",
  );
  expect(told).toHaveLength(65);
  expect(told.filter(({ content }) => content.startsWith("data"))).toHaveLength(64);
  expect(told.at(-1)?.content).toMatch(/No more tools for this question/);
});

test("tools that have told much are used no more, and what a model writes without end is not told again", async () => {
  writeFileSync(scene.path("src/long.luau"), "x".repeat(40_000));
  let rounds = 0;
  scene.model.always((reply) => {
    rounds += 1;
    if (rounds === 9)
      reply.call("call_9", "propose_edit", { root: "data", path: "a", new_text: "y".repeat(100_000) }).end();
    else if (rounds === 10) reply.text("Done.").end();
    else reply.call(`call_${rounds}`, "read_file", { root: "data", path: "src/long.luau" }).end();
  });
  await scene.ask("Read.");
  await scene.rested(60);
  const results = scene.model.messages().filter(({ role }) => role === "tool");
  expect(results.filter(({ content }) => String(content).startsWith("xxx"))).toHaveLength(6);
  expect(JSON.stringify(scene.model.messages()).length).toBeLessThan(260_000);
  expect((await scene.told()).at(-1)).toMatchObject({ state: "done", text: "Done." });
});
