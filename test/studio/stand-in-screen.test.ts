import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.ts";
import { looks } from "./stand-in/screen/looks.ts";

let studio: Studio;
beforeAll(async () => {
  studio = await startStudio({ plugins: [] });
});
afterAll(() => studio.close());

const STAND_IN = join(import.meta.dirname, "stand-in");
const { drawn, withoutLook, undrawn, undrawnClasses, font } = looks;

const listed = (names: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(names).flatMap(([owner, properties]) => properties.map((property) => `${owner}.${property}`));
const all = [...listed(drawn), ...listed(withoutLook), ...Object.keys(undrawn)];

/** As `Class.Property`, of each class of the user interface, by the class that adds the property. */
function propertiesOfClasses(): Promise<string[]> {
  return studio.run(`
    local service = game:GetService("ReflectionService")
    local supers, found = {}, {}
    for _, class in service:GetClasses() do
      supers[class.Name] = class.Superclass
    end
    for name in supers do
      local base = name
      while base and base ~= "GuiBase" and base ~= "UIBase" do
        base = supers[base]
      end
      for _, property in if base then service:GetPropertiesOfClass(name) else {} do
        found[property.Owner .. "." .. property.Name] = true
      end
    end
    local list = {}
    for name in found do
      table.insert(list, name)
    end
    return list`);
}

test("of every property of the user interface is said whether it is drawn, once", async () => {
  const properties = await propertiesOfClasses();
  expect(properties.length).toBeGreaterThan(150);
  const said = properties.filter((name) => undrawnClasses[name.split(".")[0] ?? ""] === undefined);
  expect(all.toSorted()).toEqual(said.toSorted());
});

test("what is said to be drawn is read by layout, text or paint", () => {
  const files = ["screen/layout", "screen/text", "screen/paint"].flatMap((folder) =>
    readdirSync(join(STAND_IN, folder)).map((file) => join(STAND_IN, folder, file)),
  );
  const sources = [...files, join(STAND_IN, "luau/page.luau")].map((file) => readFileSync(file, "utf8")).join("\n");
  // Font is drawn as the FontFace that follows it, the parent as where a node is; the rest is the focus's.
  const otherwise = ["Font", "Parent", "CursorPosition", "SelectionStart"];
  const unread = listed(drawn).filter((name) => {
    const property = name.split(".")[1] ?? "";
    return !otherwise.includes(property) && !new RegExp(`\\b${property}\\b`).test(sources);
  });
  expect(unread).toEqual([]);
});

/** Luau that makes an instance and gives a property a value that is not drawn. */
const USES: Readonly<Record<string, string>> = {
  "CanvasGroup.GroupColor3": "Color3.new(1, 0, 0)",
  "Frame.Style": "Enum.FrameStyle.RobloxRound",
  "GuiButton.Style": "Enum.ButtonStyle.RobloxButton",
  "GuiObject.BorderMode": "Enum.BorderMode.Middle",
  "GuiObject.SelectionImageObject": `Instance.new("Frame")`,
  "LayerCollector.ZIndexBehavior": "",
  "ScrollingFrame.ElasticBehavior": "Enum.ElasticBehavior.Always",
  "UIStroke.LineJoinMode": "Enum.LineJoinMode.Bevel",
};
const USES_OF_ANY: Readonly<Record<string, string>> = {
  Image: `"rbxassetid://1"`,
  HoverImage: `"rbxassetid://1"`,
  PressedImage: `"rbxassetid://1"`,
  BottomImage: `""`,
  MidImage: `""`,
  TopImage: `""`,
  ImageRectOffset: "Vector2.new(1, 1)",
  ImageRectSize: "Vector2.new(1, 1)",
  OpenTypeFeatures: `"'kern' off"`,
  ResampleMode: "Enum.ResamplerMode.Pixelated",
  ScaleType: "Enum.ScaleType.Fit",
  SliceCenter: "Rect.new(1, 1, 2, 2)",
  SliceScale: "2",
  TextDirection: "Enum.TextDirection.RightToLeft",
  TileSize: "UDim2.fromScale(2, 2)",
};
const CREATABLE: Readonly<Record<string, string>> = { GuiObject: "Frame", GuiButton: "TextButton" };

let serial = 0;

/** The warnings that come of two instances that Luau has made; it gets each as `made` in its own dock widget. */
async function warningsOf(kind: string, name: string, work: string): Promise<string[]> {
  serial += 1;
  const before = studio.output().length;
  await studio.run(`
    local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 400, 300)
    local widget = plugin:CreateDockWidgetPluginGui("widget ${serial}", info)
    for i = 1, 2 do
      local box = Instance.new("Folder", widget)
      box.Name = "box " .. i
      local made = Instance.new("${kind}")
      made.Name = "${name}"
      made.Parent = box
      ${work}
    end`);
  await studio.until("a frame", "true");
  await studio.until("another frame", "true");
  await studio.run(`game:GetService("PluginGuiService")["widget ${serial}"]:Destroy()`);
  return studio
    .output()
    .slice(before)
    .map((line) => `${line.kind} ${line.text}`);
}

test.each(Object.keys(undrawn).filter((key) => key !== "LayerCollector.ZIndexBehavior"))(
  "%s warns once, with the first instance that uses it",
  async (key) => {
    const [owner = "", property = ""] = key.split(".");
    const kind = CREATABLE[owner] ?? owner;
    const value = USES[key] ?? USES_OF_ANY[property];
    expect(await warningsOf(kind, "used", `made.${property} = ${value}`)).toEqual([
      `warn widget ${serial}.box 1.used: ${kind}.${property} is not drawn: ${undrawn[key]}`,
    ]);
    expect(await warningsOf(kind, "again", `made.${property} = ${value}`)).toEqual([]);
  },
);

test.each(Object.keys(undrawnClasses))("a %s warns once, with the first of them", async (kind) => {
  expect(await warningsOf(kind, "used", "")).toEqual([
    `warn widget ${serial}.box 1.used: ${kind} is not drawn: ${undrawnClasses[kind]}`,
  ]);
  expect(await warningsOf(kind, "again", "")).toEqual([]);
});

test("ZIndexBehavior matters where a ZIndex is set in a widget that has Global", async () => {
  expect(await warningsOf("Frame", "flat", "")).toEqual([]);
  const sibling = `widget.ZIndexBehavior = Enum.ZIndexBehavior.Sibling\nmade.ZIndex = 2`;
  expect(await warningsOf("Frame", "used", sibling)).toEqual([]);
  expect(await warningsOf("Frame", "used", "made.ZIndex = 2")).toEqual([
    `warn widget ${serial}.box 1.used: LayerCollector.ZIndexBehavior is not drawn: Global is drawn as Sibling`,
  ]);
});

test("a family of fonts that has no letters here warns once, whatever its weight", async () => {
  const fonts = `made.Font = if i == 1 then Enum.Font.Gotham else Enum.Font.GothamBold`;
  expect(await warningsOf("TextLabel", "used", fonts)).toEqual([
    `warn widget ${serial}.box 1.used: the font GothamSSm is not drawn: ${font}`,
  ]);
  const markup = `made.RichText = true\nmade.Text = '<font face="Nunito">a</font><font face="GothamBlack">b</font>'`;
  expect(await warningsOf("TextLabel", "used", markup)).toEqual([
    `warn widget ${serial}.box 1.used: the font Nunito is not drawn: ${font}`,
  ]);
  expect(await warningsOf("TextBox", "used", "made.Font = Enum.Font.SourceSansBold")).toEqual([]);
  expect(await warningsOf("TextBox", "used", "made.Font = Enum.Font.Code")).toEqual([]);
});

test("values that are drawn, and those that every instance has, do not warn", async () => {
  const drawnValues = `made.BorderMode = Enum.BorderMode.Inset\nmade.Style = Enum.FrameStyle.Custom`;
  expect(await warningsOf("Frame", "used", drawnValues)).toEqual([]);
  expect(await warningsOf("ScrollingFrame", "used", "made.ElasticBehavior = Enum.ElasticBehavior.Never")).toEqual([]);
});

/** The README's section. */
function section(): string {
  const byReason = Map.groupBy(Object.entries({ ...undrawnClasses, ...undrawn }), ([, instead]) => instead);
  const lines = [...byReason].map(([instead, entries]) => {
    const keys = entries.map(([key]) => key.split("."));
    const properties = Map.groupBy(keys, ([, property]) => property);
    const byOwners = Map.groupBy(properties, ([, owners]) => owners.map(([owner]) => owner).join(", "));
    const names = [...byOwners].map(([owners, group]) => {
      const names = group.flatMap(([property]) => (property === undefined ? [] : [`\`${property}\``]));
      return names.length === 0 ? owners : `${names.join(", ")} of ${owners}`;
    });
    return `- ${names.join("; ")}: ${instead}.`;
  });
  return [
    "## What the screen does not draw",
    "",
    "The output warns once of each that a plugin uses, with the first instance that does.",
    "",
    ...lines,
    `- Fonts other than SourceSans and Code: ${font}.`,
    "",
  ].join("\n");
}

test("the README lists what is not drawn", () => {
  expect(readFileSync(join(STAND_IN, "README.md"), "utf8")).toContain(section());
});
