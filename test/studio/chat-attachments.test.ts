import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ChatScene, setChat } from "./chat-scene.js";

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let scene: ChatScene;
beforeAll(async () => {
  scene = await setChat({
    files: {
      "src/a.luau": "return 1\n",
      "notes.md": "Use ```lua\nx\n``` here.",
      "art.PNG": PIXEL,
      "data.bin": new Uint8Array([0, 255, 1]),
      "large.txt": "x".repeat(200_000),
      "half.txt": "y".repeat(100_000),
      "third.txt": "z".repeat(80_000),
      ".env": "SECRET=1",
    },
  });
});
beforeEach(async () => {
  scene.model.always((reply) => reply.text("Seen.").end());
  await scene.run(`conversation:clear() _G.troubles = {}
    for _, one in conversation.attachments() do conversation:detach(one) end
    game:GetService("Selection"):Set({})
    game:GetService("LogService"):ClearOutput()
    workspace:ClearAllChildren()`);
});
afterAll(() => scene.close());

const attached = async () => {
  const list = await scene.run<{ kind: string; name: string; bytes: number }[]>(`
    local list = {}
    for index, one in conversation.attachments() do list[index] = { kind = one.kind, name = one.name, bytes = one.bytes } end
    return list`);
  return Array.isArray(list) ? list : [];
};
const attach = (...paths: string[]) =>
  scene.run(`conversation:attachFiles({ ${paths.map((path) => `{ root = "data", path = "${path}" }`).join(", ")} })`);
const settled = (label: string, count: number) => scene.until(label, `#conversation.attachments() == ${count}`);
const trouble = () => expect.poll(async () => (await scene.troubles()).at(-1) ?? "", { timeout: 10_000 });

/** What the model was told as the last question. */
const told = () => scene.model.messages().at(-1)?.content;

test("selected scripts go with the question, as they stand in the editor, between fences", async () => {
  await scene.run(`
    local script = Instance.new("Script", workspace)
    script.Name = "Main\\nIgnore all"
    script.Source = "print(1)"
    game:GetService("ScriptEditorService"):UpdateSourceAsync(script, function() return "print('edited')" end)
    local folder = Instance.new("Folder", workspace)
    game:GetService("Selection"):Set({ folder, script })
    conversation:attachSelectedScripts()`);
  await settled("the script", 1);
  expect(await attached()).toEqual([{ kind: "script", name: "Workspace.Main Ignore all", bytes: 15 }]);
  await scene.ask("What does it do?");
  await scene.rested();
  expect(told()).toBe("Script Workspace.Main Ignore all:\n```luau\nprint('edited')\n```\n\nWhat does it do?");
  expect(await attached()).toEqual([]);
  const shown = await scene.run(`return conversation.turns()[1].attachments[1].name`);
  expect(shown).toBe("Workspace.Main Ignore all");
});

test("what is no UTF-8 is told and kept all the same, with a sign in its place", async () => {
  await scene.run(`
    local script = Instance.new("Script", workspace)
    script.Name = "Odd\\255"
    script.Source = "-- \\254\\xC3 x"
    task.spawn(error, "it broke \\255", 0)
    game:GetService("Selection"):Set({ script })
    conversation:attachSelectedScripts()
    conversation:attachErrors()`);
  await settled("both", 2);
  await scene.ask("Well?");
  await scene.rested();
  expect(told()).toBe(
    "Script Workspace.Odd�:\n```luau\n-- �� x\n```\n\nOutput last errors:\n```\nit broke �\n```\n\nWell?",
  );
  await scene.reload();
  expect(await scene.told()).toHaveLength(2);
});

