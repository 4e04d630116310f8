import Vide, { source } from "@rbxts/vide";
import { reveal } from "./reveal.js";

/** Rows of which one is where the keyboard is. All of them are one stop of Tab's. */
interface List {
  /** Shows the row that the keyboard comes back to. */
  readonly arrive: () => void;
  /** What an arrow, Home or End does. */
  readonly move: (key: Enum.KeyCode, input: InputObject) => void;
}

/** A control that the keyboard can reach. */
interface StopOptions {
  /** What Enter and Space do. */
  readonly activate: (input: InputObject) => void;
  readonly isEnabled?: () => boolean;
  readonly list?: List;
  /** Text boxes take the focus as soon as the keyboard gets there, and keep their keys to themselves. */
  readonly box?: () => TextBox | undefined;
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
  /** The end of one. */
  hearEnd(input: InputObject): void;
  /** Whether Shift is held, as far as the panel has heard. */
  isShifted(): boolean;
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
const SHIFTS: readonly Enum.KeyCode[] = [Enum.KeyCode.LeftShift, Enum.KeyCode.RightShift];
const MOVES: readonly Enum.KeyCode[] = [
  Enum.KeyCode.Up,
  Enum.KeyCode.Down,
  Enum.KeyCode.Left,
  Enum.KeyCode.Right,
  Enum.KeyCode.Home,
  Enum.KeyCode.End,
];

export function createKeyboard(): Keyboard {
  const stops = new Set<Known>();
  let at: Known | undefined;
  let isShifted = false;

  function leave(): void {
    at?.isOn(false);
    const box = at?.box?.();
    if (box?.IsFocused() === true) box.ReleaseFocus();
  }

  function stand(stop: Known): void {
    if (stop !== at) at?.isOn(false);
    at = stop;
  }

  function go(stop: Known | undefined): void {
    if (stop === undefined) return;
    leave();
    stand(stop);
    stop.isOn(true);
    if (stop.list !== undefined) stop.list.arrive();
    else if (stop.object !== undefined) reveal(stop.object);
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

  function move(key: Enum.KeyCode, input: InputObject): void {
    if (at === undefined) {
      if (key === Enum.KeyCode.Down) go(usable().find((stop) => stop.list !== undefined));
    } else if (at.list !== undefined) {
      at.isOn(true);
      at.list.move(key, input);
    }
  }

  function enter(input: InputObject): void {
    if (at?.isOn() === true && at.isEnabled?.() !== false) at.activate(input);
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
      isShifted = false;
      at?.isOn(false);
    },
    hear(input) {
      if (input.UserInputType !== Enum.UserInputType.Keyboard) return;
      const key = input.KeyCode;
      isShifted = SHIFTS.includes(key) || input.IsModifierKeyDown(Enum.ModifierKey.Shift);
      if (key === Enum.KeyCode.Tab) go(step(usable(), input.IsModifierKeyDown(Enum.ModifierKey.Shift) ? -1 : 1));
      else if (key === Enum.KeyCode.Escape) leave();
      else if (at?.box?.()?.IsFocused() === true) return;
      else if (ENTERS.includes(key)) enter(input);
      else if (MOVES.includes(key)) move(key, input);
    },
    hearEnd({ KeyCode }) {
      if (SHIFTS.includes(KeyCode)) isShifted = false;
    },
    isShifted() {
      return isShifted;
    },
  };
}
