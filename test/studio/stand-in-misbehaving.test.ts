import { afterEach, expect, test } from "vitest";
import { type Studio, type Switches, startStudio } from "./stand-in/index.ts";
import { type Piece, writeRbxmx } from "./stand-in/write-rbxmx.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function studioWith(source: string, children: Piece[] = [], switches: Partial<Switches> = {}): Promise<Studio> {
  const file = await writeRbxmx("bad", [{ name: "main", source, children }]);
  cleanups.push(file.remove);
  const studio = await startStudio({ plugins: [file.path], switches });
  cleanups.unshift(studio.close);
  return studio;
}

const module = (name: string, source: string): Piece => ({ class: "ModuleScript", name, source });
const errors = (studio: Studio) => studio.output().filter((line) => line.kind === "error");
const works = async (studio: Studio) => expect(await studio.run("1 + 1")).toBe(2);

test("print and warn say from which line of which script they come", async () => {
  const studio = await studioWith(
    `print("a")\nlocal a = require(script.a)\n\na()\ntask.spawn(print, "c")\npcall(warn, "d")\ntask.delay(0, print, "e")`,
    [module("a", "return function()\n  warn('b')\nend")],
  );
  await studio.until("the last line is there", "true");
  const main = "user_bad.rbxmx.main";
  expect(studio.output()).toEqual([
    { kind: "print", text: "a", from: `${main}:1` },
    { kind: "warn", text: "b", from: `${main}.a:2` },
    { kind: "print", text: "c" },
    { kind: "warn", text: "d", from: `${main}:6` },
    { kind: "print", text: "e" },
  ]);
});

test("an error at start is a line with script and line", async () => {
  const studio = await studioWith(`local nothing\n\nprint(nothing.field)`);
  expect(errors(studio)).toEqual([
    {
      kind: "error",
      text: "user_bad.rbxmx.main:3: attempt to index nil with 'field'",
      from: "user_bad.rbxmx.main:3",
    },
  ]);
  await works(studio);
});

test("a script that does not compile is a line with script and line", async () => {
  const studio = await studioWith(`print("never")\nlocal = 3`);
  expect(studio.output()[0]).toMatchObject({ kind: "error", from: "user_bad.rbxmx.main:2" });
  expect(studio.output()[0]?.text).toMatch(/^user_bad\.rbxmx\.main:2: Expected identifier/);
  await works(studio);
});

test("an error in a module is told of the module, and of the script that required it", async () => {
  const studio = await studioWith(`\nrequire(script.a)`, [module("a", `\n\nerror("boom")`)]);
  expect(errors(studio)).toEqual([
    { kind: "error", text: "user_bad.rbxmx.main.a:3: boom", from: "user_bad.rbxmx.main.a:3" },
    {
      kind: "error",
      text: "Requested module experienced an error while loading",
      from: "user_bad.rbxmx.main:2",
    },
  ]);
  await works(studio);
});

test.each([
  ["an unknown class", `Instance.new("Nonsense")`, `Unable to create an Instance of type "Nonsense"`],
  [
    "an unknown property that is read",
    `print(script.Colour)`,
    `Colour is not a valid member of Script "user_bad.rbxmx.main"`,
  ],
  [
    "an unknown property that is set",
    `script.Colour = 1`,
    `Colour is not a valid member of Script "user_bad.rbxmx.main"`,
  ],
])("%s is an error without a position in its text, whose line says where it was", async (_, source, text) => {
  const studio = await studioWith(`\n${source}`);
  expect(errors(studio)).toEqual([{ kind: "error", text, from: "user_bad.rbxmx.main:2" }]);
  await works(studio);
});

test("a plugin that errors in each frame says so each time", async () => {
  const studio = await studioWith(`
    game:GetService("RunService").Heartbeat:Connect(function()
      workspace:SetAttribute("frames", (workspace:GetAttribute("frames") or 0) + 1)
      error("again")
    end)`);
  await studio.until("three frames", `workspace:GetAttribute("frames") >= 3`);
  expect(errors(studio).length).toBeGreaterThanOrEqual(3);
  expect(errors(studio)[2]).toEqual({
    kind: "error",
    text: "user_bad.rbxmx.main:4: again",
    from: "user_bad.rbxmx.main:4",
  });
  await works(studio);
});

test("endless recursion ends in Luau's stack overflow", async () => {
  const studio = await studioWith(`local function down()\n  return 1 + down()\nend\ndown()`);
  expect(errors(studio)).toHaveLength(1);
  expect(errors(studio)[0]?.text).toMatch(/^user_bad\.rbxmx\.main:2: stack overflow/);
  expect(errors(studio)[0]?.from).toBe("user_bad.rbxmx.main:2");
  await works(studio);
});

const SOON = { scriptTimeoutSeconds: 0.3 };

