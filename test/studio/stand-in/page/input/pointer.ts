import type { FromPage } from "../../screen/protocol.ts";
import type { Send } from "../send.ts";
import { heldKeys } from "./held.ts";

type PointerMessage = Extract<FromPage, { kind: "pointer" }>;

const DOUBLE_CLICK_MS = 500;
const DOUBLE_CLICK_PIXELS = 5;
/** What a wheel that counts in lines scrolls for each. */
const LINE_PIXELS = 16;

/** Ids of the painted elements at a point of the window, the uppermost first, in one widget. */
function idsAt(content: HTMLElement, x: number, y: number): number[] {
  const ids = new Set<number>();
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>("[data-node]");
    if (node !== null && content.contains(node)) ids.add(Number(node.dataset["node"]));
  }
  return [...ids];
}

function buttonOf({ button }: MouseEvent): 0 | 1 | 2 {
  return button === 1 || button === 2 ? button : 0;
}

/** Counts presses that follow each other at one place with one button. */
function clickCounter(): (event: PointerEvent) => number {
  let last: PointerEvent | undefined;
  let count = 0;
  return (event) => {
    const continues =
      last !== undefined &&
      last.button === event.button &&
      event.timeStamp - last.timeStamp <= DOUBLE_CLICK_MS &&
      Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) <= DOUBLE_CLICK_PIXELS;
    count = continues ? count + 1 : 1;
    last = event;
    return count;
  };
}

/** Tells what the pointer does over a widget's content. Moves are told once a frame, and before anything that follows them. */
export function listenToPointer(content: HTMLElement, widget: number, send: Send): void {
  const countClick = clickCounter();
  let clicks = 0;
  let move: PointerEvent | undefined;
  let frame = 0;

  const tell = (
    type: PointerMessage["type"],
    event: MouseEvent,
    more: Partial<Pick<PointerMessage, "button" | "clicks" | "wheel">> = {},
  ): void => {
    const corner = content.getBoundingClientRect();
    send({
      kind: "pointer",
      type,
      widget,
      x: event.clientX - corner.left,
      y: event.clientY - corner.top,
      under: type === "leave" ? [] : idsAt(content, event.clientX, event.clientY),
      button: 0,
      clicks: 0,
      wheel: [0, 0],
      held: heldKeys(event),
      ...more,
    });
  };

  const flushMove = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    if (move !== undefined) tell("move", move);
    move = undefined;
  };

  content.addEventListener("pointermove", (event) => {
    move = event;
    if (frame === 0) frame = requestAnimationFrame(flushMove);
  });
  content.addEventListener("pointerdown", (event) => {
    flushMove();
    // A drag goes on outside of the widget; in an input the browser selects text by itself.
    if (!(event.target as Element).matches("input, textarea")) content.setPointerCapture(event.pointerId);
    clicks = countClick(event);
    tell("down", event, { button: buttonOf(event), clicks });
  });
  content.addEventListener("pointerup", (event) => {
    flushMove();
    tell("up", event, { button: buttonOf(event), clicks });
  });
  for (const type of ["pointerleave", "pointercancel"] as const) {
    content.addEventListener(type, (event) => {
      flushMove();
      tell("leave", event);
    });
  }
  content.addEventListener(
    "wheel",
    (event) => {
      // The browser's own zoom.
      if (event.ctrlKey) return;
      event.preventDefault();
      flushMove();
      const unit = [1, LINE_PIXELS, content.clientHeight][event.deltaMode] ?? 1;
      tell("wheel", event, { wheel: [event.deltaX * unit, event.deltaY * unit] });
    },
    { passive: false },
  );
  content.addEventListener("contextmenu", (event) => {
    if (!(event.target as Element).matches("input, textarea")) event.preventDefault();
  });
}
