import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authorsStudio } from "./authors-plugin.js";
import type { Studio } from "./stand-in/index.js";

const ITEMS = 2_500;
/** A frame makes one, and one more where the list has grown at its end. */
const MADE_A_FRAME = 2;

/** Frames in which all is made that is to be seen after a leap. */
const LEAP = 45;

/** Luau: a flow of items in a pane of a widget, each as high as it says and guessed to be 30 pixels high. */
const SCENE = `
  local model = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local vide = require(model.Parent:FindFirstChild("vide", true):FindFirstChild("src"))
  vide.strict = false
  local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 300, 400)
  local widget = plugin:CreateDockWidgetPluginGui("flow", info)
  local pane = Instance.new("ScrollingFrame")
  pane.Size = UDim2.fromScale(1, 1)
  pane.CanvasSize = UDim2.new()
  pane.AutomaticCanvasSize = Enum.AutomaticSize.Y
  pane.Parent = widget
  _G.pane, _G.made, _G.mostMade, _G.objects = pane, 0, 0, {}
  local serial = 0
  function _G.item(height)
    serial += 1
    return { number = serial, height = vide.source(height) }
  end
  local list = {}
  for at = 1, ${ITEMS} do list[at] = _G.item(20 + at % 7 * 10) end
  _G.items = vide.source(list)
  _G.ends = vide.source(0)
  game:GetService("RunService").PreRender:Connect(function()
    _G.mostMade = math.max(_G.mostMade, _G.made)
    _G.made = 0
  end)
  vide.mount(function()
    return require(model.panel.flow).Flow({
      ui = {
        theme = require(model.panel.theme).createTheme(settings().Studio),
        keyboard = require(model.panel.keyboard).createKeyboard(),
      },
      name = "Flow", order = 1, items = _G.items, ends = _G.ends,
      orderOf = function(item) return item.number end,
      guess = function() return 30 end,
      onActivate = function() end, focused = function() end,
      children = function(item)
        _G.made += 1
        local label = Instance.new("TextLabel")
        label.Name = tostring(item.number)
        vide.effect(function() label.Size = UDim2.new(1, 0, 0, item.height()) end)
        _G.objects[item.number] = label
        vide.cleanup(function() _G.objects[item.number] = nil end)
        return label
      end,
    })
  end, pane)
  function _G.with(change)
    local after = table.clone(_G.items())
    change(after)
    _G.items(after)
  end
  function _G.rest(frames) for _ = 1, frames do task.wait() end end
  _G.rest(45)`;

/** Luau: the names of what is in the window, and how far below its upper edge the first of them begins. */
const SEEN = `
  local seen = {}
  for number, label in _G.objects do
    local y = label.AbsolutePosition.Y - _G.pane.AbsolutePosition.Y
    if y + label.AbsoluteSize.Y > 0 and y < _G.pane.AbsoluteWindowSize.Y then table.insert(seen, { number = number, y = y }) end
  end
  table.sort(seen, function(a, b) return a.number < b.number end)
  local count = 0
  for _ in _G.objects do count += 1 end
  return { first = seen[1].number, y = seen[1].y, last = seen[#seen].number, objects = count, seen = #seen, mostMade = _G.mostMade }`;

interface Seen {
  readonly first: number;
  readonly y: number;
  readonly last: number;
  readonly objects: number;
  readonly seen: number;
  readonly mostMade: number;
}

describe.each(["immediate", "deferred"] as const)("a flow of many items, signals %s", (signals) => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await authorsStudio({ signals });
    await studio.run(SCENE);
  });
  afterAll(() => studio.close());
  beforeEach(() => studio.run("_G.mostMade = 0"));

  const seen = () => studio.run<Seen>(SEEN);
  const change = async (body: string, frames = 10) => {
    await studio.run(`${body} _G.rest(${frames})`);
    return seen();
  };
  const scrollTo = (share: number) =>
    change(
      `_G.pane.CanvasPosition = Vector2.new(0, (_G.pane.AbsoluteCanvasSize.Y - _G.pane.AbsoluteWindowSize.Y) * ${share})`,
      LEAP,
    );

  test("begins at its end, with objects for what is in sight and a little more", async () => {
    const now = await seen();
    expect(now.last).toBe(ITEMS);
    expect(now.objects).toBeLessThan(60);
    expect(now.seen).toBeGreaterThan(5);
  });

  test("stays at its end as that grows, and as its last item does", async () => {
    expect((await change("_G.with(function(list) table.insert(list, _G.item(90)) end)")).last).toBe(ITEMS + 1);
    const grown = await change("_G.items()[#_G.items()].height(300)");
    expect(grown.last).toBe(ITEMS + 1);
    const below = await studio.run<number>(
      `return _G.pane.AbsoluteCanvasSize.Y - _G.pane.AbsoluteWindowSize.Y - _G.pane.CanvasPosition.Y`,
    );
    expect(below).toBe(0);
    expect(grown.mostMade).toBeLessThanOrEqual(MADE_A_FRAME);
  });

  test("is filled wherever it is scrolled to, a frame's work at a time", async () => {
    for (const share of [0, 0.5, 0.1, 0.9, 0.3]) {
      const now = await scrollTo(share);
      const height = await studio.run<number>(`
        local sum = 0
        for number = ${now.first}, ${now.last} do sum += _G.objects[number].AbsoluteSize.Y end
        return sum`);
      expect(height, `at ${share}: from ${now.first} to ${now.last}`).toBeGreaterThanOrEqual(399);
      expect(now.objects).toBeLessThan(60);
      expect(now.mostMade).toBeLessThanOrEqual(MADE_A_FRAME);
    }
  });

  test("what is read does not move: not as the end grows, not as what is above it changes or is measured", async () => {
    const before = await scrollTo(0.5);
    expect(await change("_G.with(function(list) table.insert(list, _G.item(500)) end)")).toMatchObject({
      first: before.first,
      y: before.y,
    });
    expect(await change(`_G.items()[${before.first - 2}].height(200)`)).toMatchObject({
      first: before.first,
      y: before.y,
    });
    const replaced = await change(`_G.with(function(list)
      table.remove(list, ${before.first - 3})
      table.remove(list, 10)
    end)`);
    expect(replaced).toMatchObject({ first: before.first, y: before.y });
    // Step by step upwards into what was never measured: each step is as long as it was meant.
    for (let step = 0; step < 6; step++) {
      const [name, y] = await studio.run<[number, number]>(`
        local first = ${(await seen()).first}
        return { first, _G.objects[first].AbsolutePosition.Y }`);
      await change("_G.pane.CanvasPosition -= Vector2.new(0, 40)");
      const after = await studio.run<number>(`return _G.objects[${name}].AbsolutePosition.Y`);
      expect(after - y, `step ${step}, item ${name}`).toBe(40);
    }
  });

  test("is led back to its end", async () => {
    await scrollTo(0.2);
    const size = await studio.run<number>("return _G.items()[#_G.items()].number");
    expect((await change("_G.ends(_G.ends() + 1)", LEAP)).last).toBe(size);
  });

  test("empties, and fills again", async () => {
    await studio.run("_G.kept = _G.items() _G.items({}) _G.rest(2)");
    expect(await studio.run("return next(_G.objects) == nil")).toBe(true);
    const size = await studio.run<number>("return _G.kept[#_G.kept].number");
    expect((await change("_G.items(_G.kept)", LEAP)).last).toBe(size);
  });
});
