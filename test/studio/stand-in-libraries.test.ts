import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.ts";
import { type Piece, writeRbxmx } from "./stand-in/write-rbxmx.ts";

const packages = createRequire(import.meta.url);
let studio: Studio;
let remove: () => Promise<void>;

/** The Luau files of a folder as modules. */
async function modulesOf(folder: string): Promise<Piece[]> {
  const files = (await readdir(folder)).filter((file) => /\.luau?$/.test(file));
  return Promise.all(
    files.map(async (file) => ({
      class: "ModuleScript" as const,
      name: file.replace(/\.luau?$/, ""),
      source: await readFile(join(folder, file), "utf8"),
    })),
  );
}

const PANEL = `
  local TS = require(script.Parent.include.RuntimeLib)
  local vide = require(script.Parent.vide)
  local widget = plugin:CreateDockWidgetPluginGui("panel", DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Left, true))
  local count, items = vide.source(0), vide.source({ "one" })
  vide.mount(function()
    return vide.create("Frame")({
      Size = UDim2.fromScale(1, 1),
      vide.create("UIListLayout")({}),
      vide.create("TextLabel")({ Text = function() return "count " .. count() end }),
      vide.create("TextButton")({ Text = "more", Activated = function() count(count() + 1) items({ "one", "two" }) end }),
      vide.values(items, function(item) return vide.create("TextLabel")({ Text = item }) end),
      vide.show(function() return count() > 0 end, function() return vide.create("TextLabel")({ Text = "shown" }) end),
    })
  end, widget)
  TS.Promise.delay(0.02)
    :andThen(function() return TS.Promise.new(function(resolve) task.defer(resolve, "resolved") end) end)
    :andThen(function(value) print(value) error({ code = "broken" }) end)
    :catch(function(problem) print(problem.code) end)
    :finally(function() shared.settled = true end)
`;

beforeAll(async () => {
  const vide = dirname(packages.resolve("@rbxts/vide/package.json"));
  const robloxTs = dirname(packages.resolve("roblox-ts/package.json"));
  const modules = await modulesOf(join(vide, "src"));
  const root = modules.find(({ name }) => name === "init");
  const file = await writeRbxmx("libraries", [
    { name: "main", source: PANEL },
    { name: "include", children: await modulesOf(join(robloxTs, "include")) },
    { ...root, name: "vide", children: modules.filter((each) => each !== root) },
  ]);
  remove = file.remove;
  studio = await startStudio({ plugins: [file.path] });
});

afterAll(async () => {
  await studio.close();
  await remove();
});

test("an interface made with vide shows itself and follows its sources", async () => {
  expect(await studio.texts("panel")).toEqual(["count 0", "more", "one"]);
  await studio.activate("more");
  expect((await studio.texts("panel")).toSorted()).toEqual(["count 1", "more", "one", "shown", "two"]);
});

test("roblox-ts's runtime and its promises run", async () => {
  await studio.until("the promise is settled", "shared.settled");
  expect(studio.output()).toMatchObject([
    { kind: "print", text: "resolved" },
    { kind: "print", text: "broken" },
  ]);
});
