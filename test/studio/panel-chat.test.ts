import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Reply, type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { reach } from "./panel-look.js";
import { eventually, luau, type Scene, setScene } from "./plugin-scene.js";

const CODE = "local lamp = script.Parent\nlamp.Brightness = 2\n";
const ANSWER = `Here it is:\n\n\`\`\`luau\n${CODE}\`\`\`\n\nThat is all.`;
const OLD = "local lamp = script.Parent\nlamp.Brightness = 1\n";

/** Luau: opens a script with a text in the editor, its cursor at the end of the first line. */
const OPEN_LAMP = `
  local lamp = workspace:FindFirstChild("Lamp") or Instance.new("Script")
  lamp.Name = "Lamp"
  lamp.Parent = workspace
  local editor = game:GetService("ScriptEditorService")
  editor:UpdateSourceAsync(lamp, function() return ${luau(OLD)} end)
  editor:OpenScriptDocumentAsync(lamp)
  editor:FindScriptDocument(lamp):ForceSetSelectionAsync(1, 27)`;

let model: ScriptedModel;
let scene: Scene;
let hands: Awaited<ReturnType<typeof reach>>;
beforeAll(async () => {
  model = await startScriptedModel();
  scene = await setScene({ model, files: { "a.luau": "return 1\n", "b.luau": "return 2\n" } });
  hands = await reach(scene);
  await hands.resize(320, 900);
  await scene.pair();
  await scene.click("Chat");
  await scene.see("▸ tiny, lm");
}, 60_000);
afterAll(async () => {
  hands.leave();
  await scene.close();
  await model.close();
});

const box = (read: string) =>
  scene.studio.run<string>(`
    local box = game:GetService("PluginGuiService"):FindFirstChild("Question", true)
    return ${read}`);
const draft = () => box("box.Text");
/** As the page does: a text box with the focus gets the text that a key has made. */
const type = (text: string) =>
  scene.studio.run(`
    local box = game:GetService("PluginGuiService"):FindFirstChild("Question", true)
    if not box:IsFocused() then box:CaptureFocus() end
    box.Text = ${luau(text)}`);
const ask = async (question: string): Promise<Reply> => {
  await scene.ask(question);
  return model.next(question);
};
/** What is said, from the top down: passages of the list. */
const passages = () =>
  scene.studio.run<string[]>(`
    local list = {}
    for _, each in game:GetService("PluginGuiService"):FindFirstChild("ChatFlow", true):GetDescendants() do
      if each.Name == "Passage" then table.insert(list, each) end
    end
    table.sort(list, function(a, b) return a.AbsolutePosition.Y < b.AbsolutePosition.Y end)
    for at, each in list do list[at] = each.Text end
    return list`);
const lampText = () =>
  scene.studio.run<string>(`return game:GetService("ScriptEditorService"):GetEditorSource(workspace.Lamp)`);
/** Once the recording of this name is over. */
const undo = (name: string) =>
  scene.studio.until(
    `an undo of ${name}`,
    `local history = game:GetService("ChangeHistoryService")
    local can, last = history:GetCanUndo()
    if can and last == ${luau(`Puente: ${name}`)} then history:Undo() return true end`,
  );
/** Leaves nothing said, from wherever a test has ended. */
const forget = () =>
  eventually("nothing is said any more", async () => {
    const lines = await scene.texts();
    if (lines.some((line) => line.startsWith("Ask something below."))) return true;
    const way = ["Back", "Stop", "Forget what was said", "New conversation"].find((name) => lines.includes(name));
    if (way === undefined) return undefined;
    await scene.studio.activate(way).catch((error: Error) => {
      // It has gone meanwhile, as Stop does at the end of an answer.
      if (!/^nothing visible|is not active$/.test(error.message)) throw error;
    });
    return undefined;
  });

beforeEach(async () => {
  model.always();
  await forget();
  await type("");
});

