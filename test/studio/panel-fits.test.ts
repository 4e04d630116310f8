import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { contrastOf, look, reach, type Shown } from "./panel-look.js";
import { type Scene, setScene } from "./plugin-scene.js";

const WIDTHS = [260, 320, 800];
const LONG = "src/a/b/c/d/e/f/g/aVeryLongNameOfAModuleThatNobodyWouldEverType.server.luau";

/** What of a text cannot be seen, or undefined. */
function cutOff(one: Shown, width: number): string | undefined {
  const { letters, room } = one;
  const right = one.truncates ? one.x + one.width : letters.x + letters.width;
  if (letters.x < room.left - 0.5 || right > room.right + 0.5 || right > width) return "goes beyond what it is in";
  if (one.truncates && !one.fits && one.width < 40) return "has no room for even a few letters";
  if (!one.truncates && letters.width > one.width + 0.5) return "is wider than its object";
  if (letters.height > one.height + 0.5) return "is higher than its object";
  return undefined;
}

function overlaps(one: Shown, other: Shown): boolean {
  if (one.pane !== other.pane || one.path.startsWith(`${other.path}.`) || other.path.startsWith(`${one.path}.`))
    return false;
  const apart =
    one.letters.x + one.letters.width <= other.letters.x + 0.5 ||
    other.letters.x + other.letters.width <= one.letters.x + 0.5 ||
    one.y + one.height <= other.y + 0.5 ||
    other.y + other.height <= one.y + 0.5;
  return !apart;
}

function faultsIn(list: readonly Shown[], width: number): string[] {
  const faults: string[] = [];
  for (const [index, one] of list.entries()) {
    const fault = cutOff(one, width);
    if (fault !== undefined) faults.push(`"${one.text}" ${fault}`);
    for (const other of list.slice(index + 1)) {
      if (overlaps(one, other)) faults.push(`"${one.text}" lies over "${other.text}"`);
    }
  }
  return faults;
}

type Hands = Awaited<ReturnType<typeof reach>>;

/** Gives Close of the file in conflict a name: every open file has one. */
const NAME_CLOSE = `
  for _, button in game:GetService("PluginGuiService"):GetDescendants() do
    if button:IsA("TextButton") and button.Text == "Keep mine" then
      for _, each in button.Parent:GetChildren() do
        if each:IsA("TextButton") and each.Text == "Close" then
          each.Name = "Close in conflict"
        end
      end
    end
  end`;

const NAME_SAVE = `
  local card = game:GetService("PluginGuiService"):FindFirstChild("Lower", true):FindFirstChild("b.luau", true)
  for _, each in card:GetDescendants() do
    if each:IsA("TextButton") and each.Text == "Save" then each.Name = "Save b" end
  end`;

const ANSWER = `A sentence that is longer than the narrowest panel is wide, so that it goes on below.

\`\`\`luau
local aNameThatIsLongerThanMostAreAndMustBeBrokenSomewhere = workspace:WaitForChild("AnotherLongName", 10)
\`\`\``;

/** Asks, and waits for what the model, which is in sight of the test, has to say to it. */
async function ask(scene: Scene, question: string, seen: string | RegExp): Promise<void> {
  await scene.ask(question);
  await scene.see(seen);
}

