import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { reach } from "./panel-look.js";
import { luau, type Scene, setScene } from "./plugin-scene.js";

const ENTRIES = 10_000;
const MATCHES = 5_000;
const ROW = 24;

/** Luau: counts what comes in the list of this name frame by frame, in `_G.work`. */
const watch = (list: string) => `
  local upper = game:GetService("PluginGuiService"):FindFirstChild("Upper", true)
  _G.work = { made = 0, mostMade = 0, height = 0, matches = 0, mostMatches = 0, objects = 0 }
  local work = _G.work
  _G.watches = {
    upper.DescendantAdded:Connect(function(each)
      if each:IsA("TextButton") and each.Parent.Name == "${list}" then work.made += 1 work.objects += 1 end
    end),
    game:GetService("RunService").PreRender:Connect(function()
      work.mostMade = math.max(work.mostMade, work.made)
      work.made = 0
      local found = upper:FindFirstChild("${list}", true)
      work.height = if found then found.Size.Y.Offset else 0
      for _, each in upper:GetDescendants() do
        local matches = each:IsA("TextLabel") and tonumber(string.match(each.Text, "^%D*(%d+) match"))
        if matches then
          work.mostMatches = math.max(work.mostMatches, matches - work.matches)
          work.matches = matches
        end
      end
    end),
  }`;

interface Work {
  readonly mostMade: number;
  readonly mostMatches: number;
  readonly height: number;
  readonly objects: number;
}