test("files go as text between fences that none of theirs can close, pictures as pictures", async () => {
  await attach("src/a.luau", "notes.md", "art.PNG");
  await settled("three", 3);
  expect(await attached()).toEqual([
    { kind: "file", name: "data/src/a.luau", bytes: 9 },
    { kind: "file", name: "data/notes.md", bytes: 22 },
    { kind: "picture", name: "data/art.PNG", bytes: PIXEL.length },
  ]);
  await scene.ask("Well?");
  await scene.rested();
  expect(told()).toEqual([
    {
      type: "text",
      text: "File data/src/a.luau:\n```\nreturn 1\n```\n\nFile data/notes.md:\n````\nUse ```lua\nx\n``` here.\n````\n\nPicture data/art.PNG is attached.\n\nWell?",
    },
    { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL.toString("base64")}` } },
  ]);
});

test("what was attached is still told with the next question, a picture that is gone is not", async () => {
  const { rmSync, writeFileSync } = await import("node:fs");
  writeFileSync(scene.path("gone.png"), PIXEL);
  await attach("gone.png");
  await settled("one", 1);
  await scene.ask("Look.");
  await scene.rested();
  rmSync(scene.path("gone.png"));
  await scene.ask("Again.");
  await scene.rested();
  expect((await scene.told()).at(-1)).toMatchObject({ state: "done" });
  expect(scene.model.messages()[1]).toEqual({
    role: "user",
    content: "Picture data/gone.png is no longer there.\n\nLook.",
  });
});

test("the last errors of the output, and nothing else of it", async () => {
  await scene.run(`
    print("printed") warn("warned")
    for index = 1, 30 do task.spawn(error, "Workspace.Main:" .. index .. ": it broke", 0) end
    conversation:attachErrors()`);
  await settled("the errors", 1);
  await scene.ask("Why?");
  await scene.rested();
  const text = String(told());
  expect(text.match(/it broke/g)).toHaveLength(20);
  expect(text).toContain("Output last errors:\n```\nWorkspace.Main:11: it broke\n");
  expect(text).toContain("Workspace.Main:30: it broke\n```\n\nWhy?");
  expect(text).not.toMatch(/printed|warned/);
});

test("the same again takes the place of what was there, and any can be taken off", async () => {
  await attach("src/a.luau", "notes.md");
  await settled("two", 2);
  await attach("src/a.luau");
  await scene.until("it is the last", `conversation.attachments()[2].name == "data/src/a.luau"`);
  await scene.run("conversation:detach(conversation.attachments()[1])");
  expect((await attached()).map(({ name }) => name)).toEqual(["data/src/a.luau"]);
});

test.each([
  ["a binary file", ["data.bin"], /^binary-file: /],
  ["a large file", ["large.txt"], /^too-much: data\/large\.txt/],
  ["a folder", ["src"], /^nothing-to-attach: data\/src is no file/],
  ["a file that is not there", ["none.txt"], /^not-found: /],
  ["a file that Puente never touches", [".git/config"], /^denied-path: /],
])("%s is refused, and why is said", async (_what, paths, says) => {
  await attach(...paths);
  await trouble().toMatch(says);
  expect(await attached()).toEqual([]);
});

test("more than goes with one question is refused; what fits stays", async () => {
  await attach("half.txt", "third.txt");
  await settled("two", 2);
  await scene.run(`
    local script = Instance.new("Script", workspace)
    script.Source = string.rep("x", 100000)
    game:GetService("Selection"):Set({ script })
    conversation:attachSelectedScripts()`);
  await trouble().toMatch(/^too-much: Workspace\.Script/);
  expect(await attached()).toHaveLength(2);
});

test.each([
  ["no script is selected", "conversation:attachSelectedScripts()", "nothing-to-attach: No script is selected."],
  ["there are no errors", "conversation:attachErrors()", "nothing-to-attach: The output has no errors."],
])("where %s, that is said", async (_what, code, says) => {
  await scene.run(code);
  await trouble().toBe(says);
});

test("attachments alone are a question", async () => {
  await attach("src/a.luau");
  await settled("one", 1);
  await scene.ask("");
  await scene.rested();
  expect(await scene.told()).toHaveLength(2);
  expect(readFileSync(join(scene.folder, "src/a.luau"), "utf8")).toBe("return 1\n");
});
