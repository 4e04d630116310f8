import { expect, test } from "vitest";
import { inputScenesForTests } from "./input-scene.ts";

const open = inputScenesForTests();

const at = (name: string) => `{ widget.${name}.CanvasPosition.X, widget.${name}.CanvasPosition.Y }`;

test("the wheel is input, and moves the inner canvas to its end before the outer one", async () => {
  const scene = await open(`
    local canvas = { CanvasSize = UDim2.fromOffset(200, 500), ScrollBarThickness = 0 }
    local outer = make("ScrollingFrame", "outer", 0, 0, 200, 200, nil, canvas)
    local inner = make("ScrollingFrame", "inner", 0, 0, 100, 100, outer, { CanvasSize = UDim2.fromOffset(100, 150), ScrollBarThickness = 0 })
    watch(inner, "MouseWheelForward MouseWheelBackward InputChanged")
    inner.InputChanged:Connect(function(input) note(tostring(input.Position)) end)`);
  const wheel = (down: number) => scene.point("wheel", 10, 10, { wheel: [0, down] });
  wheel(30);
  expect(await scene.notes()).toEqual([
    "inner MouseWheelBackward 10 10",
    "10, 10, -1",
    "inner InputChanged MouseWheel",
  ]);
  expect(await scene.studio.run(at("outer.inner"))).toEqual([0, 30]);
  wheel(30);
  expect(await scene.studio.run(at("outer.inner"))).toEqual([0, 50]);
  wheel(30);
  expect(await scene.studio.run(at("outer.inner"))).toEqual([0, 50]);
  expect(await scene.studio.run(at("outer"))).toEqual([0, 30]);
  await scene.drawn();
  wheel(-1000);
  wheel(-10);
  expect(await scene.studio.run(at("outer.inner"))).toEqual([0, 0]);
  expect(await scene.studio.run(at("outer"))).toEqual([0, 20]);
});

test("a canvas moves in its ScrollingDirection only, and not where ScrollingEnabled is false", async () => {
  const scene = await open(`
    for i, direction in { "X", "Y", "XY" } do
      make("ScrollingFrame", direction, i * 100, 0, 50, 50, nil, { CanvasSize = UDim2.fromOffset(90, 90), ScrollingDirection = direction, ScrollBarThickness = 0 })
    end
    make("ScrollingFrame", "off", 0, 100, 50, 50, nil, { CanvasSize = UDim2.fromOffset(90, 90), ScrollingEnabled = false })`);
  for (const x of [110, 210, 310]) scene.point("wheel", x, 10, { wheel: [15, 25] });
  scene.point("wheel", 10, 110, { wheel: [15, 25] });
  const all = ["X", "Y", "XY", "off"].map(at).join(", ");
  expect(await scene.studio.run(`{ ${all} }`)).toEqual([
    [15, 0],
    [0, 25],
    [15, 25],
    [0, 0],
  ]);
  for (const x of [110, 210, 310]) scene.scrollBar(x, 10, [500, 500]);
  scene.scrollBar(10, 110, [5, 5]);
  expect(await scene.studio.run(`{ ${all} }`)).toEqual([
    [40, 0],
    [0, 40],
    [40, 40],
    [0, 0],
  ]);
});
