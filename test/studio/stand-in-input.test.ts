import { expect, test } from "vitest";
import { inputScenesForTests } from "./input-scene.ts";

const open = inputScenesForTests();

const HOVER = `"MouseEnter MouseLeave"`;
const INPUT = `"InputBegan InputChanged InputEnded"`;
const CLICKS = `"MouseButton1Down MouseButton1Up MouseButton1Click MouseButton2Down MouseButton2Up MouseButton2Click Activated"`;

test("the mouse enters and leaves an object, what it is in, and what no Active object covers", async () => {
  const scene = await open(`
    local outer = make("Frame", "outer", 0, 0, 200, 200)
    local inner = make("Frame", "inner", 50, 50, 50, 50, outer)
    local lid = make("Frame", "lid", 150, 0, 100, 100)
    local shield = make("Frame", "shield", 0, 150, 400, 100, nil, { Active = true })
    for _, each in { outer, inner, lid, shield } do watch(each, ${HOVER}) end`);
  scene.point("move", 10, 10);
  expect(await scene.notes()).toEqual(["outer MouseEnter 10 10"]);
  scene.point("move", 60, 60);
  expect(await scene.notes()).toEqual(["inner MouseEnter 60 60"]);
  scene.point("move", 160, 20);
  expect(await scene.notes()).toEqual(["inner MouseLeave 160 20", "lid MouseEnter 160 20"]);
  scene.point("move", 20, 160);
  expect(await scene.notes()).toEqual(["lid MouseLeave 20 160", "outer MouseLeave 20 160", "shield MouseEnter 20 160"]);
  scene.point("leave", 500, 20);
  expect(await scene.notes()).toEqual(["shield MouseLeave 500 20"]);
});

test("moves, and the coming and going of the mouse, are input of every object under it", async () => {
  const scene = await open(`
    local frame = make("Frame", "frame", 0, 0, 100, 100)
    watch(frame, "MouseMoved " .. ${INPUT})
    frame.InputChanged:Connect(function(input)
      note(tostring(input.Position), tostring(input.Delta), input.UserInputState.Name)
    end)`);
  scene.point("move", 5, 6);
  await scene.notes();
  scene.point("move", 8, 10);
  scene.point("leave", 500, 10);
  expect(await scene.notes()).toEqual([
    ...["frame MouseMoved 8 10", "8, 10, 0 3, 4, 0 Change", "frame InputChanged MouseMovement"],
    "frame InputEnded MouseMovement",
  ]);
});

test("what is hidden, disabled or taken away under the mouse is left at once; what is destroyed is not told", async () => {
  const scene = await open(`
    for i, name in { "hidden", "moved", "destroyed" } do
      watch(make("TextButton", name, i * 50, 0, 40, 40), ${HOVER})
    end`);
  scene.point("move", 55, 5);
  expect(await scene.studio.run("local b = widget.hidden; b.Visible = false; return b.GuiState.Name")).toBe("Idle");
  scene.point("move", 105, 5);
  await scene.studio.run("widget.moved.Parent = nil");
  scene.point("move", 155, 5);
  await scene.studio.run("widget.destroyed:Destroy()");
  scene.point("move", 300, 5);
  expect(await scene.notes()).toEqual([
    ...["hidden MouseEnter 55 5", "hidden MouseLeave 55 5", "moved MouseEnter 105 5", "moved MouseLeave 105 5"],
    "destroyed MouseEnter 155 5",
  ]);
});

test("a click is a press and a release on one button, and counts", async () => {
  const scene = await open(`watch(make("TextButton", "b", 0, 0, 100, 50), ${CLICKS})`);
  scene.click(10, 20);
  expect(await scene.notes()).toEqual([
    ...["b MouseButton1Down 10 20", "b MouseButton1Up 10 20", "b MouseButton1Click", "b Activated MouseButton1 1"],
  ]);
  scene.click(10, 20, { clicks: 2 });
  expect((await scene.notes()).at(-1)).toBe("b Activated MouseButton1 2");
  scene.click(10, 20, { button: 2 });
  expect(await scene.notes()).toEqual(["b MouseButton2Down 10 20", "b MouseButton2Up 10 20", "b MouseButton2Click"]);
  scene.click(10, 20, { button: 1 });
  expect(await scene.notes()).toEqual([""]);
});

