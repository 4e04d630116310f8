import { make } from "../element.ts";

interface Divided {
  readonly label: string;
  /** Along which the target grows. */
  readonly axis: "x" | "y";
  /** Whether the target lies after the divider, and grows as it moves left or up. */
  readonly side: "before" | "after";
  readonly target: HTMLElement;
  /** Pixels. */
  readonly least: number;
}

const KEY_STEP = 16;

/** A line to drag, or to move with the arrow keys, that sets the CSS variable `--size` of its target. */
export function divider({ label, axis, side, target, least }: Divided): HTMLElement {
  const element = make("div", {
    class: `divider divider-${axis}`,
    role: "separator",
    tabindex: "0",
    "aria-label": label,
    "aria-orientation": axis === "x" ? "vertical" : "horizontal",
    "aria-valuemin": String(least),
  });
  const direction = side === "before" ? 1 : -1;
  const size = () => (axis === "x" ? target.offsetWidth : target.offsetHeight);
  const resize = (to: number): void => {
    const most = axis === "x" ? window.innerWidth - least : window.innerHeight - least;
    const rounded = Math.round(Math.max(least, Math.min(to, most)));
    target.style.setProperty("--size", `${rounded}px`);
    element.setAttribute("aria-valuenow", String(rounded));
  };

  element.addEventListener("pointerdown", (down) => {
    down.preventDefault();
    element.focus();
    element.setPointerCapture(down.pointerId);
    const from = size();
    element.onpointermove = (move) => {
      const moved = axis === "x" ? move.clientX - down.clientX : move.clientY - down.clientY;
      resize(from + direction * moved);
    };
  });
  element.addEventListener("lostpointercapture", () => {
    element.onpointermove = null;
  });
  element.addEventListener("focus", () => element.setAttribute("aria-valuenow", String(size())));
  element.addEventListener("keydown", (event) => {
    const back = axis === "x" ? "ArrowLeft" : "ArrowUp";
    const forth = axis === "x" ? "ArrowRight" : "ArrowDown";
    if (event.key !== back && event.key !== forth) return;
    event.preventDefault();
    resize(size() + direction * (event.key === forth ? KEY_STEP : -KEY_STEP));
  });
  return element;
}
