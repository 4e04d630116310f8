import { eventually, luau, type Scene } from "./plugin-scene.js";

/** A text as it stands on the screen; pixels from the widget's upper left corner. */
export interface Shown {
  /** Names from the widget down. */
  readonly path: string;
  readonly text: string;
  /** Of the object. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Of the letters in it. */
  readonly letters: { readonly x: number; readonly width: number; readonly height: number };
  readonly truncates: boolean;
  /** Whether all of it is seen. */
  readonly fits: boolean;
  /** The horizontal room that what it is in leaves it. */
  readonly room: { readonly left: number; readonly right: number };
  /** The pane it scrolls in; what is above them all does not. */
  readonly pane: string;
  /** RRGGBB: of the letters, and of what is behind them. */
  readonly colour: string;
  readonly behind: string;
}

/** Luau: a list of all visible texts. `found` is the dock widget. */
const READ = `
  local found = game:GetService("PluginGuiService"):FindFirstChildWhichIsA("DockWidgetPluginGui")
  local function seen(object)
    while object ~= found do
      if object:IsA("GuiObject") and not object.Visible then return false end
      object = object.Parent
    end
    return true
  end
  local function behind(object)
    while object ~= found do
      if object:IsA("GuiObject") and object.BackgroundTransparency == 0 then return object.BackgroundColor3:ToHex() end
      object = object.Parent
    end
    return "nothing"
  end
  local SHARE = { Left = 0, Center = 0.5, Right = 1 }
  local list = {}
  for _, object in found:GetDescendants() do
    if (object:IsA("TextLabel") or object:IsA("TextButton") or object:IsA("TextBox")) and object.Text ~= "" and seen(object) then
      local left, right = 0, found.AbsoluteSize.X
      local above = object.Parent
      while above ~= found do
        left = math.max(left, above.AbsolutePosition.X)
        right = math.min(right, above.AbsolutePosition.X + above.AbsoluteSize.X)
        above = above.Parent
      end
      local pane = object:FindFirstAncestorWhichIsA("ScrollingFrame")
      local padding = object:FindFirstChildWhichIsA("UIPadding")
      local before = if padding then padding.PaddingLeft.Offset else 0
      local after = if padding then padding.PaddingRight.Offset else 0
      local x, width = object.AbsolutePosition.X + before, object.AbsoluteSize.X - before - after
      table.insert(list, {
        path = object:GetFullName(), text = object.Text, truncates = object.TextTruncate ~= Enum.TextTruncate.None, fits = object.TextFits,
        x = object.AbsolutePosition.X, y = object.AbsolutePosition.Y,
        width = object.AbsoluteSize.X, height = object.AbsoluteSize.Y,
        letters = {
          x = x + (width - object.TextBounds.X) * SHARE[object.TextXAlignment.Name],
          width = object.TextBounds.X, height = object.TextBounds.Y,
        },
        room = { left = left, right = right },
        pane = if pane then pane.Name else "Head",
        colour = object.TextColor3:ToHex(), behind = behind(object),
      })
    end
  end
  return list`;

export const look = (scene: Scene) => scene.studio.run<Shown[]>(READ);

/** A person's hands on the panel: its size, keys and the pointer. */
export async function reach(scene: Scene) {
  const { page } = scene.studio;
  let widget = 0;
  const parents = new Map<number, number>();
  const texts = new Map<number, string>();
  const removed = new Set<number>();
  /** What something is in, from itself outwards. */
  const chain = (node: number) => {
    const list = [node];
    for (let id = parents.get(node); id !== undefined && id !== 0; id = parents.get(id)) list.push(id);
    return list;
  };
  page.watch(
    ({ news }) => {
      widget = news.widgets?.[0]?.id ?? widget;
      for (const [kind, id, what] of news.draw ?? []) {
        if (kind === "add" || kind === "move") parents.set(id, what);
        if (kind === "text") texts.set(id, what.map(({ runs }) => runs.map(({ text }) => text).join("")).join(" "));
        if (kind === "add") removed.delete(id);
        if (kind === "remove") {
          texts.delete(id);
          removed.add(id);
        }
      }
    },
    () => {},
  );
  await eventually("the widget is told of", async () => widget || undefined);
  /** What is under the pointer over a text, the uppermost first. */
  const drawn = (name: string) =>
    eventually(`${name} is drawn`, async () =>
      [...texts]
        .filter(([, text]) => text === name)
        .map(([id]) => chain(id))
        .find((list) => !list.some((id) => removed.has(id))),
    );
  const held = { shift: false, ctrl: false, alt: false, meta: false };
  const key = (type: "down" | "up", code: string, shift: boolean) =>
    page.say(1, { kind: "key", type, widget, code, held: { ...held, shift } });
  return {
    resize: async (width: number, height: number) => {
      page.say(1, { kind: "resize", widget, width, height });
      await scene.studio.until(
        `the panel is ${width} by ${height}`,
        `local size = game:GetService("PluginGuiService"):FindFirstChildWhichIsA("DockWidgetPluginGui").AbsoluteSize
        return size.X == ${width} and size.Y == ${height}`,
      );
      // What follows from its size is done a frame later.
      await scene.studio.run("task.wait() task.wait()");
    },
    /** Presses a key by its KeyboardEvent.code. */
    press: async (code: string, shift = false) => {
      key("down", code, shift);
      key("up", code, shift);
      await scene.studio.run("task.wait() task.wait()");
    },
    /** Presses Enter in a text box, which makes its text this one. */
    enter: async (text: string, shift = false) => {
      if (shift) key("down", "ShiftLeft", true);
      key("down", "Enter", shift);
      await scene.studio.run(`game:GetService("UserInputService"):GetFocusedTextBox().Text = ${luau(text)}`);
      key("up", "Enter", shift);
      if (shift) key("up", "ShiftLeft", false);
      await scene.studio.run("task.wait() task.wait()");
    },
    /** Clicks on a text, with keys held. */
    click: async (name: string, keys: Partial<typeof held>) => {
      const under = await drawn(name);
      for (const type of ["move", "down", "up", "leave"] as const) {
        page.say(1, {
          kind: "pointer",
          type,
          widget,
          x: 0,
          y: 0,
          under: type === "leave" ? [] : under,
          button: 0,
          clicks: 1,
          wheel: [0, 0],
          held: { ...held, ...keys },
        });
      }
      await scene.studio.run("task.wait() task.wait()");
    },
    /** Brings the pointer over a text, and presses or lets go of its button there. */
    point: async (text: string, type: "move" | "down" | "up") => {
      const under = await drawn(text);
      page.say(1, { kind: "pointer", type, widget, x: 0, y: 0, under, button: 0, clicks: 1, wheel: [0, 0], held });
      await scene.studio.run("task.wait() task.wait()");
    },
    leave: () => page.unwatch(),
  };
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast ratio of two colours, RRGGBB. */
export function contrastOf(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}
