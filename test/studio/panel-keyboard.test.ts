import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { reach } from "./panel-look.js";
import { type Scene, setScene } from "./plugin-scene.js";

/** Luau: what the ring of the focus is around: a text, or a name where it has none; empty where there is no ring. */
const RINGED = `
  for _, stroke in game:GetService("PluginGuiService"):GetDescendants() do
    if stroke:IsA("UIStroke") and stroke.Enabled and stroke.Thickness == 2 then
      local object = stroke.Parent
      if object.Name == "Ring" and object.Visible then return object.Parent.Name end
      if object:IsA("TextBox") then return object.Name end
      if object:IsA("TextButton") then return object.Text end
    end
  end
  return ""`;

/** Luau: whether what the ring is around is wholly inside its pane. */
const IN_SIGHT = `
  for _, stroke in game:GetService("PluginGuiService"):GetDescendants() do
    if stroke:IsA("UIStroke") and stroke.Enabled and stroke.Thickness == 2 and stroke.Parent.Visible then
      local object = stroke.Parent
      local pane = object:FindFirstAncestorWhichIsA("ScrollingFrame")
      local top = object.AbsolutePosition.Y - pane.AbsolutePosition.Y
      return top >= 0 and top + object.AbsoluteSize.Y <= pane.AbsoluteWindowSize.Y
    end
  end
  return false`;

/** A person at the keyboard. */
function keysOf(scene: () => Scene, hands: () => Awaited<ReturnType<typeof reach>>) {
  const ringed = () => scene().studio.run<string>(RINGED);
  const press = async (...codes: string[]) => {
    for (const code of codes) await hands().press(code.replace("Shift+", ""), code.startsWith("Shift+"));
    return ringed();
  };
  /** Presses one key until the ring is around this. */
  const pressTo = async (code: string, wanted: string) => {
    const passed: string[] = [];
    while (passed.at(-1) !== wanted) {
      if (passed.length === 60) throw new Error(`${code} does not lead to ${wanted}, but to ${passed.join(", ")}`);
      passed.push(await press(code));
    }
  };
  /** Where Tab leads from here, until it is where it began. */
  const round = async (code: string) => {
    const passed: string[] = [];
    while (!passed.includes(await press(code))) passed.push(await ringed());
    return passed;
  };
  return { ringed, press, pressTo, round };
}

const FILES = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`many/f${10 + index}.luau`, ""]));

describe("the keyboard in the panel", () => {
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeAll(async () => {
    scene = await setScene({ files: { "src/a.luau": "return 1\n", "src/b.luau": "return 2\n", ...FILES } });
    hands = await reach(scene);
    await hands.resize(320, 480);
    await scene.pair();
    await scene.see("src");
  });
  afterAll(async () => {
    hands.leave();
    await scene.close();
  });
  beforeEach(() => hands.press("Escape"));

  const { ringed, press, pressTo, round } = keysOf(
    () => scene,
    () => hands,
  );

  test("Tab goes through every control from the top down, the tree as one, and Shift and Tab back", async () => {
    const there = await round("Tab");
    expect(there).toHaveLength(8);
    expect(there).toEqual(
      expect.arrayContaining(["Copy diagnosis", "Address", "Files", "Search", "History", "Chat", "Streams", "place"]),
    );
    expect(there[(there.indexOf("Copy diagnosis") + 1) % 8]).toBe("Address");
    await press("Escape");
    const back = await round("Shift+Tab");
    expect(back[(back.indexOf("Address") + 1) % 8]).toBe("Copy diagnosis");
  });

  test("Escape takes the ring away, and nothing happens at Enter then", async () => {
    await pressTo("Tab", "place");
    expect(await press("Escape")).toBe("");
    expect(await press("Enter")).toBe("");
    expect(await scene.texts()).toContain("src");
  });

  test("in the tree the arrows go from row to row, unfold, fold, and lead to the folder above", async () => {
    await pressTo("Tab", "place");
    expect(await press("ArrowDown")).toBe("many");
    expect(await press("ArrowDown")).toBe("src");
    await press("ArrowRight");
    await scene.see("a.luau");
    expect(await press("ArrowRight")).toBe("a.luau");
    expect(await press("ArrowDown", "ArrowDown")).toBe("b.luau");
    expect(await press("ArrowLeft")).toBe("src");
    await press("ArrowLeft");
    await scene.seeNo("a.luau");
    expect(await ringed()).toBe("src");
  });

  test("a row beyond the edge of the panel is scrolled to", async () => {
    await pressTo("Tab", "src");
    await pressTo("ArrowUp", "many");
    await press("ArrowRight");
    await scene.see("f49.luau");
    for (let index = 0; index < 40; index++) await press("ArrowDown");
    expect(await ringed()).toBe("f49.luau");
    expect(await scene.studio.run(IN_SIGHT)).toBe(true);
    await pressTo("ArrowUp", "many");
    expect(await scene.studio.run(IN_SIGHT)).toBe(true);
    await press("ArrowLeft");
  });

  test("Enter and Space on a row open the file, and Tab leads on to it", async () => {
    await pressTo("Tab", "many");
    await pressTo("ArrowDown", "src");
    await press("ArrowRight");
    await scene.see("a.luau");
    for (const [key, name] of [
      ["Enter", "a.luau"],
      ["Space", "b.luau"],
    ] as const) {
      await pressTo("ArrowDown", name);
      await press(key);
      await scene.see(`place/src/${name}`);
      expect(await ringed()).toBe(name);
    }
    expect(await press("Tab")).toBe("place/src/a.luau");
    expect(await press("Tab")).toBe("Close");
    expect(await press("Tab")).toBe("place/src/b.luau");
  });

  test("a button that goes away under the keyboard hands it to its neighbour", async () => {
    await scene.edit("src/a.luau", "return 'mine'\n");
    await scene.see("Edited here");
    await pressTo("Tab", "Save");
    await press("Enter");
    await scene.seeNo("Save");
    expect(await ringed()).toBe("Close");
  });

  test("an address is typed in the field that Tab has led to, and Tab leads on", async () => {
    await pressTo("Tab", "Address");
    expect(await scene.studio.run(`return game:GetService("UserInputService"):GetFocusedTextBox().Name`)).toBe(
      "Address",
    );
    // These belong to the text.
    expect(await press("ArrowDown")).toBe("Address");
    expect(await press("Tab")).not.toBe("Address");
    expect(await scene.studio.run(`return game:GetService("UserInputService"):GetFocusedTextBox() == nil`)).toBe(true);
  });

  test("a click takes the ring away, and the keyboard goes on from there", async () => {
    await pressTo("Tab", "Copy diagnosis");
    await scene.click("many");
    await scene.see("f10.luau");
    expect(await ringed()).toBe("");
    expect(await press("ArrowDown")).toBe("f10.luau");
  });
});

