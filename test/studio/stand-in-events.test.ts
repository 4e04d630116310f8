import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Studio, type Switches, startStudio } from "./stand-in/index.ts";

const started: Studio[] = [];
afterAll(async () => {
  for (const studio of started) await studio.close();
});

async function studioWith(switches: Partial<Switches>): Promise<Studio> {
  const studio = await startStudio({ plugins: [], switches });
  started.push(studio);
  return studio;
}

describe.each(["immediate", "deferred"] as const)("with %s signals", (signals) => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await studioWith({ signals });
  });

  test("a property tells its change once, and only when it changes", async () => {
    expect(
      await studio.run(`
        local label, seen = Instance.new("TextLabel"), {}
        label.Changed:Connect(function(name) table.insert(seen, name) end)
        label:GetPropertyChangedSignal("Text"):Connect(function() table.insert(seen, "text " .. label.Text) end)
        label.Text = "a"
        label.Text = "a"
        label.Visible = false
        task.wait()
        table.sort(seen)
        return seen`),
    ).toEqual(["Text", "Visible", "text a"]);
  });

  test("handlers run before the statement ends, or after the thread", async () => {
    expect(
      await studio.run(`
        local event, order = Instance.new("BindableEvent"), {}
        event.Event:Connect(function(what) table.insert(order, what) end)
        event:Fire("handler")
        table.insert(order, "after")
        task.wait()
        return order`),
    ).toEqual(signals === "immediate" ? ["handler", "after"] : ["after", "handler"]);
  });

  test("a move is told along the tree", async () => {
    expect(
      await studio.run(`
        local top, folder, leaf = Instance.new("Folder"), Instance.new("Folder"), Instance.new("Folder")
        folder.Name, leaf.Name = "folder", "leaf"
        leaf.Parent = folder
        local seen = {}
        local function on(signal, word)
          signal:Connect(function(what) table.insert(seen, word .. " " .. what.Name) end)
        end
        on(top.ChildAdded, "added")
        on(top.DescendantAdded, "below")
        on(top.ChildRemoved, "removed")
        on(top.DescendantRemoving, "leaving")
        leaf.AncestryChanged:Connect(function(what) table.insert(seen, "moved " .. what.Name) end)
        folder.Parent = top
        folder.Parent = nil
        task.wait()
        table.sort(seen)
        return seen`),
    ).toEqual([
      "added folder",
      "below folder",
      "below leaf",
      "leaving folder",
      "leaving leaf",
      "moved folder",
      "moved folder",
      "removed folder",
    ]);
  });

  test("Once runs once, Wait answers the arguments, a disconnected handler is silent", async () => {
    expect(
      await studio.run(`
        local event, seen = Instance.new("BindableEvent"), {}
        event.Event:Once(function(n) table.insert(seen, "once " .. n) end)
        local connection = event.Event:Connect(function(n) table.insert(seen, "never " .. n) end)
        connection:Disconnect()
        event:Fire(1)
        event:Fire(2)
        task.delay(0.02, function() event:Fire(3) end)
        table.insert(seen, "wait " .. event.Event:Wait())
        return { seen, connection.Connected }`),
    ).toEqual([["once 1", "wait 3"], false]);
  });

  test("an error in one handler leaves the others alone", async () => {
    const before = studio.output().length;
    expect(
      await studio.run(`
        local event, count = Instance.new("BindableEvent"), 0
        event.Event:Connect(function() count += 1 end)
        event.Event:Connect(function() error("broken handler") end)
        event.Event:Connect(function() count += 1 end)
        event:Fire()
        task.wait()
        return count`),
    ).toBe(2);
    expect(studio.output().slice(before)[0]).toMatchObject({ kind: "error", text: "command:4: broken handler" });
  });
});

test("handlers run newest first or oldest first, as the switch says", async () => {
  const order = async (handlerOrder: Switches["handlerOrder"]) =>
    (await studioWith({ handlerOrder })).run(`
      local event, order = Instance.new("BindableEvent"), {}
      for i = 1, 3 do
        event.Event:Connect(function() table.insert(order, i) end)
      end
      event:Fire()
      return order`);
  expect(await order("newestFirst")).toEqual([3, 2, 1]);
  expect(await order("oldestFirst")).toEqual([1, 2, 3]);
});

describe("the scheduler", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await studioWith({});
  });

  test("spawn runs at once, defer after the thread, delay at a later frame", async () => {
    expect(
      await studio.run(`
        local order = {}
        local function say(what) table.insert(order, what) end
        task.delay(0, say, "delay")
        task.defer(say, "defer")
        task.spawn(say, "spawn")
        say("main")
        task.wait(0.05)
        return order`),
    ).toEqual(["spawn", "main", "defer", "delay"]);
  });

  test("wait answers the time it took, and a cancelled thread does not run", async () => {
    const [took, ran] = await studio.run<[number, boolean]>(`
      local ran = false
      local thread = task.delay(0.02, function() ran = true end)
      task.cancel(thread)
      return { task.wait(0.05), ran }`);
    expect(took).toBeGreaterThanOrEqual(0.05);
    expect(ran).toBe(false);
  });

  test("a frame goes from render to simulation to heartbeat, about sixty times a second", async () => {
    const [order, step] = await studio.run<[string[], number]>(`
      local RunService, order, steps = game:GetService("RunService"), {}, {}
      local connections = {}
      for _, name in { "Heartbeat", "PreSimulation", "PreRender" } do
        table.insert(connections, RunService[name]:Connect(function(step)
          table.insert(order, name)
          table.insert(steps, step)
        end))
      end
      repeat task.wait() until #order >= 6
      for _, connection in connections do connection:Disconnect() end
      while order[1] ~= "PreRender" do table.remove(order, 1) end
      return { table.move(order, 1, 3, 1, {}), steps[#steps] }`);
    expect(order).toEqual(["PreRender", "PreSimulation", "Heartbeat"]);
    expect(step).toBeGreaterThan(0);
  });

  test("a thread that yields inside its own coroutine comes back into it", async () => {
    expect(
      await studio.run(`
        local order = {}
        local resume = coroutine.wrap(function()
          table.insert(order, "in")
          task.wait()
          table.insert(order, "back")
        end)
        resume()
        table.insert(order, "out")
        task.wait(0.05)
        return order`),
    ).toEqual(["in", "out", "back"]);
  });

  test("events that defer each other without end are stopped", async () => {
    const deferred = await studioWith({ signals: "deferred" });
    await deferred.run(`
      local event = Instance.new("BindableEvent")
      event.Event:Connect(function() event:Fire() end)
      event:Fire()
      task.wait()`);
    expect(deferred.output()[0]?.text).toBe("Maximum event re-entrancy depth exceeded");
  });

  test("BindableFunction answers its caller, and waits for OnInvoke", async () => {
    expect(
      await studio.run(`
        local bindable = Instance.new("BindableFunction")
        function bindable.OnInvoke(a, b)
          task.wait()
          return a + b
        end
        return bindable:Invoke(2, 3)`),
    ).toBe(5);
  });
});
