import { expect, test } from "vitest";
import { inputScenesForTests } from "./input-scene.ts";

const open = inputScenesForTests();

const BOX = `
  function box(name, y, properties)
    local made = make("TextBox", name, 0, y, 200, 40, nil, properties)
    made.Focused:Connect(function() note(name, "focused", made.Text, made.CursorPosition) end)
    made.FocusLost:Connect(function(entered, input)
      note(name, "lost", tostring(entered), input.UserInputType.Name, input.KeyCode.Name)
    end)
    made:GetPropertyChangedSignal("Text"):Connect(function()
      note(name, "text", made.Text, made.CursorPosition, made.SelectionStart)
    end)
    return made
  end`;

test("a click focuses a text box and clears it where it should; a click elsewhere takes the focus", async () => {
  const scene = await open(`${BOX}
    box("clears", 0, { Text = "old" })
    box("keeps", 50, { Text = "old", ClearTextOnFocus = false })
    box("fixed", 100, { Text = "old", TextEditable = false })
    box("off", 150, { Text = "old", Interactable = false })`);
  scene.click(10, 10);
  expect(await scene.notes()).toEqual(["clears text  1 -1", "clears focused  1"]);
  scene.click(10, 60);
  expect(await scene.notes()).toEqual(["clears lost false MouseButton1 None", "keeps focused old 4"]);
  scene.click(10, 110);
  expect(await scene.notes()).toEqual(["keeps lost false MouseButton1 None", "fixed focused old 4"]);
  scene.click(10, 160);
  expect(await scene.notes()).toEqual(["fixed lost false MouseButton1 None"]);
  scene.click(10, 60, { button: 2 });
  expect(await scene.notes()).toEqual([""]);
});

test("typing is told with the text and the cursor, in bytes", async () => {
  const scene = await open(`${BOX} box("b", 0, {})`);
  scene.click(10, 10);
  await scene.drawn();
  await scene.notes();
  expect(scene.focus[1]).toEqual([0, 0]);
  scene.type("né😀");
  expect(await scene.notes()).toEqual(["b text né😀 8 -1"]);
  scene.type("né😀", 1, 4);
  expect(await scene.studio.run("{ widget.b.CursorPosition, widget.b.SelectionStart }")).toEqual([8, 2]);
  await scene.drawn();
  expect(scene.ops.map(([kind]) => kind)).not.toContain("focus");
  await scene.studio.run("widget.b.CursorPosition, widget.b.SelectionStart = 4, -1");
  await scene.drawn();
  expect(scene.focus[1]).toEqual([2, 2]);
  scene.key("down", "KeyA");
  expect(await scene.studio.run(`game:GetService("UserInputService"):GetFocusedTextBox().Name`)).toBe("b");
  scene.key("up", "KeyA");
  scene.blur(true);
  expect(await scene.notes()).toEqual(["b lost true Keyboard Return"]);
  expect(await scene.studio.run("{ widget.b.CursorPosition, widget.b:IsFocused() }")).toEqual([-1, false]);
});

test("a plugin that takes typed letters out again has the page put its text back, and the caret into it", async () => {
  const scene = await open(`${BOX}
    local made = box("b", 0, { Text = "12", ClearTextOnFocus = false })
    made:GetPropertyChangedSignal("Text"):Connect(function()
      made.Text = string.gsub(made.Text, "%D", "")
    end)`);
  scene.click(10, 10);
  await scene.drawn();
  scene.type("12x");
  await scene.drawn();
  expect(scene.ops.filter(([kind]) => kind === "field")).toHaveLength(1);
  expect(scene.field()?.text).toBe("12");
  expect(scene.focus[1]).toEqual([2, 2]);
  scene.type("1x2", 2);
  await scene.drawn();
  expect(scene.ops.filter(([kind]) => kind === "field" || kind === "focus").map(([kind]) => kind)).toEqual([
    "field",
    "focus",
  ]);
  expect(scene.field()?.text).toBe("12");
});

test("what is typed into a text box that is not editable is put back", async () => {
  const scene = await open(`${BOX} box("b", 0, { Text = "fixed", TextEditable = false })`);
  scene.click(10, 10);
  await scene.drawn();
  scene.type("fixed!");
  await scene.drawn();
  expect(scene.ops.filter(([kind]) => kind === "field")).toHaveLength(1);
  expect(await scene.studio.run("widget.b.Text")).toBe("fixed");
});

test("Luau takes the focus and lets it go", async () => {
  const scene = await open(`${BOX}
    box("a", 0, { ClearTextOnFocus = false, Text = "ab" })
    box("b", 50, {})`);
  await scene.studio.run("widget.a:CaptureFocus()");
  expect(await scene.notes()).toEqual(["a focused ab 3"]);
  await scene.drawn();
  expect(scene.focus[1]).toEqual([2, 2]);
  await scene.studio.run("widget.b:CaptureFocus()");
  expect(await scene.notes()).toEqual(["a lost false Focus None", "b text  1 -1", "b focused  1"]);
  await scene.studio.run("widget.a:ReleaseFocus()");
  expect(await scene.notes()).toEqual([""]);
  await scene.studio.run("widget.b:ReleaseFocus(true)");
  expect(await scene.notes()).toEqual(["b lost true Keyboard Return"]);
  await scene.drawn();
  expect(scene.focus[0]).toBe(0);
  await scene.studio.run(`Instance.new("TextBox"):CaptureFocus()`);
  expect(await scene.studio.run(`game:GetService("UserInputService"):GetFocusedTextBox() == nil`)).toBe(true);
});

test("who takes the focus back in FocusLost keeps it, and the page is told", async () => {
  const scene = await open(`${BOX}
    local a = box("a", 0, { ClearTextOnFocus = false })
    local b = box("b", 50, {})
    a.FocusLost:Connect(function() a:CaptureFocus() end)`);
  scene.click(10, 10);
  await scene.drawn();
  const [focused] = scene.focus;
  scene.blur(true);
  await scene.drawn();
  expect(scene.ops.filter(([kind]) => kind === "focus").map(([, id]) => id)).toEqual([focused]);
  scene.click(10, 60);
  await scene.drawn();
  expect(await scene.studio.run("{ widget.a:IsFocused(), widget.b:IsFocused() }")).toEqual([true, false]);
  expect(scene.ops.filter(([kind]) => kind === "focus").map(([, id]) => id)).toEqual([focused]);
  expect((await scene.notes()).filter((note) => String(note).startsWith("b"))).toEqual([]);
});

test("a text box that is hidden keeps the focus; one that is gone has lost it by the next frame", async () => {
  const scene = await open(`${BOX} for i, name in { "hidden", "moved", "destroyed" } do box(name, i * 50, {}) end`);
  const focused = () => scene.studio.run(`tostring(game:GetService("UserInputService"):GetFocusedTextBox())`);
  scene.click(10, 60);
  await scene.studio.run("widget.hidden.Visible = false");
  await scene.drawn();
  expect(await focused()).toBe("hidden");
  for (const [y, work] of [
    [110, "widget.moved.Parent = nil"],
    [160, "widget.destroyed:Destroy()"],
  ] as const) {
    scene.click(10, y);
    await scene.studio.run(work);
    await scene.drawn();
    expect(await focused()).toBe("nil");
    expect(scene.focus[0]).toBe(0);
  }
  expect((await scene.notes()).filter((note) => String(note).includes("lost"))).toEqual([
    "hidden lost false MouseButton1 None",
    "moved lost false Focus None",
  ]);
});