const ANSWER = "First.\n\n```luau\nlocal lamp = 1\n```\n\nLast.";

describe("the keyboard in the chat", () => {
  let model: ScriptedModel;
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeAll(async () => {
    model = await startScriptedModel();
    model.always((reply) => reply.reasoning("Hm.").text(ANSWER).end());
    scene = await setScene({ model });
    hands = await reach(scene);
    await hands.resize(320, 900);
    await scene.pair();
    await scene.click("Chat");
    await scene.see("▸ tiny, lm");
  });
  afterAll(async () => {
    hands.leave();
    await scene.close();
    await model.close();
  });
  const { ringed, press, pressTo, round } = keysOf(
    () => scene,
    () => hands,
  );
  /** What of the text box with the focus is selected. */
  const selected = () =>
    scene.studio.run<string>(`
      local box = game:GetService("UserInputService"):GetFocusedTextBox()
      return if box then string.sub(box.Text, box.SelectionStart, box.CursorPosition - 1) else "no box"`);

  test("a question is asked, and everything of the answer and below it is reached", async () => {
    await pressTo("Tab", "Question");
    await scene.studio.run(`game:GetService("UserInputService"):GetFocusedTextBox().Text = "What is it?"`);
    await hands.enter("What is it?\n");
    await scene.see("Show the difference");
    await scene.see(/to the first token/);
    await press("Escape");
    const passed = await round("Tab");
    for (const name of [
      ...["▸ Reasoning (3 B)", "Insert at cursor", "Replace selection", "New script", "Show the difference"],
      ...["▸ tiny, lm", "Question", "▸ Attach", "May use tools", "Retry", "New conversation"],
    ])
      expect(passed).toContain(name);
  });

  test("the arrows go from block to block, Enter unfolds reasoning, and selects all of a text to be copied", async () => {
    await press("Escape");
    await pressTo("Tab", "ChatFlow");
    await press("Home", "ArrowDown");
    await press("Enter");
    expect(await selected()).toBe("What is it?");
    expect(await press("Tab")).toBe("▸ Reasoning (3 B)");
    expect(await selected()).toBe("no box");
    await press("Shift+Tab");
    expect(await ringed()).toBe("ChatFlow");
    await press("ArrowDown", "ArrowDown", "Enter");
    await scene.see("Hm.");
    await press("ArrowDown", "ArrowDown", "Enter");
    expect(await selected()).toBe("local lamp = 1");
    await press("Escape");
    await press("Tab");
    await pressTo("Shift+Tab", "ChatFlow");
    await press("Home", "ArrowDown", "ArrowDown", "ArrowDown", "Enter");
    await scene.seeNo("Hm.");
  });

  test("a model is chosen with the arrows", async () => {
    await pressTo("Tab", "▸ tiny, lm");
    await press("Enter");
    await pressTo("Tab", "tiny");
    expect(await press("ArrowDown")).toBe("other");
    await press("Enter");
    await scene.see("▸ other, lm");
  });
});