test("a press that is dragged out is no click; dragged back it is one", async () => {
  const scene = await open(`
    local a, b = make("TextButton", "a", 0, 0, 100, 50), make("TextButton", "b", 0, 60, 100, 50)
    watch(a, ${CLICKS} .. " " .. ${HOVER})
    watch(b, ${CLICKS})
    function states() return a.GuiState.Name .. " " .. b.GuiState.Name end`);
  const states = () => scene.studio.run("states()");
  scene.point("move", 10, 10);
  expect(await states()).toBe("Hover Idle");
  scene.point("down", 10, 10, { clicks: 1 });
  expect(await states()).toBe("Press Idle");
  scene.point("move", 10, 70);
  expect(await states()).toBe("Idle Hover");
  scene.point("up", 10, 70, { clicks: 1 });
  expect(await states()).toBe("Idle Hover");
  expect(await scene.notes()).toEqual([
    ...["a MouseEnter 10 10", "a MouseButton1Down 10 10", "a MouseLeave 10 70", "b MouseButton1Up 10 70"],
  ]);
  scene.point("move", 10, 10);
  scene.point("down", 10, 10, { clicks: 1 });
  scene.point("move", 10, 70);
  scene.point("move", 20, 20);
  expect(await states()).toBe("Press Idle");
  scene.point("up", 20, 20, { clicks: 1 });
  expect((await scene.notes()).slice(-2)).toEqual(["a MouseButton1Click", "a Activated MouseButton1 1"]);
});

test("a press is followed by its InputObject to its end, wherever that is", async () => {
  const scene = await open(`
    make("Frame", "handle", 0, 0, 50, 50).InputBegan:Connect(function(input)
      if input.UserInputType.Name ~= "MouseButton1" then return end
      input.Changed:Connect(function(property)
        note(property, input.UserInputState.Name, tostring(input.Position))
      end)
    end)`);
  scene.point("down", 10, 10);
  await scene.notes();
  scene.point("up", 300, 200);
  expect(await scene.notes()).toEqual(["Position Begin 300, 200, 0", "UserInputState End 300, 200, 0"]);
  scene.point("down", 10, 10);
  scene.point("leave", 300, 200);
  expect((await scene.notes()).at(-1)).toBe("UserInputState Cancel 10, 10, 0");
});

test("presses go down to the first Active object, and not to what that one is in", async () => {
  const scene = await open(`
    local frame = make("Frame", "frame", 0, 0, 300, 300)
    local button = make("TextButton", "button", 0, 0, 100, 100, frame)
    local label = make("TextLabel", "label", 0, 0, 50, 50, button)
    local lid = make("Frame", "lid", 0, 0, 20, 20)
    for _, each in { frame, button, label, lid } do watch(each, ${INPUT}) end
    watch(button, ${CLICKS})`);
  const presses = async () => (await scene.notes()).filter((note) => !String(note).endsWith("MouseMovement"));
  scene.click(10, 10);
  expect(await presses()).toEqual([
    ...["lid", "label", "button"].map((name) => `${name} InputBegan MouseButton1`),
    "button MouseButton1Down 10 10",
    ...["lid", "label", "button"].map((name) => `${name} InputEnded MouseButton1`),
    ...["button MouseButton1Up 10 10", "button MouseButton1Click", "button Activated MouseButton1 1"],
  ]);
  scene.click(200, 200);
  expect(await presses()).toEqual(["frame InputBegan MouseButton1", "frame InputEnded MouseButton1"]);
});

test("a button that is not Active is pressed but not activated; one that is not Interactable is neither", async () => {
  const scene = await open(`
    local below = make("TextButton", "below", 0, 0, 300, 50)
    local inactive = make("TextButton", "inactive", 0, 0, 50, 50, nil, { Active = false })
    local off = make("TextButton", "off", 100, 0, 50, 50, nil, { Interactable = false })
    for _, each in { below, inactive, off } do watch(each, ${CLICKS} .. " MouseEnter InputBegan") end`);
  scene.click(10, 10);
  expect((await scene.notes()).filter((note) => /^inactive Mouse|Activated/.test(String(note)))).toEqual([
    ...["inactive MouseEnter 10 10", "inactive MouseButton1Down 10 10", "inactive MouseButton1Up 10 10"],
    "inactive MouseButton1Click",
  ]);
  scene.click(110, 10);
  expect((await scene.notes()).filter((note) => !String(note).includes("MouseMovement"))).toEqual([
    ...["off MouseEnter 110 10", "off InputBegan MouseButton1"],
  ]);
  const state = "widget.off.GuiState.Name";
  expect(await scene.studio.run(state)).toBe("NonInteractable");
  await scene.studio.run("widget.off.Interactable = true");
  expect(await scene.studio.run(state)).toBe("Hover");
});

