import Vide, { For, source } from "@rbxts/vide";
import { createHeights } from "./flow-heights.js";
import { createFlowPane } from "./flow-pane.js";
import { createFlowRange } from "./flow-range.js";
import type { Ui } from "./ui.js";

/** Pixels above and below what is in sight in which the items have their objects, too. */
const MARGIN = 300;
/** How much of the window an arrow moves where an item is higher than that. */
const STRIDE = 0.7;
const AFTER_ITEMS = 2 ** 31 - 1;

interface FlowProps<T extends defined> {
  readonly ui: Ui;
  readonly name: string;
  readonly order: number;
  readonly items: () => readonly T[];
  /** Grows from each item to the next, and stays what it is. */
  readonly orderOf: (item: T) => number;
  /** About how high an item will be at a width, in pixels. */
  readonly guess: (item: T, width: number) => number;
  /** Enter or Space, where the keyboard is. */
  readonly onActivate: (item: T) => void;
  /** The text box in it that has the focus. */
  readonly focused: () => TextBox | undefined;
  /** Moves when the end is to be shown. */
  readonly ends: () => number;
  /** As wide as there is room, and as high as it needs. */
  readonly children: (item: T, touch: () => void) => GuiObject;
}

/**
 * Items of different heights, one below the other, of which only those in sight are objects. The end stays in sight
 * while it grows, unless the user has scrolled away from it; and what the user reads does not move.
 */
export function Flow<T extends defined>(props: FlowProps<T>) {
  const { ui, name, order, items, orderOf, guess, onActivate, focused, ends, children } = props;
  let width = 0;
  const heights = createHeights<T>((item) => guess(item, width));
  /** Moves when heights have changed. */
  const moved = source(0);
  const cursor = source<T | undefined>(undefined);
  const pane = createFlowPane((now) => {
    width = now;
    keep(() => heights.forget());
  });
  const { above, sight } = pane;

  /** Changes heights or items, and what is in sight stays where it is. */
  function keep(change: () => void): void {
    const index = heights.at(above());
    const [item, before] = [heights.item(index), heights.top(index)];
    change();
    moved(Vide.untrack(moved) + 1);
    if (pane.isAtEnd() || item === undefined) return;
    const now = heights.item(index) === item ? index : heights.indexOf(item);
    if (now !== -1) pane.scroll(heights.top(now) - before);
  }

  const range = createFlowRange(() => {
    if (sight() === 0) return $tuple(0, 0, 0);
    const [upper, lower] = [above(), above() + sight()];
    const last = math.min(size(), heights.at(lower + MARGIN) + 1);
    return $tuple(heights.at(upper - MARGIN), last, heights.at(upper));
  });
  const size: () => number = Vide.derive(() => {
    const now = items();
    Vide.untrack(() => {
      keep(() => heights.set(now));
      range.resize(now.size());
    });
    return now.size();
  });
  Vide.effect(() => {
    size();
    above();
    sight();
    moved();
    range.change();
  });
  Vide.effect(() => {
    if (ends() > 0) Vide.untrack(() => pane.toEnd());
  });
  Vide.cleanup(() => {
    range.close();
    pane.leave();
  });

  function measure(index: number, height: number): void {
    if (height === 0 || index === -1 || height === heights.top(index + 1) - heights.top(index)) return;
    keep(() => heights.learn(index, height));
  }

  function place(): number {
    const at = cursor();
    const index = at === undefined ? -1 : heights.indexOf(at);
    return index === -1 ? math.max(0, size() - 1) : index;
  }

  function stand(index: number): void {
    cursor(heights.item(index));
    pane.reveal(heights.top(index), heights.top(index + 1) - heights.top(index));
  }

  /** To the next item, or further in one that goes on beyond the window. */
  function step(index: number, by: 1 | -1): void {
    const beyond = by === 1 ? heights.top(index + 1) - above() - sight() : above() - heights.top(index);
    if (beyond > 0) pane.scroll(by * math.min(beyond, sight() * STRIDE));
    else stand(math.clamp(index + by, 0, size() - 1));
  }

  function move(key: Enum.KeyCode): void {
    if (size() === 0) return;
    if (key === Enum.KeyCode.Home) stand(0);
    else if (key === Enum.KeyCode.Up) step(place(), -1);
    else if (key === Enum.KeyCode.Down) step(place(), 1);
    else if (key === Enum.KeyCode.End) {
      stand(size() - 1);
      pane.toEnd();
    }
  }

  const stop = ui.keyboard.add({
    activate: () => {
      const item = heights.item(place());
      if (item !== undefined) onActivate(item);
    },
    isEnabled: () => size() > 0,
    box: focused,
    list: { arrive: () => stand(place()), move },
  });

  const shown = Vide.derive(() => {
    const now = items();
    const list: T[] = [];
    for (let index = range.from(); index < math.min(range.to(), now.size()); index++) list.push(now[index]);
    return list;
  });
  const topOf = (index: number) => {
    moved();
    return heights.top(index);
  };
  const below = Vide.derive(() => topOf(math.huge) - topOf(range.to()));
  const head = Vide.derive(() => topOf(range.from()));
  const spacer = (spacerName: string, at: number, height: () => number) => (
    <frame Name={spacerName} LayoutOrder={at} BackgroundTransparency={1} Size={() => new UDim2(1, 0, 0, height())} />
  );
  const ringAt = () => {
    const at = cursor();
    return stop.isOn() && at !== undefined && size() > 0 ? heights.indexOf(at) : -1;
  };
  return (
    <frame
      Name={name}
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
      AbsolutePositionChanged={() => pane.look()}
      AbsoluteSizeChanged={() => pane.look()}
      action={(frame) => {
        frame.AncestryChanged.Connect(() => pane.enter(frame));
        stop.bind(frame);
      }}
    >
      <frame Name="Items" BackgroundTransparency={1} Size={new UDim2(1, 0, 0, 0)} AutomaticSize={Enum.AutomaticSize.Y}>
        <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
        {spacer("Above", -1, head)}
        <For each={shown}>
          {(item: T) => {
            const made = children(item, () => {
              cursor(item);
              stop.touch();
            });
            made.LayoutOrder = orderOf(item);
            made
              .GetPropertyChangedSignal("AbsoluteSize")
              .Connect(() => measure(heights.indexOf(item), made.AbsoluteSize.Y));
            return made;
          }}
        </For>
        {spacer("Below", AFTER_ITEMS, below)}
      </frame>
      <frame
        Name="Ring"
        BackgroundTransparency={1}
        Position={() => UDim2.fromOffset(2, topOf(math.max(0, ringAt())) + 2)}
        Size={() => {
          const at = ringAt();
          return new UDim2(1, -4, 0, at === -1 ? 0 : topOf(at + 1) - topOf(at) - 4);
        }}
        Visible={() => ringAt() !== -1}
      >
        <uicorner CornerRadius={new UDim(0, 2)} />
        <uistroke Color={() => ui.theme.palette().ring} Thickness={2} />
      </frame>
    </frame>
  );
}
