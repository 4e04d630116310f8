import Vide, { For, Show, source } from "@rbxts/vide";
import { overFrames } from "../over-frames.js";
import type { Palette } from "./palette.js";
import { pointed } from "./pointed.js";
import { revealSpan } from "./reveal.js";
import { type Slot, settleOne, shiftSlots } from "./slots.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

/** Rows that are kept above and below what is in sight, so that the next ones are there when it is scrolled. */
const MARGIN_ROWS = 16;

/** The colours of a row as it is now. */
export type RowInk = () => Palette["row"]["idle"];

interface RowsProps<T extends defined> {
  readonly ui: Ui;
  readonly name: string;
  readonly order: number;
  readonly rows: () => readonly T[];
  /** What a row is the same row by, however it has changed. */
  readonly keyOf: (row: T) => defined;
  readonly nameOf: (row: T) => string;
  /** Whether it can be clicked, and the keyboard can stand there; any row if absent. */
  readonly isStop?: (row: T) => boolean;
  readonly isSelected?: (row: T) => boolean;
  /** A click, Enter or Space, with the keys that were held at it. */
  readonly onActivate: (row: T, input: InputObject) => void;
  /** Left and right; answers the place of the row to go to, where that is another. */
  readonly onSideways?: (row: T, place: number, isRight: boolean) => number | undefined;
  /** The content of one row object, which shows one row after the other. */
  readonly children: (row: () => T, ink: RowInk) => Vide.Node;
}

/**
 * Any number of rows of one height, of which only those in sight are objects: these are made over the next frames, and
 * those that are scrolled out of sight show other rows. Where the keyboard is, is remembered by the row's key.
 */