test("listeners that destroy or hide the object they run for end the click there", async () => {
  const scene = await open(`
    for i, event in { "MouseEnter", "InputBegan", "MouseButton1Down", "InputEnded", "MouseButton1Up", "MouseButton1Click", "Activated" } do
      local button = make("TextButton", event, i * 50, 0, 40, 40)
      watch(button, ${CLICKS})
      button[event]:Connect(function(input)
        if typeof(input) ~= "Instance" or input.UserInputType.Name == "MouseButton1" then button:Destroy() end
      end)
    end
    local hides = make("TextButton", "hides", 0, 100, 40, 40)
    watch(hides, ${CLICKS})
    hides.MouseButton1Down:Connect(function() hides.Visible = false end)`);
  for (let i = 1; i <= 7; i++) scene.click(i * 50 + 10, 10);
  expect((await scene.notes()).map((note) => String(note).split(" ").slice(0, 2).join(" "))).toEqual([
    "MouseButton1Down MouseButton1Down",
    "InputEnded MouseButton1Down",
    ...["MouseButton1Up MouseButton1Down", "MouseButton1Up MouseButton1Up"],
    ...["Down", "Up", "Click"].map((event) => `MouseButton1Click MouseButton1${event}`),
    ...["MouseButton1Down", "MouseButton1Up", "MouseButton1Click", "Activated"].map((event) => `Activated ${event}`),
  ]);
  scene.click(10, 110);
  expect(await scene.notes()).toEqual(["hides MouseButton1Down 10 110"]);
});

test("activate clicks as a person does, and goes away", async () => {
  const scene = await open(`
    local frame = make("Frame", "frame", 0, 0, 300, 300)
    local button = make("TextButton", "press me", 10, 20, 100, 50, frame)
    watch(frame, ${HOVER})
    watch(button, ${CLICKS} .. " MouseEnter MouseLeave InputBegan")
    button.Activated:Connect(function() note(button.GuiState.Name) end)`);
  await scene.studio.activate("press me");
  expect(await scene.notes()).toEqual([
    ...["press me MouseEnter 60 45", "press me InputBegan MouseMovement", "frame MouseEnter 60 45"],
    ...["press me InputBegan MouseButton1", "press me MouseButton1Down 60 45", "press me MouseButton1Up 60 45"],
    ...["press me MouseButton1Click", "Hover", "press me Activated MouseButton1 1"],
    ...["press me MouseLeave 60 45", "frame MouseLeave 60 45"],
  ]);
});

test("keys are input of what the mouse is over, or of what is uppermost, and of UserInputService", async () => {
  const scene = await open(`
    local a = make("Frame", "a", 0, 0, 100, 100)
    local b = make("Frame", "b", 0, 0, 50, 50, a)
    local c = make("Frame", "c", 200, 0, 100, 100)
    for _, each in { a, b, c } do
      each.InputBegan:Connect(function(input) if input.UserInputType.Name == "Keyboard" then note(each.Name, "begins", input.KeyCode.Name) end end)
      each.InputEnded:Connect(function(input) if input.UserInputType.Name == "Keyboard" then note(each.Name, "ends", input.KeyCode.Name) end end)
    end
    local service = game:GetService("UserInputService")
    connection = service.InputBegan:Connect(function(input, processed)
      note("service", input.KeyCode.Name, tostring(processed), tostring(service:IsKeyDown(input.KeyCode)), tostring(input:IsModifierKeyDown(Enum.ModifierKey.Shift)))
    end)`);
  scene.key("down", "KeyA", { shift: true });
  scene.key("up", "KeyA");
  expect(await scene.notes()).toEqual([
    "a begins A",
    "c begins A",
    "service A false true true",
    "a ends A",
    "c ends A",
  ]);
  scene.point("move", 60, 60);
  await scene.notes();
  scene.key("down", "ArrowDown");
  expect(await scene.notes()).toEqual(["a begins Down", "service Down false true false"]);
  expect(await scene.studio.run(`game:GetService("UserInputService"):IsKeyDown(Enum.KeyCode.Down)`)).toBe(true);
  scene.key("up", "ArrowDown");
  scene.key("up", "ArrowDown");
  expect(await scene.notes()).toEqual(["a ends Down"]);
  expect(await scene.studio.run(`game:GetService("UserInputService"):IsKeyDown(Enum.KeyCode.Down)`)).toBe(false);
  await scene.studio.run("connection:Disconnect()");
});
