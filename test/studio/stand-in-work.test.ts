import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.js";

let studio: Studio;
beforeAll(async () => {
  studio = await startStudio({ plugins: [] });
});
afterAll(() => studio.close());

/** Luau: works for so many milliseconds. */
const work = (milliseconds: number) => `
  local start = os.clock()
  repeat until os.clock() - start >= ${milliseconds / 1000}`;

test("the work of frames is counted, with what came in before each, since the beginning", async () => {
  await studio.run(work(50));
  await studio.stats({ begin: true });
  await studio.run(`
    local heartbeat, worked = game:GetService("RunService").Heartbeat, 0
    for _ = 1, 5 do heartbeat:Wait() ${work(20)} end`);
  await studio.run(work(200));
  await studio.run("task.wait()");
  const { frames, workMilliseconds, longestFrameMilliseconds } = await studio.stats();
  expect(frames).toBeGreaterThanOrEqual(6);
  expect(workMilliseconds).toBeGreaterThanOrEqual(300);
  expect(longestFrameMilliseconds).toBeGreaterThanOrEqual(200);
  await studio.stats({ begin: true });
  expect((await studio.stats()).workMilliseconds).toBeLessThan(workMilliseconds);
});

test("layout is a part of the work", async () => {
  await studio.stats({ begin: true });
  expect((await studio.stats()).layoutMilliseconds).toBe(0);
  await studio.run(`
    local gui = game:GetService("PluginGuiService")
    local widget = Instance.new("ScreenGui")
    widget.Parent = gui
    local list = Instance.new("Frame")
    list.Size = UDim2.fromScale(1, 1)
    list.Parent = widget
    for _ = 1, 2000 do Instance.new("TextLabel").Parent = list end
    task.wait()`);
  const { layoutMilliseconds, workMilliseconds } = await studio.stats();
  expect(layoutMilliseconds).toBeGreaterThan(0);
  expect(workMilliseconds).toBeGreaterThan(layoutMilliseconds);
});
