import { afterEach, expect, test } from "vitest";
import { type Studio, type StudioOptions, startStudio } from "./stand-in/index.ts";
import { type Piece, writeRbxmx } from "./stand-in/write-rbxmx.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function studioWith(pieces: Piece[], options: Omit<StudioOptions, "plugins"> = {}): Promise<Studio> {
  const file = await writeRbxmx("demo", pieces);
  cleanups.push(file.remove);
  const studio = await startStudio({ plugins: [file.path], ...options });
  cleanups.unshift(studio.close);
  return studio;
}

const texts = (studio: Studio) => studio.output().map((line) => line.text);
const script = (source: string, ...children: Piece[]): Piece => ({ name: "main", source, children });
const module = (name: string, source: string): Piece => ({ class: "ModuleScript", name, source });

const PANEL = `
  local toolbar = plugin:CreateToolbar("Demo")
  local button = toolbar:CreateButton("open", "Opens the panel", "", "Open")
  local widget = plugin:CreateDockWidgetPluginGui("panel", DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Left, false))
  widget.Title = "Demo panel"
  button.Click:Connect(function()
    widget.Enabled = not widget.Enabled
    button:SetActive(widget.Enabled)
  end)
  local function make(class, text, order)
    local made = Instance.new(class)
    made.Name, made.Text, made.LayoutOrder = text, text, order
    made.Parent = widget
    return made
  end
  local second = make("TextLabel", "second", 2)
  local first = make("TextButton", "first", 1)
  first.MouseButton1Click:Connect(function() second.Text = "clicked" end)
  local box = make("TextBox", "", 3)
  box.PlaceholderText = "your name"
  box.FocusLost:Connect(function(enter) second.Text = box.Text .. (if enter then " entered" else " left") end)
  local off = make("TextButton", "off", 4)
  off.Active = false
  local hidden = make("TextButton", "hidden", 5)
  hidden.Visible = false
  make("TextButton", "twice", 6)
  make("TextButton", "twice", 7)
`;

test("every enabled script of the plugin runs, and knows itself and its plugin", async () => {
  const studio = await studioWith([
    {
      name: "top",
      children: [
        script(
          `print(script:GetFullName(), plugin.Name, plugin:IsA("Plugin"), script:FindFirstAncestorWhichIsA("Plugin") == plugin)`,
        ),
        { name: "off", source: `print("never")`, disabled: true },
        { class: "ModuleScript", name: "unused", source: `print("never")` },
      ],
    },
  ]);
  expect(texts(studio)).toEqual(["user_demo.rbxmx.top.main user_demo.rbxmx true true"]);
});

test("a module runs once, is shared, and is found by path", async () => {
  const studio = await studioWith([
    script(
      `local a, b = require(script.a), require("@self/a")
       a.count += 1
       print(a == b, b.count, require(script.b))`,
      module("a", `print("a runs") return { count = 0 }`),
      module("b", `return require("./a").count .. tostring(plugin)`),
    ),
  ]);
  expect(texts(studio)).toEqual(["a runs", "true 1 1nil"]);
});

test("what changes behind game, workspace, shared and _G is read anew each time", async () => {
  const studio = await studioWith([
    script(`
      shared.n, _G.n = 1, 1
      task.wait(0.1)
      local function read() return shared.n .. _G.n .. workspace.Name .. game.Name end
      print(read())
      shared.n, _G.n, workspace.Name = 2, 2, "W"
      print(read())`),
  ]);
  await studio.run("task.wait(0.2)");
  expect(texts(studio)).toEqual(["11WorkspacePlace1", "22WPlace1"]);
});

test.each([
  [`error("broken")`, "Requested module experienced an error while loading"],
  [`return`, "Requested module experienced an error while loading"],
  [`return 1, 2`, "Requested module experienced an error while loading"],
  [`local = 1`, "Requested module experienced an error while loading"],
])("a module with %s cannot be required", async (source, text) => {
  const studio = await studioWith([script(`print(pcall(require, script.m))`, module("m", source))]);
  expect(texts(studio).at(-1)).toBe(`false ${text}`);
});

test("modules that require each other are found out", async () => {
  const studio = await studioWith([
    script(
      `print(pcall(require, script.a))`,
      module("a", `return require(script.Parent.b)`),
      module("b", `return require(script.Parent.a)`),
    ),
  ]);
  expect(texts(studio).join("\n")).toContain("Requested module was required recursively");
});

test("a module that was made or changed while Studio runs is compiled when required", async () => {
  const studio = await studioWith([script(`-- nothing`)]);
  expect(
    await studio.run(`
      local module = Instance.new("ModuleScript", workspace)
      module.Source = "return 'made here 😀'"
      return require(module)`),
  ).toBe("made here 😀");
});

test("an uncaught error is shown with script and line, and its stack, and ends only its thread", async () => {
  const studio = await studioWith([
    script(`local function inner()
  error("broken")
end
task.spawn(function()
  inner()
end)
warn("goes on")
local gone = workspace.Nowhere`),
  ]);
  expect(studio.output()).toEqual([
    { kind: "error", text: "user_demo.rbxmx.main:2: broken", from: "user_demo.rbxmx.main:2" },
    { kind: "info", text: "Stack Begin" },
    { kind: "info", text: "Script 'user_demo.rbxmx.main', Line 2 - function inner" },
    { kind: "info", text: "Script 'user_demo.rbxmx.main', Line 5" },
    { kind: "info", text: "Stack End" },
    { kind: "warn", text: "goes on", from: "user_demo.rbxmx.main:7" },
    { kind: "error", text: `Nowhere is not a valid member of Workspace "Workspace"`, from: "user_demo.rbxmx.main:8" },
    { kind: "info", text: "Stack Begin" },
    { kind: "info", text: "Script 'user_demo.rbxmx.main', Line 8" },
    { kind: "info", text: "Stack End" },
  ]);
});