describe("a question", () => {
  test("is answered as it comes, and both stay, told apart by who said them", async () => {
    const reply = await ask("What is it?");
    expect(await draft()).toBe("");
    await scene.see("You");
    await scene.see(/^Waiting for lm\/tiny: \d+ s\./);
    reply.text("It is ", "a lamp");
    await scene.see("It is a lamp");
    expect(await scene.texts()).toContain("Stop");
    reply.text(".").end("stop", 7);
    await scene.see("It is a lamp.");
    await scene.see(/^\d+\.\d\d s to the first token · (\d+ tokens\/s · )?7 tokens$/);
    expect(await passages()).toEqual(["What is it?", "It is a lamp."]);
    expect(await scene.texts()).toContain("Retry");
  });

  test("goes by Enter; with Shift it begins a new line, and a text that is pasted is no Enter", async () => {
    await type("one");
    await hands.enter("one\ntwo", true);
    expect(await draft()).toBe("one\ntwo");
    await type("one");
    await hands.enter("one\n", true);
    expect(await draft()).toBe("one\n");
    await type("one");
    const asked = model.questions();
    await hands.enter("one\n");
    expect(await draft()).toBe("");
    const reply = await model.next("one");
    reply.text("Yes.").end();
    await scene.see("Yes.");
    await type("two\nthree\nfour");
    expect(await draft()).toBe("two\nthree\nfour");
    expect(model.questions()).toBe(asked + 1);
  });

  test("that cannot be asked yet stays in the box, whatever tab is shown meanwhile", async () => {
    const reply = await ask("first");
    await type("second");
    await hands.enter("second\n");
    expect(await draft()).toBe("second");
    await scene.click("Files");
    await scene.click("Chat");
    await eventually("the box is there again", async () =>
      (await scene.texts()).includes("second") ? true : undefined,
    );
    reply.end();
    await scene.see("Ask");
    expect(await draft()).toBe("second");
  });

  test("can be stopped, and asked again", async () => {
    const reply = await ask("Count to ten.");
    reply.text("one two");
    await scene.see("one two");
    await scene.click("Stop");
    await scene.see(/^Stopped\./);
    await eventually("the model's connection is closed", async () => (reply.visit.isGone() ? true : undefined));
    await scene.click("Retry");
    (await model.next("Count to ten.")).text("one two three").end();
    await scene.see("one two three");
    expect(await passages()).toEqual(["Count to ten.", "one two three"]);
  });

  test("that fails says why and what to do", async () => {
    const reply = await ask("Break.");
    reply.visit.response.destroy();
    await scene.see(/upstream|closed|broke/i);
    expect(await scene.texts()).toContain("Retry");
    expect(await passages()).toEqual(["Break."]);
  });
});

describe("what an answer holds", () => {
  test("reasoning is folded, with its size, and unfolds", async () => {
    const reply = await ask("Think.");
    reply.reasoning("Hm, hm, hm.").text("So it is.").end();
    await scene.see("So it is.");
    await scene.see("▸ Reasoning (11 B)");
    expect(await passages()).not.toContain("Hm, hm, hm.");
    await scene.click("Reasoning");
    await scene.see("Hm, hm, hm.");
    await scene.see("▾ Reasoning (11 B)");
    await scene.click("Reasoning");
    await scene.seeNo("Hm, hm, hm.");
  });

  test("code that is cut in pieces has one row of buttons, which act on all of it", async () => {
    await scene.studio.run(OPEN_LAMP);
    const long = Array.from({ length: 90 }, (_, line) => `local value${line} = ${line} -- and so on\n`).join("");
    const reply = await ask("Much.");
    reply.text(`\`\`\`luau\n${long}\`\`\``).end();
    await scene.see("Insert at cursor");
    await eventually("more than one piece of it", async () =>
      (await passages()).filter((text) => text.startsWith("local value")).length > 1 ? true : undefined,
    );
    expect((await scene.texts()).filter((text) => text === "Insert at cursor")).toHaveLength(1);
    await scene.click("Insert at cursor");
    await eventually("all of it is there", async () =>
      (await lampText()).includes(long.trimEnd()) ? true : undefined,
    );
    await undo("Insert code");
    expect(await lampText()).toBe(OLD);
  });
});

