import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ChatScene, setChat } from "./chat-scene.js";
import { luau } from "./plugin-scene.js";

let scene: ChatScene;

/** Luau: `script`, the one that is open, and `document`, its document. */
const OPEN = `
  local editor = game:GetService("ScriptEditorService")
  local script = workspace:FindFirstChildWhichIsA("LuaSourceContainer", true)
  local document = script and editor:FindScriptDocument(script)
`;

const TEXT = "local a = 1 -- ü\nlocal b = 2\nreturn a\n";

async function openScript(text = TEXT): Promise<void> {
  await scene.run(`for _, document in game:GetService("ScriptEditorService"):GetScriptDocuments() do document:CloseAsync() end
    workspace:ClearAllChildren()
    game:GetService("ServerScriptService"):ClearAllChildren()
    game:GetService("ChangeHistoryService"):ResetWaypoints()
    local script = Instance.new("Script", workspace)
    script.Name = "Main"
    script.Source = ${luau(text)}
    game:GetService("ScriptEditorService"):OpenScriptDocumentAsync(script)`);
}

/** From where to where it is selected: line, character, and those of the anchor. */
const select = (...at: number[]) => scene.run(`${OPEN} document:RequestSetSelectionAsync(${at.join(", ")})`);
/** Does it, and answers what it rejects with. */
const act = (name: string, ...args: string[]) =>
  scene.run<string>(`
    local isFine, problem = chat.codeActions:${name}(${args.map(luau).join(", ")}):await()
    return if isFine then "" else problem.code .. ": " .. problem.detail`);
const source = () => scene.run<string>(`${OPEN} return script.Source`);
const undo = () => scene.run(`game:GetService("ChangeHistoryService"):Undo()`);

describe("code that goes into scripts", () => {
  beforeAll(async () => {
    scene = await setChat();
  });
  beforeEach(() => openScript());
  afterAll(() => scene.close());

  test.each([
    ["in the middle of a line", [2, 7], "local a = 1 -- ü\nlocal x() b = 2\nreturn a\n"],
    ["behind a character of two bytes", [1, 18], "local a = 1 -- üx() \nlocal b = 2\nreturn a\n"],
    ["at the very end", [4, 1], `${TEXT}x() `],
    ["beside what is selected, which stays", [2, 7, 2, 1], "local a = 1 -- ü\nlocal x() b = 2\nreturn a\n"],
  ])("is inserted at the cursor, %s, in one step that undo takes back", async (_where, at, after) => {
    await select(...at);
    expect(await act("insertAtCursor", "x() ")).toBe("");
    expect(await source()).toBe(after);
    await undo();
    expect(await source()).toBe(TEXT);
  });

  test.each([
    ["insertAtCursor", "-- a comment\rwarn(1)"],
    ["replaceSelection", "--[[ \u202e ]] warn(1)"],
    ["newScript", "\0", "luau"],
    ["compareWith", "\u2069"],
  ])("what is not seen as it is goes into none: %s", async (name, ...given) => {
    await select(2, 12, 1, 1);
    expect(await act(name, ...given)).toMatch(/^unseen-characters: /);
    expect(await source()).toBe(TEXT);
  });

  test.each([
    ["forwards", [2, 12, 1, 1]],
    ["backwards", [1, 1, 2, 12]],
  ])("replaces what is selected, %s, in one step", async (_how, at) => {
    await select(...at);
    expect(await act("replaceSelection", "-- new\n")).toBe("");
    expect(await source()).toBe("-- new\n\nreturn a\n");
    await undo();
    expect(await source()).toBe(TEXT);
  });

  test("where nothing is selected there is nothing to replace", async () => {
    await select(2, 3);
    expect(await act("replaceSelection", "x")).toMatch(/^nothing-selected: /);
    expect(await source()).toBe(TEXT);
  });

  test.each([["insertAtCursor"], ["replaceSelection"], ["compareWith"]])(
    "%s where no script is open says so",
    async (name) => {
      await scene.run(`${OPEN} document:CloseAsync()`);
      expect(await act(name, "x")).toBe("no-script: No script is open in the editor.");
    },
  );

  test.each([
    ["print(1)\n", "Script"],
    ["local M = {}\n\nfunction M.f()\n\treturn 1\nend\n\nreturn M\n", "ModuleScript"],
    ["return {\n\ta = 1,\n}", "ModuleScript"],
    ["local function f()\nreturn 1\nend\nf()\n", "Script"],
    ["local returned = 1\nreturned += 1", "Script"],
  ])("%j becomes a new %s, which is shown and selected, in one step", async (code, kind) => {
    expect(await act("newScript", code, "luau")).toBe("");
    const made = await scene.run(`
      local made = game:GetService("ServerScriptService"):GetChildren()[1]
      return { made.ClassName, made.Source, game:GetService("Selection"):Get()[1] == made, game:GetService("StudioService").ActiveScript == made }`);
    expect(made).toEqual([kind, code, true, true]);
    await undo();
    expect(await scene.run(`return #game:GetService("ServerScriptService"):GetChildren()`)).toBe(0);
  });

  test("what is no Luau becomes no script", async () => {
    expect(await act("newScript", "{}", "json")).toBe("not-luau: This is json.");
    expect(await scene.run(`return #game:GetService("ServerScriptService"):GetChildren()`)).toBe(0);
  });

  /** Luau: compares, and then does what is given with \`found\`. */
  const compare = (code: string, then: string) =>
    scene.run(`${OPEN} local found = chat.codeActions:compareWith(${luau(code)}):expect() ${then}`);
  const SIDES = "return { found.target, found.before, found.after }";

  test("is compared with all of the script, or put in place of what is selected", async () => {
    await select(1, 1);
    for (const code of ["return 2\n", "return 2"])
      expect(await compare(code, SIDES), "the script keeps its last line end").toEqual([
        "Workspace.Main",
        TEXT,
        "return 2\n",
      ]);
    await select(2, 1, 3, 1);
    expect(await compare("local c = 3\n", SIDES)).toEqual([
      "Workspace.Main",
      TEXT,
      "local a = 1 -- ü\nlocal c = 3\nreturn a\n",
    ]);
  });

  test("what was made of both is applied in one step", async () => {
    await compare("return 2\n", `found:apply("-- chosen\\n" .. found.after):expect()`);
    expect(await source()).toBe("-- chosen\nreturn 2\n");
    await undo();
    expect(await source()).toBe(TEXT);
  });

  test("but not over what was typed meanwhile", async () => {
    const says = await compare(
      "return 2\n",
      `editor:UpdateSourceAsync(script, function() return "typed" end)
      local _, problem = found:apply(found.after):await()
      return problem.code`,
    );
    expect(says).toBe("script-changed");
    expect(await source()).toBe("typed");
  });
});

describe("where Studio does not take an edit at once", () => {
  afterEach(() => scene.close());

  test("as the editor is ahead of the document, it is tried again", async () => {
    scene = await setChat({ switches: { scriptEdits: "missed" } });
    await openScript();
    expect(await act("insertAtCursor", "x")).toBe("");
    expect(await source()).toBe(`x${TEXT}`);
  });

  test("as the script cannot be edited, that is said and nothing is changed", async () => {
    scene = await setChat({ switches: { scriptEdits: "refused" } });
    await openScript();
    expect(await act("insertAtCursor", "x")).toBe("script-refused: The document is read-only");
    expect(await source()).toBe(TEXT);
  });
});
