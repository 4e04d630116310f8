import { afterAll, beforeAll } from "vitest";
import type { Property, Rectangle, Tree } from "./layout-scene.ts";
import { type Studio, startStudio } from "./stand-in/index.ts";

type RectanglesOf = (children: readonly Tree[], width: number, height: number) => Promise<Record<string, Rectangle>>;

/**
 * For a file of tests: what Studio's Luau reads in a dock widget of that size: AbsolutePosition and AbsoluteSize of what
 * is named, or AbsoluteContentSize of a layout.
 */
export function layoutsForTests(): RectanglesOf {
  let studio: Studio;
  let serial = 0;
  beforeAll(async () => {
    studio = await startStudio({ plugins: [] });
  });
  afterAll(() => studio.close());
  return async (children, width, height) => {
    serial += 1;
    const { nothing: _nothing, ...rectangles } = await studio.run<Record<string, Rectangle>>(`
      local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, ${width}, ${height})
      local widget = plugin:CreateDockWidgetPluginGui("case ${serial}", info)
      local named = {}
      local function make(className, name, parent)
        local made = Instance.new(className)
        if name then
          made.Name = name
          named[name] = made
        end
        made.Parent = parent
        return made
      end
      ${children.map((child) => luauOf(child, "widget")).join("\n")}
      local all = { nothing = true }
      for name, each in named do
        if each:IsA("UILayout") then
          local size = each.AbsoluteContentSize
          all[name] = { 0, 0, size.X, size.Y }
        elseif each:IsA("GuiObject") then
          local at, size = each.AbsolutePosition, each.AbsoluteSize
          all[name] = { at.X, at.Y, size.X, size.Y }
        end
      end
      widget:Destroy()
      return all`);
    return rectangles;
  };
}

function luauOf({ class: className, name, props = {}, children = [] }: Tree, parent: string): string {
  const lines = Object.entries(props).map(([property, value]) => `made.${property} = ${literal(value)}`);
  return `do
    local made = make(${JSON.stringify(className)}, ${JSON.stringify(name) ?? "nil"}, ${parent})
    ${lines.join("\n")}
    local parent = made
    ${children.map((child) => luauOf(child, "parent")).join("\n")}
  end`;
}

function literal(property: Property): string {
  if (typeof property !== "object") return typeof property === "string" ? JSON.stringify(property) : String(property);
  switch (property.kind) {
    case "UDim":
      return `UDim.new(${property.value.scale}, ${property.value.offset})`;
    case "UDim2": {
      const { x, y } = property.value;
      return `UDim2.new(${x.scale}, ${x.offset}, ${y.scale}, ${y.offset})`;
    }
    case "Vector2":
      return `Vector2.new(${number(property.value.x)}, ${number(property.value.y)})`;
    case "Font": {
      const { family, weight, italic } = property.value;
      const style = italic ? "Italic" : "Normal";
      return `Font.fromName(${JSON.stringify(family)}, Enum.FontWeight:FromValue(${weight}), Enum.FontStyle.${style})`;
    }
    case "EnumItem":
      return `Enum.${property.type}.${property.name}`;
  }
}

function number(value: number): string {
  return Number.isFinite(value) ? String(value) : value < 0 ? "-math.huge" : "math.huge";
}