describe("code", () => {
  beforeEach(async () => {
    await scene.studio.run(OPEN_LAMP);
    (await ask("Brighter.")).text(ANSWER).end();
    await scene.see("Show the difference");
    await scene.see("That is all.");
  });

  test("becomes a script of its own", async () => {
    await scene.click("New script");
    const made = await scene.studio.until<string>(
      "a new script",
      `local made = game:GetService("ServerScriptService"):FindFirstChildWhichIsA("LuaSourceContainer")
      return made and game:GetService("ScriptEditorService"):GetEditorSource(made)`,
    );
    expect(made).toBe(CODE.trimEnd());
    await undo("New script");
    expect(await scene.studio.run(`return #game:GetService("ServerScriptService"):GetChildren()`)).toBe(0);
  });

  test("replaces what is selected, and says so where nothing is", async () => {
    await scene.click("Replace selection");
    await scene.see(/^Nothing is selected/);
    await scene.studio.run(
      `game:GetService("ScriptEditorService"):FindScriptDocument(workspace.Lamp):ForceSetSelectionAsync(2, 1, 2, 20)`,
    );
    await scene.click("Replace selection");
    await eventually("it is replaced", async () => ((await lampText()).includes("Brightness = 2") ? true : undefined));
    await undo("Replace with code");
    expect(await lampText()).toBe(OLD);
  });

  test("is compared with the script, and applied as chosen, in one recording", async () => {
    await scene.click("Show the difference");
    await scene.see(/^The script's on the left, the answer's on the right, in 1 place\.$/);
    await scene.see("✓ Answer's");
    await scene.see(/^lamp\.Brightness = 1/);
    await scene.click("Use what is chosen");
    await eventually("it is applied", async () => ((await lampText()).includes("Brightness = 2") ? true : undefined));
    await scene.see("That is all.");
    await undo("Apply code");
    expect(await lampText()).toBe(OLD);
    await scene.click("Show the difference");
    await scene.click("Choose all of the script's");
    await scene.click("Use what is chosen");
    await scene.see("That is all.");
    expect(await lampText()).toBe(OLD);
  });
});

describe("what goes with a question", () => {
  test("is shown with its size, can be taken away, and is told with the question", async () => {
    await scene.studio.run(`${OPEN_LAMP} game:GetService("Selection"):Set({ lamp })`);
    await scene.click("Files");
    await hands.click("a.luau", { ctrl: true });
    await hands.click("b.luau", { ctrl: true });
    await scene.click("Chat");
    await scene.click("▸ Attach");
    await scene.click("Selected scripts");
    await scene.click("Selected files (2)");
    await scene.see("Lamp");
    await scene.see("a.luau");
    await scene.see("b.luau");
    await scene.see(`${OLD.length} B`);
    await scene.click("Remove place/a.luau");
    await scene.seeNo("a.luau");
    await scene.click("▾ Attach");
    const reply = await ask("Look.");
    await scene.see(/^With Workspace\.Lamp \(\d+ B\), place\/b\.luau \(9 B\)$/);
    expect(JSON.stringify(model.messages().at(-1))).toContain("lamp.Brightness = 1");
    expect(await scene.texts()).not.toContain("b.luau");
    reply.end();
    await scene.click("Files");
    await scene.click("Select none");
    await scene.click("Chat");
  });

  test("tools are off until they are switched on; a proposed edit waits for the user", async () => {
    await scene.click("May use tools");
    await scene.see("✓ May use tools");
    const reply = await ask("Edit it.");
    reply.call("1", "propose_edit", { root: "place", path: "a.luau", new_text: "return 2\n" }).end();
    await scene.see("- return 1");
    await scene.see("+ return 2");
    await scene.click("Refuse");
    (await model.next()).text("As you like.").end();
    await scene.see("As you like.");
    await scene.see(/refused$/);
    expect(await scene.texts()).not.toContain("Accept");
  });
});

describe("the models", () => {
  test("are listed with their provider, and another is chosen", async () => {
    await scene.click("Model");
    await scene.see("other");
    expect((await scene.texts()).filter((text) => text === "lm")).toHaveLength(2);
    await scene.click("other");
    await scene.see("▸ other, lm");
    const reply = await ask("Who?");
    expect(model.body()["model"]).toBe("other");
    reply.end();
    await scene.click("Model");
    await scene.click("tiny");
    await scene.see("▸ tiny, lm");
  });
});

test("where there is no model, the tab says so and what to do, and looks again", async () => {
  const bare = await setScene();
  try {
    await bare.pair();
    await bare.click("Chat");
    await bare.see("No model was found.");
    await bare.see(/^No model was found\. Start Ollama/);
    await bare.see("▸ No model");
    await bare.see("Ask");
    await expect(bare.studio.activate("Ask")).rejects.toThrow("is not active");
    await bare.click("Look again");
    await bare.see("No model was found.");
  } finally {
    await bare.close();
  }
});
