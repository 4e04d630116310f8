import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { contrastOf, look, reach } from "./panel-look.js";
import { type Scene, setScene } from "./plugin-scene.js";

/** What is enough to see that something has changed. */
const VISIBLE = 1.1;

/** Luau: of every visible text box its border, and what is around the box. */
const BORDERS = `
  local list = {}
  for _, box in game:GetService("PluginGuiService"):GetDescendants() do
    if box:IsA("TextBox") then
      local pane = box:FindFirstAncestorWhichIsA("ScrollingFrame")
      table.insert(list, { border = box:FindFirstChildWhichIsA("UIStroke").Color:ToHex(), around = pane.BackgroundColor3:ToHex() })
    end
  end
  return list`;

describe.each(["Light", "Dark"] as const)("what the pointer does to the panel, theme %s", (theme) => {
  let model: ScriptedModel;
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeAll(async () => {
    model = await startScriptedModel();
    scene = await setScene({ model, files: { "a.luau": "return 1\n", "b.luau": "return 2\n" } });
    await scene.studio.setTheme(theme);
    hands = await reach(scene);
    await scene.pair();
    await scene.open("a.luau");
    await scene.edit("a.luau", "return 'mine'\n");
    await scene.see("Edited here");
  });
  afterAll(async () => {
    hands.leave();
    await scene.close();
    await model.close();
  });

  const behind = async (text: string) => {
    const shown = (await look(scene)).find((one) => one.text === text);
    if (shown === undefined) throw new Error(`"${text}" is not there`);
    expect(
      contrastOf(shown.colour, shown.behind),
      `${text}: ${shown.colour} on ${shown.behind}`,
    ).toBeGreaterThanOrEqual(4.5);
    return shown.behind;
  };

  const changesShade = async (text: string) => {
    await hands.point("Connected", "move");
    const idle = await behind(text);
    await hands.point(text, "move");
    const hover = await behind(text);
    await hands.point(text, "down");
    const press = await behind(text);
    // Let go elsewhere: that is no click.
    await hands.point("Connected", "up");
    expect(contrastOf(idle, hover)).toBeGreaterThan(VISIBLE);
    expect(contrastOf(idle, press)).toBeGreaterThan(VISIBLE);
    expect(press).not.toBe(hover);
    expect(await behind(text)).toBe(idle);
  };

  test.each(["b.luau", "place/a.luau", "Save", "Close", "Copy diagnosis"])(
    "%s has another shade under the pointer, another when pressed, and stays readable",
    changesShade,
  );

  test("the whole row of a file is the target, at least 22 pixels high", async () => {
    const [row] = await scene.studio.run<{ width: number; height: number; panel: number }[]>(`
      local row = game:GetService("PluginGuiService"):FindFirstChild("b.luau", true)
      local pane = row:FindFirstAncestorWhichIsA("ScrollingFrame")
      return { { width = row.AbsoluteSize.X, height = row.AbsoluteSize.Y, panel = pane.AbsoluteSize.X } }`);
    expect(row?.width).toBe(row?.panel);
    expect(row?.height).toBeGreaterThanOrEqual(22);
  });

  test("the border of a field is seen, and more so with the focus", async () => {
    const borders = async () => scene.studio.run<{ border: string; around: string }[]>(BORDERS);
    const [idle] = await borders();
    await scene.studio.run(`game:GetService("PluginGuiService"):FindFirstChild("Address", true):CaptureFocus()`);
    const [focused] = await borders();
    for (const one of [idle, focused])
      expect(contrastOf(one?.border ?? "", one?.around ?? "")).toBeGreaterThanOrEqual(3);
    expect(focused?.border).not.toBe(idle?.border);
  });

  describe("in the chat", () => {
    beforeAll(async () => {
      model.always((reply) => reply.reasoning("Hm.").text("```luau\nlocal lamp = 1\n```").end());
      await hands.click("b.luau", { ctrl: true });
      await scene.click("Chat");
      await scene.see("▸ tiny, lm");
      await scene.ask("What is it?");
      await scene.see("Show the difference");
      await scene.click("▸ Attach");
      await scene.click("Selected files (1)");
      await scene.see("b.luau");
      await scene.click("Model");
      await scene.see("other");
    });

    test.each(["▸ Reasoning (3 B)", "Insert at cursor", "▾ tiny, lm", "other", "b.luau", "▾ Attach", "Retry"])(
      "%s has another shade under the pointer, another when pressed, and stays readable",
      changesShade,
    );
  });
});
