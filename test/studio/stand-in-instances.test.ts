import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.ts";

let studio: Studio;

beforeAll(async () => {
  studio = await startStudio({ plugins: [] });
});

afterAll(() => studio.close());

const refused = (source: string) => studio.run<string>(`return select(2, pcall(function() ${source} end))`);

test("an instance has the documented defaults of its class", async () => {
  expect(
    await studio.run(`
      local button, list = Instance.new("TextButton"), Instance.new("UIListLayout")
      return {
        tostring(button.Size), button.Text, button.Name, button.Active, button.ZIndex,
        tostring(list.FillDirection), tostring(list.Padding), Instance.new("StringValue").Name,
      }`),
  ).toEqual(["{0, 0}, {0, 0}", "Button", "TextButton", true, 1, "Enum.FillDirection.Vertical", "0, 0", "Value"]);
});

test("a class knows its superclasses", async () => {
  expect(
    await studio.run(`
      local label = Instance.new("TextLabel")
      return { label:IsA("GuiObject"), label:IsA("Instance"), label:IsA("TextButton"), label.ClassName }`),
  ).toEqual([true, true, false, "TextLabel"]);
});

test("children are found by name, by class and by depth, and named in the full name", async () => {
  expect(
    await studio.run(`
      local top = Instance.new("Folder")
      top.Name = "top"
      local frame = Instance.new("Frame", top)
      local label = Instance.new("TextLabel", frame)
      label.Name = "a b"
      return {
        top.Frame == frame, top:FindFirstChild("a b") == nil, top:FindFirstChild("a b", true) == label,
        top:FindFirstChildWhichIsA("GuiObject") == frame, label:FindFirstAncestorOfClass("Folder") == top,
        #top:GetDescendants(), label:GetFullName(), label:IsDescendantOf(top), workspace:GetFullName(),
      }`),
  ).toEqual([true, true, true, true, true, 2, "top.Frame.a b", true, "Workspace"]);
});

test("a clone is deep, has no parent, and points to its own children", async () => {
  expect(
    await studio.run(`
      local folder = Instance.new("Folder")
      folder:SetAttribute("kind", 3)
      local target = Instance.new("StringValue", folder)
      target.Value = "x"
      local pointer = Instance.new("ObjectValue", folder)
      pointer.Name = "pointer"
      pointer.Value = target
      local twin = folder:Clone()
      return { twin:GetAttribute("kind"), twin.Value.Value, twin.pointer.Value == twin.Value, twin.Parent == nil }`),
  ).toEqual([3, "x", true, true]);
});

test("what is not archivable is not cloned", async () => {
  expect(
    await studio.run(`
      local folder = Instance.new("Folder")
      Instance.new("Folder", folder).Archivable = false
      local alone = Instance.new("Folder")
      alone.Archivable = false
      return { #folder:Clone():GetChildren(), alone:Clone() == nil }`),
  ).toEqual([0, true]);
});

test.each([
  [`Instance.new("Frame").Foo = 1`, `Foo is not a valid member of Frame "Frame"`],
  [`local x = Instance.new("Frame", workspace).Foo`, `Foo is not a valid member of Frame "Workspace.Frame"`],
  [`Instance.new("Fram")`, `Unable to create an Instance of type "Fram"`],
  [`Instance.new("GuiObject")`, `Unable to create an Instance of type "GuiObject"`],
  [`game:GetService("Nope")`, `'Nope' is not a valid Service name`],
  [`Instance.new("Frame").Size = 3`, `Unable to assign property Size. UDim2 expected, got number`],
  [`Instance.new("Frame").Visible = "yes"`, `Unable to assign property Visible. boolean expected, got string`],
  [`Instance.new("Frame").ClassName = "x"`, `Unable to assign property ClassName. Property is read only`],
  [`Instance.new("Frame").Parent = 1`, `invalid argument #3 (Instance expected, got number)`],
  [`Instance.new("TextLabel").TextXAlignment = "Middle"`, `Invalid value "Middle" for enum TextXAlignment`],
  [`local f = Instance.new("Folder") f.Parent = f`, `Attempt to set Folder as its own parent`],
  [
    `local a, b = Instance.new("Folder"), Instance.new("Folder") b.Name = "B" b.Parent = a a.Parent = b`,
    `Attempt to set parent of Folder to Folder.B would result in circular reference`,
  ],
  [
    `local f = Instance.new("Folder") f:Destroy() f.Parent = workspace`,
    `The Parent property of Folder is locked, current parent: NULL, new parent Workspace`,
  ],
  [`workspace.Parent = nil`, `The Parent property of Workspace is locked, current parent: Place1, new parent NULL`],
  [`local x = Enum.Nope`, `Nope is not a valid member of "Enum"`],
  [`local x = Enum.Font.Nope`, `Nope is not a valid member of "Enum.Font"`],
  [`UDim2.new().X = 1`, `X cannot be assigned to`],
  [`Instance.new("Folder"):FindFirstChild()`, `Argument 1 missing or nil`],
  [`Instance.new("Folder").FindFirstChild("x")`, `Expected ':' not '.' calling member function FindFirstChild`],
  [`Instance.new("Folder"):GetPropertyChangedSignal("Nope")`, `Nope is not a valid property name.`],
  [`Instance.new("Folder"):SetAttribute("a b", 1)`, expect.stringContaining("invalid characters")],
  [`Instance.new("Folder"):SetAttribute("a", {})`, "table is not a supported attribute type"],
  [`getmetatable(workspace).__index = 1`, expect.stringContaining("attempt to index string")],
])("%s is refused", async (source, text) => {
  expect(await refused(source)).toEqual(text);
});

