import Vide, { source } from "@rbxts/vide";
import { reveal } from "./reveal.js";

/** A row of a tree: up and down go from row to row, left and right fold and unfold. */
interface Row {
  readonly depth: number;
  /** Undefined where there is nothing to fold. */
  readonly isUnfolded: () => boolean | undefined;
}

/** A control that the keyboard can reach. */
interface StopOptions {
  /** What Enter and Space do. */
  readonly activate: () => void;
  readonly isEnabled?: () => boolean;
  readonly row?: Row;
  /** Text boxes take the focus as soon as the keyboard gets there, and keep their keys to themselves. */
  readonly box?: () => TextBox;
}

interface Stop {
  /** Where it is: Tab goes by the place on the screen. */
  readonly bind: (object: GuiObject) => void;
  /** Whether the keyboard is here, as something to show. */
  readonly isOn: () => boolean;
  /** The pointer has been here: the keyboard goes on from here. */
  touch(): void;
}

export interface Keyboard {
  /** For as long as the scope of Vide lasts that it is called in. */
  add(options: StopOptions): Stop;
  /** An input of the panel's outermost object. */
  hear(input: InputObject): void;
  /** Shows no ring any more, and so does nothing at Enter; the next key goes on from here. */
  rest(): void;
}

interface Known extends StopOptions {
  object?: GuiObject;
  readonly isOn: Vide.Source<boolean>;
}

/** Stops from the top to the bottom, and from the left to the right; each pane of the panel for itself. */
function inOrder(stops: ReadonlySet<Known>): Known[] {
  const placed: { stop: Known; at: number[] }[] = [];
  for (const stop of stops) {
    const { object } = stop;
    if (object === undefined) continue;
    const { X, Y } = object.AbsolutePosition;
    placed.push({ stop, at: [object.FindFirstAncestorWhichIsA("ScrollingFrame")?.AbsolutePosition.Y ?? 0, Y, X] });
  }
  placed.sort((left, right) => {
    const differs = [0, 1, 2].find((index) => left.at[index] !== right.at[index]) ?? 0;
    return left.at[differs] < right.at[differs];
  });
  return placed.map(({ stop }) => stop);
}

const ENTERS: readonly Enum.KeyCode[] = [Enum.KeyCode.Return, Enum.KeyCode.KeypadEnter, Enum.KeyCode.Space];
const ARROWS: readonly Enum.KeyCode[] = [Enum.KeyCode.Up, Enum.KeyCode.Down, Enum.KeyCode.Left, Enum.KeyCode.Right];

export function createKeyboard(): Keyboard {
  const stops = new Set<Known>();
  let at: Known | undefined;
  /** The row of the tree to which Tab comes back. */
  let row: Known | undefined;

  function leave(): void {
    at?.isOn(false);
    const box = at?.box?.();
    if (box?.IsFocused() === true) box.ReleaseFocus();
  }

  function stand(stop: Known): void {
    if (stop !== at) at?.isOn(false);
    at = stop;
    if (stop.row !== undefined) row = stop;
  }

  function go(stop: Known | undefined): void {
    if (stop === undefined) return;
    leave();
    stand(stop);
    stop.isOn(true);
    if (stop.object !== undefined) reveal(stop.object);
    const box = stop.box?.();
    // The key that has led here must not be typed into it.
    if (box !== undefined) task.defer(() => at === stop && box.CaptureFocus());
  }

  function step(list: readonly Known[], by: 1 | -1): Known | undefined {
    const index = at === undefined ? -1 : list.indexOf(at);
    if (index === -1) return list[by === 1 ? 0 : list.size() - 1];
    return list[(index + by + list.size()) % list.size()];
  }

  const usable = () => inOrder(stops).filter((stop) => stop === at || stop.isEnabled?.() !== false);
  const rows = () => usable().filter((stop) => stop.row !== undefined);

  /** The whole tree is one stop of Tab's: the row that was last in use, or the first. */
  function tab(by: 1 | -1): void {
    const all = usable();
    const one = row !== undefined && stops.has(row) ? row : all.find((stop) => stop.row !== undefined);
    go(
      step(
        all.filter((stop) => stop.row === undefined || stop === one),
        by,
      ),
    );
  }

  function sideways({ depth, isUnfolded }: Row, stop: Known, unfolds: boolean): void {
    const unfolded = isUnfolded();
    if (unfolded === !unfolds) stop.activate();
    else if (unfolds) {
      if (unfolded === true) go(step(rows(), 1));
    } else {
      const all = rows();
      const before = all.filter((each, index) => index < all.indexOf(stop) && (each.row?.depth ?? depth) < depth);
      go(before[before.size() - 1]);
    }
  }

  function arrow(key: Enum.KeyCode): void {
    if (at?.row === undefined) {
      if (at === undefined && key === Enum.KeyCode.Down) go(rows()[0]);
    } else if (key === Enum.KeyCode.Left || key === Enum.KeyCode.Right) {
      sideways(at.row, at, key === Enum.KeyCode.Right);
    } else {
      const all = rows();
      go(all[all.indexOf(at) + (key === Enum.KeyCode.Down ? 1 : -1)]);
    }
  }

  function enter(): void {
    if (at?.isOn() === true && at.isEnabled?.() !== false) at.activate();
  }

  return {
    add(options) {
      const stop: Known = { ...options, isOn: source(false) };
      stops.add(stop);
      Vide.cleanup(() => {
        // What goes away under the keyboard hands it to its neighbour.
        const neighbour = stop === at && stop.isOn() ? step(usable(), 1) : undefined;
        stops.delete(stop);
        if (stop === at) at = undefined;
        if (neighbour !== stop) go(neighbour);
      });
      return {
        bind: (object) => {
          stop.object = object;
        },
        isOn: () => stop.isOn(),
        touch() {
          if (stop !== at) stand(stop);
          stop.isOn(false);
        },
      };
    },
    rest() {
      at?.isOn(false);
    },
    hear(input) {
      if (input.UserInputType !== Enum.UserInputType.Keyboard) return;
      const key = input.KeyCode;
      if (key === Enum.KeyCode.Tab) tab(input.IsModifierKeyDown(Enum.ModifierKey.Shift) ? -1 : 1);
      else if (key === Enum.KeyCode.Escape) leave();
      else if (at?.box?.().IsFocused() === true) return;
      else if (ENTERS.includes(key)) enter();
      else if (ARROWS.includes(key)) arrow(key);
    },
  };
}