// How much a frame may hold is over-frames.test.ts, and what it takes `npm run bench -- panel`.
describe("work in one frame", () => {
  let scene: Scene;
  let hands: Awaited<ReturnType<typeof reach>>;
  beforeEach(async () => {
    scene = await setScene();
    hands = await reach(scene);
    await hands.resize(320, 900);
    await scene.pair();
    await scene.see("This folder is empty.");
  });
  afterEach(async () => {
    hands.leave();
    await scene.close();
  });
  const work = () => scene.studio.run<Work>("return _G.work");

  test("a folder of 10,000 entries opens page by page, and has as many row objects as are in sight", async () => {
    scene.fill(Object.fromEntries(Array.from({ length: ENTRIES }, (_, index) => [`many/${10_000 + index}.luau`, ""])));
    await scene.see("many");
    await scene.studio.run(watch("TreeRows"));
    await scene.click("many");
    await scene.studio.until("all of it is listed", `_G.work.height >= ${(ENTRIES + 2) * ROW}`, { seconds: 30 });
    const listed = await work();
    expect(listed.height).toBe((ENTRIES + 2) * ROW);
    const { objects } = listed;
    expect(listed.mostMade).toBeLessThan(objects / 2);
    for (const share of [0.3, 0.9, 0.5, 1, 0]) {
      await scene.studio.run(`
        local pane = game:GetService("PluginGuiService"):FindFirstChild("Upper", true)
        pane.CanvasPosition = Vector2.new(0, (pane.AbsoluteCanvasSize.Y - pane.AbsoluteWindowSize.Y) * ${share})
        task.wait() task.wait()`);
      if (share === 0.5) await scene.see(/^1[45]\d{3}\.luau$/);
      if (share === 1) await scene.see("19999.luau");
    }
    expect((await work()).objects).toBe(objects);
    expect(objects).toBeLessThan(100);
  });

  test("rows that are moved down by others keep their objects, and are told nothing new", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${10 + index}.luau`);
    scene.fill(Object.fromEntries([...names, "a/new1.luau", "a/new2.luau"].map((name) => [name, ""])));
    await scene.see("f29.luau");
    await scene.studio.run(`
      _G.told = {}
      for _, each in game:GetService("PluginGuiService"):FindFirstChild("TreeRows", true):GetDescendants() do
        if each:IsA("TextLabel") and string.match(each.Text, "^f%d+%.luau$") then
          each:GetPropertyChangedSignal("Text"):Connect(function() table.insert(_G.told, each.Text) end)
        end
      end`);
    await scene.click("a");
    await scene.see("new2.luau");
    await scene.studio.run("task.wait() task.wait()");
    expect(await scene.studio.run("return table.concat(_G.told, ', ')")).toBe("");
    await scene.click("a");
    await scene.seeNo("new2.luau");
    expect(await scene.studio.run("return table.concat(_G.told, ', ')")).toBe("");
  });

  test("5,000 matches that come at once are taken in over many frames", async () => {
    const line = "needle\n";
    scene.fill(
      Object.fromEntries(
        Array.from({ length: MATCHES / 100 }, (_, index) => [`${100 + index}.luau`, line.repeat(100)]),
      ),
    );
    await scene.click("Search");
    await scene.studio.run(watch("FoundRows"));
    await scene.studio.type("Pattern", "needle", { enter: true });
    await scene.see(`${MATCHES} matches in ${MATCHES / 100} files`, 30);
    const height = (MATCHES + MATCHES / 100) * ROW;
    await scene.studio.until("a frame with all of them", `_G.work.height == ${height}`);
    const { mostMade, mostMatches, objects } = await work();
    expect(mostMade).toBeLessThan(objects / 2);
    expect(mostMatches).toBeLessThan(MATCHES / 4);
    expect(objects).toBeLessThan(100);
  });
});

/** Luau: counts in `_G.touched` the properties of the panel that change, by name of object and property. */
const TOUCHED = `
  _G.touched = {}
  local function watch(object)
    object.Changed:Connect(function(property)
      local name = object.Name .. "." .. property
      _G.touched[name] = (_G.touched[name] or 0) + 1
    end)
  end
  local widget = game:GetService("PluginGuiService"):FindFirstChild("Puente")
  for _, object in widget:GetDescendants() do watch(object) end
  _G.added = 0
  widget.DescendantAdded:Connect(function(object) _G.added += 1 watch(object) end)`;

describe("an answer that grows", () => {
  const CHARACTERS = 100_000;
  let model: ScriptedModel;
  let scene: Scene;
  beforeEach(async () => {
    model = await startScriptedModel();
    scene = await setScene({ model });
    await scene.pair();
    await scene.click("Chat");
    await scene.see("▸ tiny, lm");
  });
  afterEach(async () => {
    await scene.close();
    await model.close();
  });
  const objects = () =>
    scene.studio.run<number>(
      `return #game:GetService("PluginGuiService"):FindFirstChild("ChatFlow", true):GetDescendants()`,
    );
  const ends = (text: string) =>
    scene.studio.until(
      `the end of ${text.slice(-20)}`,
      `for _, each in game:GetService("PluginGuiService"):FindFirstChild("ChatFlow", true):GetDescendants() do
        if each.Name == "Passage" and string.sub(each.Text, -${text.length}) == ${luau(text)} then return true end
      end`,
      { seconds: 60 },
    );

  test("touches one text with each token, also after 100,000 characters, and has no more objects then", async () => {
    await scene.ask("Go on.");
    const reply = await model.next("Go on.");
    const line = `${"the lantern flickers ".repeat(4)}\n`;
    reply.text(line.repeat(40), "begun");
    await ends("begun");
    const early = await objects();
    let sent = 0;
    for (; sent < CHARACTERS; sent += line.length) reply.text(line);
    reply.text("here");
    await ends("here");
    await scene.studio.run("for _ = 1, 60 do task.wait() end");
    expect(await objects()).toBeLessThanOrEqual(early + 10);
    await scene.studio.run(TOUCHED);
    reply.text(" more");
    await ends("here more");
    expect(
      await scene.studio.run(`
      local list = {}
      for name in _G.touched do if not string.find(name, "Absolute") and not string.find(name, "TextBounds") then table.insert(list, name) end end
      return { table.concat(list, ", "), _G.added }`),
    ).toEqual(["Passage.Text", 0]);
    reply.end();
    await scene.see("Retry");
  }, 120_000);
});