test("numbers become strings, and names and numbers become enum items, as Studio converts them", async () => {
  expect(
    await studio.run(`
      local label = Instance.new("TextLabel")
      label.Text = 5
      label.TextXAlignment = "Left"
      label.TextYAlignment = 2
      label.ZIndex = 2.9
      return { label.Text, tostring(label.TextXAlignment), tostring(label.TextYAlignment), label.ZIndex }`),
  ).toEqual(["5", "Enum.TextXAlignment.Left", "Enum.TextYAlignment.Bottom", 2]);
});

test("data types are userdata with value equality", async () => {
  expect(
    await studio.run(`
      return {
        type(UDim2.new()), typeof(UDim2.new()), typeof(Vector3.new()), typeof(Enum), typeof(Enum.Font), typeof(Enum.Font.Code),
        typeof(workspace), typeof(workspace.Changed), typeof(newproxy()),
        UDim2.new(1, 2, 3, 4) == UDim2.new(1, 2, 3, 4), UDim2.fromScale(1, 1) + UDim2.fromOffset(2, 3) == UDim2.new(1, 2, 1, 3),
        Color3.fromHex("#ff8000") == Color3.fromRGB(255, 128, 0), Color3.fromRGB(255, 128, 0):ToHex(),
        tostring(UDim2.new(0.5, 10, 1, 0)), Vector2.new(3, 4).Magnitude, tostring(Vector2.new(1, 2) * 2),
        Enum.HttpError.TimedOut.Value, Enum.HttpError:FromValue(8).Name, #Enum.SortOrder:GetEnumItems(),
      }`),
  ).toEqual([
    ...["userdata", "UDim2", "Vector3", "Enums", "Enum", "EnumItem", "Instance", "RBXScriptSignal", "userdata"],
    ...[true, true, true, "ff8000", "{0.5, 10}, {1, 0}", 5, "2, 4", 5, "NetFail", 3],
  ]);
});

test("a destroyed instance loses its parent, its children and its connections", async () => {
  expect(
    await studio.run(`
      local folder = Instance.new("Folder", workspace)
      local child = Instance.new("Folder", folder)
      local seen = {}
      local connection = folder.Changed:Connect(function() end)
      child.Destroying:Connect(function() table.insert(seen, "child") end)
      folder.Destroying:Connect(function() table.insert(seen, "folder") end)
      folder:Destroy()
      return { folder.Parent == nil, child.Parent == nil, connection.Connected, table.concat(seen, " ") }`),
  ).toEqual([true, true, false, "folder child"]);
});

test("attributes and tags are kept and told", async () => {
  expect(
    await studio.run(`
      local part, seen = Instance.new("Part", workspace), {}
      part.AttributeChanged:Connect(function(name) table.insert(seen, name) end)
      part:GetAttributeChangedSignal("b"):Connect(function() table.insert(seen, "only b") end)
      part:SetAttribute("a", 1)
      part:SetAttribute("a", 1)
      part:SetAttribute("b", Color3.new())
      local tags = game:GetService("CollectionService")
      tags:AddTag(part, "red")
      local found = tags:GetTagged("red")[1] == part
      part:Destroy()
      return { table.concat(seen, ","), found, #tags:GetTagged("red") }`),
  ).toEqual(["a,only b,b", true, 0]);
});

test("strings that are not UTF-8 come back as bytes, and so do buffers", async () => {
  expect(await studio.run(`return { "caf\\u{E9} \\u{1F600}", "\\255\\0", buffer.fromstring("ab") }`)).toEqual([
    "café 😀",
    new Uint8Array([255, 0]),
    new Uint8Array([97, 98]),
  ]);
});

test("a command that fails throws Luau's text, with its line", async () => {
  await expect(studio.run(`local x = nil\nreturn x.y`)).rejects.toThrow("command:2: attempt to index nil with 'y'");
  await expect(studio.run(`local = 3`)).rejects.toThrow("command:1: Expected identifier");
});
