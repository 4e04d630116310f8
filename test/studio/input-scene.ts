import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.ts";
import type { DrawOp, Field, FromPage, Held, Scroll } from "./stand-in/screen/protocol.ts";

type Pointer = Extract<FromPage, { kind: "pointer" }>;

interface Shown {
  readonly id: number;
  children: Shown[];
  parent: Shown | undefined;
  place: readonly [x: number, y: number, width: number, height: number];
  hidden: boolean;
  clips: boolean;
  scroll: Scroll | undefined;
  field: Field | undefined;
}

/** What a page would show, and what a person at it does. Points are pixels from the widget's corner. */
export interface InputScene {
  readonly studio: Studio;
  /** What listeners have noted since the last time, in the order of events. */
  notes(): Promise<unknown[]>;
  point(
    type: Pointer["type"],
    x: number,
    y: number,
    more?: Partial<Pick<Pointer, "button" | "clicks" | "wheel" | "held">>,
  ): void;
  click(x: number, y: number, more?: { button?: 0 | 1 | 2; clicks?: number }): void;
  key(type: "down" | "up", code: string, held?: Partial<Held>): void;
  /** As the browser's text box does, where the focus is. */
  type(text: string, start?: number, end?: number): void;
  blur(enter: boolean): void;
  scrollBar(x: number, y: number, to: readonly [x: number, y: number]): void;
  /** All that was drawn by the end of the next frame has come. */
  drawn(): Promise<void>;
  /** The latest `field` and `focus` operations of the focused text box. */
  readonly focus: readonly [id: number, selection?: readonly [start: number, end: number]];
  field(): Field | undefined;
  /** Draw operations since the last `drawn`. */
  readonly ops: readonly DrawOp[];
}

const NOT_HELD: Held = { shift: false, ctrl: false, alt: false, meta: false };

/** In Luau: `note` notes things; `watch` notes all input events of an object, under its name. */
const LUAU = `
  log = {}
  function note(...)
    table.insert(log, table.concat({ ... }, " "))
  end
  function watch(object, events)
    for event in string.gmatch(events, "%w+") do
      object[event]:Connect(function(first, second)
        local text = object.Name .. " " .. event
        if typeof(first) == "Instance" then
          text ..= " " .. first.UserInputType.Name .. (if event == "Activated" then " " .. second else "")
        elseif first ~= nil then
          text ..= " " .. tostring(first) .. " " .. tostring(second)
        end
        table.insert(log, text)
      end)
    end
  end
  function make(class, name, x, y, width, height, parent, properties)
    local made = Instance.new(class)
    made.Name = name
    made.Position, made.Size = UDim2.fromOffset(x, y), UDim2.fromOffset(width, height)
    for property, value in properties or {} do
      made[property] = value
    end
    made.Parent = parent or widget
    return made
  end`;

/** For a file of tests: a Studio, and a way to open a dock widget of 400 × 300 pixels in it with a page before it. */
export function inputScenesForTests(): (luau: string) => Promise<InputScene> {
  let studio: Studio;
  let serial = 0;
  let top: Shown | undefined;
  const nodes = new Map<number, Shown>();
  let focus: InputScene["focus"] = [0];
  let ops: DrawOp[] = [];
  let typed = 0;

  beforeAll(async () => {
    studio = await startStudio({ plugins: [] });
    await studio.run(LUAU);
    studio.page.watch(
      ({ news }) => {
        for (const op of news.draw ?? []) {
          ops.push(op);
          draw(op);
        }
      },
      () => undefined,
    );
  });
  afterEach(async () => {
    const faults = studio.output().filter((line) => line.kind === "error");
    await studio.run("widget:Destroy()");
    expect(faults).toEqual([]);
  });
  afterAll(() => studio.close());

  const draw = (op: DrawOp) => {
    const [kind, id] = op;
    const node = nodes.get(id);
    if (kind === "add") {
      const parent = nodes.get(op[2]);
      const added: Shown = {
        ...{ id, children: [], parent, place: [0, 0, 0, 0], hidden: false, clips: op[3] === "scroll" },
        ...{ scroll: undefined, field: undefined },
      };
      nodes.set(id, added);
      if (parent === undefined) top = added;
      else parent.children.push(added);
    } else if (kind === "focus") focus = op.slice(1) as [number];
    else if (node === undefined) throw new Error(`${kind} of an element that is not there`);
    else if (kind === "remove") {
      nodes.delete(id);
      if (node.parent !== undefined) node.parent.children = node.parent.children.filter((child) => child !== node);
    } else if (kind === "place") node.place = [op[2], op[3], op[4], op[5]];
    else if (kind === "style") {
      if ("display" in op[2]) node.hidden = op[2]["display"] === "none";
      if ("overflow" in op[2]) node.clips = op[2]["overflow"] === "clip";
    } else if (kind === "scroll") node.scroll = op[2];
    else if (kind === "field") node.field = op[2];
  };

  /** The uppermost first. */
  const under = (node: Shown, x: number, y: number): Shown[] => {
    const [left, upper, width, height] = node.place;
    const [innerX, innerY] = [x - left, y - upper];
    const isIn = innerX >= 0 && innerY >= 0 && innerX < width && innerY < height;
    if (node.hidden || (node.clips && !isIn)) return [];
    const [scrolledX, scrolledY] = node.scroll?.position ?? [0, 0];
    const inside = node.children.toReversed().flatMap((child) => under(child, innerX + scrolledX, innerY + scrolledY));
    return isIn ? [...inside, node] : inside;
  };

  return async (luau) => {
    serial += 1;
    focus = [0];
    await studio.run(`
      local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 400, 300)
      widget = plugin:CreateDockWidgetPluginGui("scene ${serial}", info)
      ${luau}`);
    const scene: InputScene = {
      studio,
      notes: () => studio.run<unknown[]>("local all = log; log = {}; return if #all == 0 then { '' } else all"),
      point(type, x, y, more = {}) {
        if (top === undefined) throw new Error("nothing is drawn");
        studio.page.say(1, {
          ...{ kind: "pointer", type, widget: top.id, x, y, button: 0, clicks: 0, wheel: [0, 0], held: NOT_HELD },
          under: type === "leave" ? [] : under(top, x, y).map(({ id }) => id),
          ...more,
        });
      },
      click(x, y, { button = 0, clicks = 1 } = {}) {
        scene.point("down", x, y, { button, clicks });
        scene.point("up", x, y, { button, clicks });
      },
      key(type, code, held = {}) {
        studio.page.say(1, { kind: "key", type, widget: top?.id ?? 0, code, held: { ...NOT_HELD, ...held } });
      },
      type(text, start = text.length, end = start) {
        studio.page.say(1, { kind: "type", number: ++typed, id: focus[0], text, start, end });
      },
      blur(enter) {
        studio.page.say(1, { kind: "blur", id: focus[0], enter });
      },
      scrollBar(x, y, [toX, toY]) {
        const scrolled = top && under(top, x, y).find((node) => node.scroll !== undefined);
        studio.page.say(1, { kind: "scroll", id: scrolled?.id ?? 0, x: toX, y: toY });
      },
      async drawn() {
        ops = [];
        // What a frame draws comes right after what it answers.
        await studio.until("a frame", "true");
        await studio.until("another frame", "true");
      },
      get focus() {
        return focus;
      },
      field: () => nodes.get(focus[0])?.field,
      get ops() {
        return ops;
      },
    };
    await scene.drawn();
    await scene.notes();
    return scene;
  };
}
