import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./plugin-scene.ts";
import { type Studio, startStudio } from "./stand-in/index.ts";
import type { DrawOp } from "./stand-in/screen/protocol.ts";

const ROUNDS = 120;
const CHANGES = 8;

/** A tree of elements as a page holds it; an operation that a page could not carry out throws. */
function createElements() {
  const parents = new Map<number, number>();
  const children = new Map<number, number[]>([[0, []]]);
  const listOf = (id: number) => children.get(id) ?? fail(`there is no element ${id}`);
  const fail = (why: string): never => {
    throw new Error(why);
  };
  const detach = (id: number) => {
    const siblings = listOf(parents.get(id) ?? fail(`there is no element ${id}`));
    siblings.splice(siblings.indexOf(id), 1);
  };
  const contains = (outer: number, inner: number | undefined): boolean =>
    inner !== undefined && (inner === outer || contains(outer, parents.get(inner)));
  const drop = (id: number) => {
    for (const child of listOf(id)) drop(child);
    children.delete(id);
    parents.delete(id);
  };
  return {
    apply(op: DrawOp) {
      const [name, id, parent] = op;
      if (name === "add") {
        listOf(parent).push(id);
        parents.set(id, parent);
        children.set(id, []);
      } else if (name === "move") {
        if (contains(id, parent)) fail(`${id} is put into itself`);
        detach(id);
        listOf(parent).push(id);
        parents.set(id, parent);
      } else if (name === "remove") {
        detach(id);
        drop(id);
      } else if (name !== "focus") listOf(id);
    },
    /** The ids as a nested list, from the widget down. */
    shape(id = 0): unknown[] {
      return listOf(id).map((child) => [child, ...this.shape(child)]);
    },
  };
}

let studio: Studio;
beforeAll(async () => {
  studio = await startStudio({ plugins: [] });
});
afterAll(() => studio.close());

test("whatever is parented, moved, destroyed and made in one frame, a page can follow", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`moves, seed ${seed}`);
  let elements = createElements();
  let failure: unknown;
  const apply = (ops: readonly DrawOp[]) => {
    for (const op of ops) elements.apply(op);
  };
  studio.page.watch(
    ({ reset, news }) => {
      if (reset) elements = createElements();
      try {
        apply(news.draw ?? []);
      } catch (error) {
        failure ??= error;
      }
    },
    () => undefined,
  );
  await studio.run(`
    math.randomseed(${seed})
    local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 300, 300)
    _G.widget = plugin:CreateDockWidgetPluginGui("moves", info)
    _G.all = {}
    function _G.any() return _G.all[math.random(#_G.all)] end
    function _G.made(parent)
      local frame = Instance.new(if math.random() < 0.2 then "Folder" else "Frame")
      table.insert(_G.all, frame)
      frame.Parent = parent
      return frame
    end
    for _ = 1, 30 do _G.made(if #_G.all > 0 then _G.any() else _G.widget) end`);
  for (let round = 0; round < ROUNDS; round++) {
    await studio.run(`
      for _ = 1, ${CHANGES} do
        local frame, other, chance = _G.any(), _G.any(), math.random()
        if chance < 0.2 then
          _G.made(frame)
        elseif chance < 0.3 and #_G.all > 20 then
          frame.Parent = nil
          for at = #_G.all, 1, -1 do
            if not _G.all[at]:IsDescendantOf(_G.widget) then table.remove(_G.all, at) end
          end
        elseif not other:IsDescendantOf(frame) then
          frame.Parent = if frame == other then frame.Parent else other
        else
          -- The two change places: the one inside comes out, and the other goes into it.
          other.Parent = frame.Parent
          frame.Parent = other
        end
        if #_G.all == 0 then _G.made(_G.widget) end
      end
      task.wait()`);
    expect(failure, `round ${round}, seed ${seed}`).toBeUndefined();
  }
  // What a page that followed shows is what a new one is given.
  await studio.run("task.wait() task.wait()");
  const followed = JSON.stringify(elements.shape());
  let fresh: string | undefined;
  studio.page.watch(
    ({ reset, news }) => {
      const all = createElements();
      if (!reset) return;
      for (const op of news.draw ?? []) all.apply(op);
      fresh = JSON.stringify(all.shape());
    },
    () => undefined,
  );
  expect(await eventually("a new page is told", async () => fresh)).toBe(followed);
});