test("a toolbar button opens the dock widget, whose texts are read in layout order", async () => {
  const studio = await studioWith([script(PANEL)]);
  expect(await studio.toolbarButtons()).toEqual([
    { toolbar: "Demo", text: "Open", tooltip: "Opens the panel", enabled: true, active: false },
  ]);
  expect(await studio.widgets()).toEqual([{ id: "panel", title: "Demo panel", enabled: false }]);
  expect(await studio.texts("panel")).toEqual([]);
  await studio.clickToolbarButton("Open");
  expect(await studio.texts("panel")).toEqual(["first", "second", "your name", "off", "twice", "twice"]);
  expect((await studio.toolbarButtons())[0]?.active).toBe(true);
  await studio.closeWidget("panel");
  expect((await studio.widgets())[0]?.enabled).toBe(false);
  await expect(studio.texts("nope")).rejects.toThrow(`there is no dock widget "nope"`);
  await expect(studio.clickToolbarButton("Nope")).rejects.toThrow(`no toolbar has a button "Nope"`);
});

test("a person can click what is visible and active, and nothing else", async () => {
  const studio = await studioWith([script(PANEL)]);
  await expect(studio.activate("first")).rejects.toThrow(`nothing visible is a button "first"`);
  await studio.clickToolbarButton("Open");
  await studio.activate("first");
  expect(await studio.texts()).toContain("clicked");
  await expect(studio.activate("off")).rejects.toThrow(`the button "off" is not active`);
  await expect(studio.activate("hidden")).rejects.toThrow(`nothing visible is a button "hidden"`);
  await expect(studio.activate("twice")).rejects.toThrow(`2 visible things are a button "twice"`);
});

test("a person can type", async () => {
  const studio = await studioWith([script(PANEL)]);
  await studio.clickToolbarButton("Open");
  await studio.type("your name", "Ada");
  expect(await studio.texts()).toContain("Ada left");
  await studio.type("Ada", "Bo", { enter: true });
  expect(await studio.texts()).toContain("Bo entered");
});

test("settings outlive a reload and a Studio", async () => {
  const file = await writeRbxmx("demo", [
    script(`
      local count = (plugin:GetSetting("count") or 0) + 1
      plugin:SetSetting("count", count)
      plugin:SetSetting("nested", { list = { 1, 2 }, text = "é" })
      print(count, plugin:GetSetting("nested").list["2"], plugin:GetSetting("never"))`),
  ]);
  cleanups.push(file.remove);
  const first = await startStudio({ plugins: [file.path] });
  await first.reloadPlugin();
  expect(texts(first)).toEqual(["1 2 nil", "2 2 nil"]);
  const settings = await first.settings();
  await first.close();
  const second = await startStudio({ plugins: [file.path], settings });
  expect(texts(second)).toEqual(["3 2 nil"]);
  await second.close();
});

test("an unloaded plugin is told, and then nothing of it runs or shows", async () => {
  const studio = await studioWith([
    script(`
      ${PANEL}
      plugin.Unloading:Connect(function()
        print("unloading")
        task.delay(0.05, function() print("never") end)
      end)
      workspace.ChildAdded:Connect(function(child) print("saw " .. child.Name) end)
      task.spawn(function() while true do task.wait() shared.beats = (shared.beats or 0) + 1 end end)`),
  ]);
  await studio.run(`Instance.new("Folder", workspace)`);
  await studio.unloadPlugin();
  const beats = await studio.run(`shared.beats`);
  await studio.run(`Instance.new("Part", workspace) task.wait(0.1)`);
  expect(texts(studio)).toEqual(["saw Folder", "unloading"]);
  expect(await studio.run(`shared.beats`)).toBe(beats);
  expect([await studio.widgets(), await studio.toolbarButtons()]).toEqual([[], []]);
  await studio.reloadPlugin();
  expect(await studio.widgets()).toHaveLength(1);
});

test("the theme answers colours for light and dark, and tells its change", async () => {
  const studio = await studioWith(
    [
      script(`
        local studio = settings().Studio
        local function say() print(studio.Theme.Name, studio.Theme:GetColor(Enum.StudioStyleGuideColor.MainBackground):ToHex()) end
        studio.ThemeChanged:Connect(say)
        say()`),
    ],
    { theme: "Light" },
  );
  await studio.setTheme("Dark");
  expect(texts(studio)).toEqual(["Light ffffff", "Dark 2e2e2e"]);
});

test("until answers the value that was waited for, or says what it waited for and what was printed", async () => {
  const studio = await studioWith([script(`print("hello") task.delay(0.1, function() shared.ready = "yes" end)`)]);
  expect(await studio.until("ready", "shared.ready")).toBe("yes");
  await expect(studio.until("never", "shared.never", { seconds: 0.1 })).rejects.toThrow(
    "never: was not so within 0.1 s. The last lines of the output:\n  print: hello",
  );
  await expect(studio.until("broken", "nil + 1")).rejects.toThrow("broken: command:1: attempt to perform arithmetic");
});

test("a file that is no model is refused", async () => {
  const file = await writeRbxmx("demo", []);
  cleanups.push(file.remove);
  await expect(startStudio({ plugins: [`${file.path}.nope`] })).rejects.toThrow("ENOENT");
});
