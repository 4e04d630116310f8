import type { Scroll } from "../../screen/protocol.ts";

type Axis = "x" | "y";
type Bar = Scroll["bars"][number];

export interface ScrollBars {
  draw(scroll: Scroll): void;
}

/** Canvas pixels for each pixel that a bar is dragged: the canvas is longer than the way of the bar. */
function canvasPerPixel(bar: Bar, scroll: Scroll, length: number): number {
  const index = bar.axis === "x" ? 0 : 1;
  const way = length - (bar.axis === "x" ? bar.rect[2] : bar.rect[3]);
  return way <= 0 ? 0 : Math.max(0, scroll.canvas[index] - length) / way;
}

/** The bars of one scrolling element, over its canvas; `scrollTo` hears where a drag wants the canvas. */
export function scrollBars(owner: HTMLElement, scrollTo: (x: number, y: number) => void): ScrollBars {
  const elements = new Map<Axis, HTMLElement>();
  let shown: Scroll = { canvas: [0, 0], position: [0, 0], bars: [] };

  const drag = (element: HTMLElement, axis: Axis, down: PointerEvent): void => {
    const bar = shown.bars.find((candidate) => candidate.axis === axis);
    if (bar === undefined || down.button !== 0) return;
    down.stopPropagation();
    down.preventDefault();
    element.setPointerCapture(down.pointerId);
    const [startX, startY] = shown.position;
    const ratio = canvasPerPixel(bar, shown, axis === "x" ? owner.clientWidth : owner.clientHeight);
    element.onpointermove = (move) => {
      move.stopPropagation();
      const x = axis === "x" ? startX + (move.clientX - down.clientX) * ratio : startX;
      const y = axis === "y" ? startY + (move.clientY - down.clientY) * ratio : startY;
      scrollTo(Math.max(0, x), Math.max(0, y));
    };
    element.onlostpointercapture = () => {
      element.onpointermove = null;
      element.onlostpointercapture = null;
    };
  };

  const elementOf = (axis: Axis): HTMLElement => {
    const present = elements.get(axis);
    if (present !== undefined) return present;
    const element = document.createElement("div");
    element.className = "scroll-bar";
    element.dataset["bar"] = axis;
    element.addEventListener("pointerdown", (down) => drag(element, axis, down));
    elements.set(axis, element);
    owner.append(element);
    return element;
  };

  return {
    draw(scroll) {
      shown = scroll;
      for (const { axis, rect, css } of scroll.bars) {
        const [x, y, width, height] = rect;
        elementOf(axis).style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px;${css}`;
      }
      for (const [axis, element] of elements) {
        if (scroll.bars.some((bar) => bar.axis === axis)) continue;
        element.remove();
        elements.delete(axis);
      }
    },
  };
}