test.each([
  ["an endless loop", `while true do\nend`, [2, 3]],
  [
    "an endless loop inside pcall, again and again",
    `while true do\n  pcall(function() while true do end end)\nend`,
    [2, 3, 4],
  ],
  ["an endless loop in a coroutine", `local step = coroutine.wrap(function()\n  while true do end\nend)\nstep()`, [5]],
  ["a pattern that never comes to its end", `string.find(string.rep("a", 60), string.rep("a-", 30) .. "b")`, [2]],
])("%s is ended by an error with script and line; the plugin's other threads go on", async (_, source, lines) => {
  const studio = await studioWith(`task.delay(0, print, "goes on")\n${source}\nprint("never")`, [], SOON);
  expect(errors(studio)).toHaveLength(1);
  const { text, from } = errors(studio)[0] ?? {};
  expect(lines.map((line) => `user_bad.rbxmx.main:${line}`)).toContain(from);
  expect(text).toBe(`${from}: Script timeout: exhausted allowed execution time`);
  await studio.until("the delayed thread", "true");
  expect(studio.output().at(-1)).toEqual({ kind: "print", text: "goes on" });
  await works(studio);
});

test("a script inside one endless call of Luau's library ends Studio, which says so wherever something waits", async () => {
  const studio = await studioWith(`task.wait(0.1)\ntable.move({}, 1, 2 ^ 31 - 3, 2, {})`, [], SOON);
  const reason = "Script timeout: Studio was ended because a script ran for 0.3 seconds and could not be stopped";
  await expect(studio.until("it rests", "false", { seconds: 60 })).rejects.toThrow(`it rests: ${reason}`);
  await expect(studio.run("1")).rejects.toThrow(reason);
  expect(errors(studio)).toEqual([{ kind: "error", text: reason }]);
});

const SLOW_MACHINE = { scriptTimeoutSeconds: 60 };

test.each([
  ["tables", `local all = {}\nwhile true do all[#all + 1] = { 1, 2, 3 } end`],
  ["strings", `local all = {}\nwhile true do all[#all + 1] = string.rep("x", 1e6) .. #all end`],
  [
    "tables, and catches its errors",
    `local all = {}\nwhile true do pcall(function() while true do all[#all + 1] = {} end end) end`,
  ],
])(
  "a script that fills the memory with %s is ended by an error with its line, and the memory is free again",
  async (_, source) => {
    const studio = await studioWith(source, [], SLOW_MACHINE);
    expect(errors(studio)).toEqual([{ kind: "error", text: "not enough memory", from: "user_bad.rbxmx.main:2" }]);
    await studio.until(
      "the garbage is collected",
      "(function() for _ = 1, 1000 do local _ = {} end return gcinfo() < 100000 end)()",
    );
    await works(studio);
  },
);

test("a failure of the VM itself ends Studio with a reason, and names the script", async () => {
  const studio = await studioWith(`task.wait(0.1)
    local module = Instance.new("ModuleScript")
    module.Name, module.Source = "deep", "return " .. string.rep("(", 5000)
    require(module)`);
  const reason = "Studio was ended: Luau's compiler gave up (while compiling deep)";
  await expect(studio.until("it is required", "false")).rejects.toThrow(`it is required: ${reason}`);
  await expect(studio.run("1")).rejects.toThrow(reason);
  expect(errors(studio)).toEqual([{ kind: "error", text: reason }]);
  await studio.close();
});

test("of a flood of lines the newest are kept, after a line that counts the others", async () => {
  const studio = await studioWith(`for line = 1, 25000 do\n  print(line)\nend`, [], SLOW_MACHINE);
  const lines = studio.output();
  expect(lines).toHaveLength(10_001);
  expect(lines[0]).toEqual({ kind: "info", text: "15000 earlier lines were left out" });
  expect(lines[1]).toEqual({ kind: "print", text: "15001", from: "user_bad.rbxmx.main:2" });
  expect(lines.at(-1)?.text).toBe("25000");
  await works(studio);
});

test("100,000 objects are built, and gone when asked to go", async () => {
  const studio = await studioWith(
    `local folder = Instance.new("Folder")
     for _ = 1, 100000 do Instance.new("Frame").Parent = folder end
     workspace:SetAttribute("built", #folder:GetChildren())
     folder:Destroy()
     workspace:SetAttribute("left", #folder:GetChildren())`,
    [],
    SLOW_MACHINE,
  );
  expect(await studio.run(`{ workspace:GetAttribute("built"), workspace:GetAttribute("left") }`)).toEqual([100_000, 0]);
  expect(studio.output()).toEqual([]);
});

test("a script that is ended leaves the plugin's other scripts their own time", async () => {
  const file = await writeRbxmx("bad", [
    { name: "first", source: "while true do end" },
    { name: "second", source: `for _ = 1, 1e5 do end\nprint("second")` },
  ]);
  cleanups.push(file.remove);
  const studio = await startStudio({ plugins: [file.path], switches: SOON });
  cleanups.unshift(studio.close);
  expect(errors(studio).map((line) => line.from)).toEqual(["user_bad.rbxmx.first:1"]);
  expect(studio.output().at(-1)?.text).toBe("second");
});
