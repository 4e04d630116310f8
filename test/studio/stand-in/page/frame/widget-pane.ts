import type { Widget } from "../../screen/protocol.ts";
import { make } from "../element.ts";
import { listenToKeyboard } from "../input/keyboard.ts";
import { listenToPointer } from "../input/pointer.ts";
import type { Send } from "../send.ts";

export interface WidgetPane {
  readonly element: HTMLElement;
  show(widget: Widget): void;
  /** Takes in the widget's top element. */
  mount(root: HTMLElement): void;
  /** It is taken away for good. */
  remove(): void;
}

const KEY_STEP = 16;

/** A dock widget: title bar with a cross, and the content that the plugin draws. */
export function widgetPane(id: number, send: Send): WidgetPane {
  const title = make("h2");
  const close = make("button", { type: "button", class: "widget-close" }, "×");
  const bar = make("div", { class: "pane-title widget-title" }, title, close);
  const content = make("div", { class: "widget-content", "data-content": "", role: "application", tabindex: "0" });
  const element = make("section", { class: "pane widget" }, bar, content);
  content.setAttribute("aria-description", "Escape and then Tab leave this widget.");
  close.addEventListener("click", () => send({ kind: "close-widget", id }));
  listenToPointer(content, id, send);
  listenToKeyboard(content, id, send);

  let told = "";
  const sizes = new ResizeObserver(() => {
    const width = content.clientWidth;
    const height = content.clientHeight;
    // A widget that is not shown has no size.
    if (width === 0 || height === 0 || told === `${width} ${height}`) return;
    told = `${width} ${height}`;
    send({ kind: "resize", widget: id, width, height });
  });
  sizes.observe(content);

  const moveTo = (left: number, top: number): void => {
    element.style.left = `${Math.max(0, Math.min(left, window.innerWidth - KEY_STEP * 4))}px`;
    element.style.top = `${Math.max(0, Math.min(top, window.innerHeight - KEY_STEP * 2))}px`;
  };
  const floats = () => element.dataset["dock"] === "float";
  bar.addEventListener("pointerdown", (down) => {
    if (!floats() || down.target === close) return;
    bar.setPointerCapture(down.pointerId);
    const { left, top } = element.getBoundingClientRect();
    bar.onpointermove = (move) => moveTo(left + move.clientX - down.clientX, top + move.clientY - down.clientY);
  });
  bar.addEventListener("lostpointercapture", () => {
    bar.onpointermove = null;
  });
  bar.addEventListener("keydown", (event) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-KEY_STEP, 0],
      ArrowRight: [KEY_STEP, 0],
      ArrowUp: [0, -KEY_STEP],
      ArrowDown: [0, KEY_STEP],
    };
    const step = steps[event.key];
    if (step === undefined || !floats() || event.target !== bar) return;
    event.preventDefault();
    const { left, top } = element.getBoundingClientRect();
    moveTo(left + step[0], top + step[1]);
  });

  return {
    element,
    show(widget) {
      title.textContent = widget.title;
      element.dataset["widget"] = widget.title;
      element.dataset["dock"] = widget.dock;
      element.setAttribute("aria-label", widget.title);
      content.setAttribute("aria-label", widget.title);
      close.setAttribute("aria-label", `Close ${widget.title}`);
      element.hidden = !widget.enabled;
      // Shown again, it tells its size again.
      if (!widget.enabled) told = "";
      if (floats()) bar.tabIndex = 0;
      else bar.removeAttribute("tabindex");
      element.style.setProperty("--width", `${widget.size[0]}px`);
      element.style.setProperty("--height", `${widget.size[1]}px`);
      element.style.setProperty("--least-width", `${widget.least[0]}px`);
      element.style.setProperty("--least-height", `${widget.least[1]}px`);
    },
    mount(root) {
      if (root.parentElement !== content) content.prepend(root);
    },
    remove() {
      sizes.disconnect();
      element.remove();
    },
  };
}