/** The panel's states, in an order in which each follows from the one before. */
const STATES: readonly (readonly [state: string, enter: (scene: Scene, hands: Hands) => Promise<unknown>])[] = [
  ["not paired", (scene) => scene.see("Pair with this machine")],
  ["pairing", (scene) => scene.click("Pair with this machine").then(() => scene.code())],
  ["an empty folder", (scene) => scene.approve().then(() => scene.see("This folder is empty."))],
  [
    "many files",
    async (scene) => {
      scene.fill(
        Object.fromEntries(
          Array.from({ length: 210 }, (_, index) => [`many/file${index}.luau`, "x".repeat(index * 40)]),
        ),
      );
      scene.fill({ [LONG]: "return 1\n", "a.luau": "return 1\n", "art.png": new Uint8Array([137, 80, 0]) });
      await scene.click("many");
      await scene.see("file0.luau");
      await scene.click("many");
    },
  ],
  ["a deep and long path that is open", (scene) => scene.open(LONG)],
  [
    "an edited file",
    (scene) =>
      scene
        .open("a.luau")
        .then(() => scene.edit("a.luau", "mine"))
        .then(() => scene.see("Edited here")),
  ],
  [
    "a conflict",
    async (scene) => {
      writeFileSync(scene.path("a.luau"), "theirs");
      await scene.see("Conflict: edited here and changed on disk");
    },
  ],
  [
    "a close to be confirmed",
    (scene) =>
      scene.studio
        .run(NAME_CLOSE)
        .then(() => scene.click("Close in conflict"))
        .then(() => scene.see("Close and lose edits")),
  ],
  ["both versions", (scene) => scene.click("See both").then(() => scene.see("theirs"))],
  [
    "what was found",
    async (scene) => {
      await scene.click("Back");
      await scene.click("Search");
      await scene.studio.type("Pattern", "xxxx", { enter: true });
      await scene.see(/^\d+ matches in \d+ files/, 30);
      await scene.click("Match case");
      await scene.see("✓ Match case");
    },
  ],
  [
    "a pattern that is none",
    (scene) =>
      scene
        .click("Regex")
        .then(() => scene.studio.type("Pattern", "(", { enter: true }))
        .then(() => scene.seeNo("Searching…")),
  ],
  [
    "the history",
    async (scene) => {
      scene.fill({ "b.luau": "return 1\n" });
      await scene.click("Files");
      await scene.open("b.luau");
      await scene.edit("b.luau", "mine");
      await scene.see("Edited here");
      await scene.studio.run(NAME_SAVE);
      await scene.click("Save b");
      await scene.seeNo("Edited here");
      await scene.click("History");
      await scene.click("Write b.luau");
      await scene.see("Undo");
    },
  ],
  [
    "what cannot be undone",
    (scene) =>
      scene
        .click("Undo")
        .then(() => scene.click("Write b.luau"))
        .then(() => scene.see(/^This cannot be undone/)),
  ],
  [
    "files that are selected",
    async (scene, hands) => {
      await scene.click("Files");
      await hands.click("a.luau", { ctrl: true });
      await scene.see("1 file selected");
    },
  ],
  ["a binary file", (scene) => scene.click("art.png").then(() => scene.see(/^This is a binary file/))],
  ["the streams", (scene) => scene.click("Streams").then(() => scene.see("Changes in place"))],
  ["the chat", (scene) => scene.click("Chat").then(() => scene.see("▸ tiny, lm"))],
  [
    "what goes with a question",
    async (scene) => {
      await scene.click("▸ Attach");
      await scene.click("Selected files (1)");
      await scene.see("×");
      await scene.click("Model");
      await scene.see("Look for models again");
    },
  ],
  ["an answer with code", (scene) => ask(scene, "Write.", "Show the difference")],
  [
    "an answer that is awaited",
    (scene) =>
      ask(scene, "Wait.", /^Waiting for lm\/tiny: [3-9] s\. A model that rests/).then(() => scene.click("Stop")),
  ],
  ["an answer that failed", (scene) => ask(scene, "Fail.", /broke off|failed|closed/i)],
  [
    "an edit that is proposed",
    async (scene) => {
      await scene.click("May use tools");
      await ask(scene, "Edit.", "Accept");
      await scene.see(/^\+ one\n/);
    },
  ],
  [
    "the code beside the script",
    async (scene) => {
      await scene.click("Refuse");
      await scene.studio.run(`
      local lamp = Instance.new("Script")
      lamp.Parent = workspace
      game:GetService("ScriptEditorService"):OpenScriptDocumentAsync(lamp)`);
      await ask(scene, "Write.", "Ask");
      await scene.click("Show the difference");
      await scene.see("✓ Answer's");
    },
  ],
  [
    "the files again",
    (scene) =>
      scene
        .click("Back")
        .then(() => scene.click("Files"))
        .then(() => scene.see("art.png")),
  ],
  ["the diagnosis", (scene) => scene.click("Copy diagnosis").then(() => scene.see("Done"))],
  [
    "a wrong address",
    (scene) =>
      scene.click("Done").then(() => scene.studio.type("Address", "http://example.com:27183", { enter: true })),
  ],
  [
    "the daemon away",
    (scene) =>
      scene
        .daemon()
        .end("SIGKILL")
        .then(() => scene.see(/^Next try in/)),
  ],
];

describe("the panel", () => {
  let model: ScriptedModel;
  let scene: Scene;
  let hands: Hands;
  beforeAll(async () => {
    model = await startScriptedModel();
    model.always((reply) => {
      const asked = JSON.stringify(model.messages().at(-1));
      const edit = { root: "place", path: LONG, new_text: `one\n${"two ".repeat(40)}\n` };
      // What was asked in vain stands before it in the same message.
      if (asked.includes("Edit.")) reply.reasoning("Hm.").call("1", "propose_edit", edit).end();
      else if (asked.includes("Fail.")) reply.visit.response.destroy();
      else if (!asked.includes("Wait.")) reply.reasoning("Hm.").text(ANSWER).end();
    });
    scene = await setScene({ model });
    hands = await reach(scene);
  });
  afterAll(async () => {
    hands.leave();
    await scene.close();
    await model.close();
  });

  for (const [state, enter] of STATES) {
    describe(state, () => {
      beforeAll(() => enter(scene, hands));

      test.each(WIDTHS)("nothing is cut off or covered at a width of %d", async (width) => {
        await hands.resize(width, 640);
        expect(faultsIn(await look(scene), width)).toEqual([]);
      });

      test.each(["Light", "Dark"] as const)("every text has a contrast of 4.5 in the theme %s", async (theme) => {
        await scene.studio.setTheme(theme);
        const pale = (await look(scene)).filter(({ colour, behind }) => contrastOf(colour, behind) < 4.5);
        expect(pale.map(({ text, colour, behind }) => `${text}: ${colour} on ${behind}`)).toEqual([]);
      });
    });
  }
});