export function Rows<T extends defined>(props: RowsProps<T>) {
  const { ui, name, order, keyOf, nameOf, onActivate, children } = props;
  /** As they are shown: they change together with the places of their objects. */
  const rows = source<readonly T[]>(Vide.untrack(props.rows));
  const isStop = (row: T) => props.isStop?.(row) !== false;
  let frame: Frame | undefined;
  let pane: ScrollingFrame | undefined;
  let wasAt = 0;
  /** Pixels from the list's upper edge to the pane's, and the height of the pane. */
  const above = source(0);
  const sight = source(0);
  const cursor = source<defined | undefined>(undefined);
  const size = Vide.derive(() => rows().size());
  const objects = Vide.derive(() => math.ceil(sight() / SIZE.row) + 2 * MARGIN_ROWS);
  const first = Vide.derive(() => math.clamp(math.floor(above() / SIZE.row) - MARGIN_ROWS, 0, size()));
  const slots = source<readonly Slot[]>([]);
  Vide.effect(() => {
    const after = props.rows();
    Vide.untrack(() =>
      Vide.batch(() => {
        const before = rows();
        shiftSlots(slots(), after.size() - before.size(), (from, to) => {
          const [was, is] = [before[from] as T | undefined, after[to] as T | undefined];
          return was !== undefined && is !== undefined && keyOf(was) === keyOf(is);
        });
        rows(after);
      }),
    );
  });

  function look(): void {
    if (frame === undefined || pane === undefined) return;
    above(pane.AbsolutePosition.Y - frame.AbsolutePosition.Y);
    sight(pane.AbsoluteWindowSize.Y);
  }

  let watching: RBXScriptConnection | undefined;
  function settle(): void {
    const found = frame?.FindFirstAncestorWhichIsA("ScrollingFrame");
    if (found !== pane) {
      watching?.Disconnect();
      pane = found;
      watching = pane?.GetPropertyChangedSignal("AbsoluteWindowSize").Connect(look);
    }
    look();
  }
  Vide.cleanup(() => watching?.Disconnect());

  /** Where the keyboard is: rows may have come and gone above it. */
  function place(): number {
    const all = rows();
    const key = cursor();
    const isKey = (row: T | undefined) => row !== undefined && keyOf(row) === key;
    if (!isKey(all[wasAt])) wasAt = math.max(0, key === undefined ? 0 : all.findIndex(isKey));
    return wasAt;
  }

  function stand(at: number): void {
    const row = rows()[at];
    if (row === undefined) return;
    wasAt = at;
    cursor(keyOf(row));
    if (frame === undefined || pane === undefined) return;
    revealSpan(pane, frame.AbsolutePosition.Y + at * SIZE.row - pane.AbsolutePosition.Y, SIZE.row);
    look();
  }

  function step(from: number, by: 1 | -1): void {
    const all = rows();
    for (let at = from; at >= 0 && at < all.size(); at += by) {
      if (!isStop(all[at])) continue;
      stand(at);
      return;
    }
  }

  function move(key: Enum.KeyCode): void {
    const at = place();
    const row = rows()[at];
    if (row === undefined) return;
    if (key === Enum.KeyCode.Up) step(at - 1, -1);
    else if (key === Enum.KeyCode.Down) step(at + 1, 1);
    else if (key === Enum.KeyCode.Home) step(0, 1);
    else if (key === Enum.KeyCode.End) step(rows().size() - 1, -1);
    else stand(props.onSideways?.(row, at, key === Enum.KeyCode.Right) ?? at);
  }

  const stop = ui.keyboard.add({
    activate: (input) => {
      const row = rows()[place()];
      if (row !== undefined) onActivate(row, input);
    },
    isEnabled: () => size() > 0,
    list: { arrive: () => step(place(), 1), move },
  });

  /** The places that are to have an object, those in sight first. */
  function wanted(): number[] {
    const [from, to] = [first(), math.min(size(), first() + objects())];
    const middle = math.clamp(math.floor(above() / SIZE.row), from, to);
    const places: number[] = [];
    for (let at = middle; at < to; at++) places.push(at);
    for (let at = middle - 1; at >= from; at--) places.push(at);
    return places;
  }

  let isSettling = false;
  let isOver = false;
  Vide.effect(() => {
    first();
    objects();
    size();
    if (isSettling) return;
    isSettling = true;
    // Not within the effect, which would else follow what it changes.
    overFrames(() => {
      isSettling = !isOver && !settleOne(slots, wanted());
      return !isSettling;
    });
  });
  Vide.cleanup(() => {
    isOver = true;
  });

  function RowObject({ at }: Slot): Vide.Node {
    const present = Vide.derive(() => rows()[at()] as T | undefined);
    let last: T | undefined;
    /** While it has none, the one that it had: what is not seen need not be drawn anew. It is made for a row that is there. */
    const row = Vide.derive(() => {
      last = present() ?? last;
      return last as T;
    });
    const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
    const ink: RowInk = () => {
      const colours = ui.theme.palette().row;
      return props.isSelected?.(row()) === true ? colours.press : pointed(pointer(), colours);
    };
    const isHere = Vide.derive(() => stop.isOn() && keyOf(row()) === cursor());
    return (
      <textbutton
        Name={() => nameOf(row())}
        LayoutOrder={at}
        Visible={() => present() !== undefined}
        Interactable={() => isStop(row())}
        AutoButtonColor={false}
        BackgroundColor3={() => ink().fill}
        BorderSizePixel={0}
        Position={() => UDim2.fromOffset(0, at() * SIZE.row)}
        Size={new UDim2(1, 0, 0, SIZE.row)}
        Text=""
        GuiStateChanged={pointer}
        Activated={(input) => {
          const now = present();
          // It went in the moment of the click.
          if (now === undefined) return;
          stop.touch();
          wasAt = at();
          cursor(keyOf(now));
          onActivate(now, input);
        }}
      >
        {children(row, ink)}
        <Show when={isHere}>
          {() => (
            <frame
              Name="Ring"
              BackgroundTransparency={1}
              Position={UDim2.fromOffset(2, 2)}
              Size={new UDim2(1, -4, 1, -4)}
            >
              <uicorner CornerRadius={new UDim(0, 2)} />
              <uistroke Color={() => ui.theme.palette().ring} Thickness={2} />
            </frame>
          )}
        </Show>
      </textbutton>
    );
  }

  return (
    <frame
      Name={name}
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={() => new UDim2(1, 0, 0, size() * SIZE.row)}
      AbsolutePositionChanged={look}
      AncestryChanged={settle}
      action={(made) => {
        frame = made;
        stop.bind(made);
      }}
    >
      <For each={slots}>{(slot: Slot) => RowObject(slot)}</For>
    </frame>
  );
}
