import type { Send } from "../send.ts";
import { heldKeys } from "./held.ts";

/** Reload, tabs, windows, address, print, find, zoom. */
const BROWSER_WITH_CONTROL = new Set([
  ...["KeyR", "KeyT", "KeyW", "KeyN", "KeyL", "KeyP", "KeyF", "KeyQ"],
  ...["Minus", "Equal", "Digit0", "Tab", "PageUp", "PageDown"],
]);
const TOOLS_WITH_CONTROL_AND_SHIFT = new Set(["KeyI", "KeyJ", "KeyC"]);
const BROWSER_ALONE = new Set(["F5", "F11", "F12"]);
const TEXT_WITH_CONTROL = new Set(["KeyA", "KeyC", "KeyV", "KeyX", "KeyY", "KeyZ"]);

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Whether a key is the browser's, and neither told nor stopped. */
function isBrowsers(event: KeyboardEvent): boolean {
  if (BROWSER_ALONE.has(event.code)) return true;
  if (event.altKey && (event.code === "ArrowLeft" || event.code === "ArrowRight")) return true;
  if (!event.ctrlKey && !event.metaKey) return false;
  if (event.shiftKey && TOOLS_WITH_CONTROL_AND_SHIFT.has(event.code)) return true;
  return BROWSER_WITH_CONTROL.has(event.code) || (isText(event.target) && TEXT_WITH_CONTROL.has(event.code));
}

/** Tells which keys go down and up while a widget has the focus. Escape and then Tab leave the widget. */
export function listenToKeyboard(content: HTMLElement, widget: number, send: Send): void {
  const down = new Set<string>();
  let afterEscape = false;

  content.addEventListener("keydown", (event) => {
    if (event.isComposing || isBrowsers(event)) return;
    const isTab = event.code === "Tab";
    if (isTab && afterEscape) return;
    if (event.code !== "ShiftLeft" && event.code !== "ShiftRight") afterEscape = event.code === "Escape";
    // The page itself must neither scroll nor move the focus; text takes every key but Tab.
    if (isTab || !isText(event.target)) event.preventDefault();
    if (event.repeat) return;
    down.add(event.code);
    send({ kind: "key", type: "down", widget, code: event.code, held: heldKeys(event) });
  });
  content.addEventListener("keyup", (event) => {
    if (!down.delete(event.code)) return;
    send({ kind: "key", type: "up", widget, code: event.code, held: heldKeys(event) });
  });
  content.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && content.contains(event.relatedTarget)) return;
    afterEscape = false;
    const held = { shift: false, ctrl: false, alt: false, meta: false };
    for (const code of down) send({ kind: "key", type: "up", widget, code, held });
    down.clear();
  });
}
