import type { GuiNode, UDim2, Vector2 } from "../node.ts";
import { contentExtent } from "./contents.ts";
import { insetsOf, type Parts } from "./parts.ts";
import type { Pass, Size } from "./pass.ts";

export interface Scroll {
  readonly canvas: Size;
  readonly window: Size;
  readonly position: Vector2;
  /** Where the canvas begins in the frame: a bar on the left with its own room moves it. */
  readonly left: number;
}

/** Finds what scrolls in a ScrollingFrame of this size. A canvas is never smaller than the window onto it. */
export function scrollOf(pass: Pass, node: GuiNode, parts: Parts, frame: Size, scale: number): Scroll {
  const { props } = node;
  const thickness = Math.max(0, (props["ScrollBarThickness"] as number) * scale);
  const direction = props["ScrollingDirection"];
  const barInset = (bar: string, shows: boolean) => {
    const inset = props[bar];
    return inset === "Always" || (inset === "ScrollBar" && shows) ? thickness : 0;
  };
  const hasBars = props["ScrollingEnabled"] !== false && thickness > 0;
  let showsX = false;
  let showsY = false;
  let canvas: Size;
  let window: Size;
  // A bar that takes room can make the other one needed: bars only come, so that this ends.
  for (;;) {
    window = {
      width: Math.max(0, frame.width - barInset("VerticalScrollBarInset", showsY)),
      height: Math.max(0, frame.height - barInset("HorizontalScrollBarInset", showsX)),
    };
    canvas = canvasOf(pass, node, parts, window, scale);
    const needsX: boolean = showsX || (hasBars && direction !== "Y" && canvas.width > window.width);
    const needsY: boolean = showsY || (hasBars && direction !== "X" && canvas.height > window.height);
    if (needsX === showsX && needsY === showsY) break;
    showsX = needsX;
    showsY = needsY;
  }
  const position = props["CanvasPosition"] as Vector2;
  return {
    canvas,
    window,
    position: {
      x: direction === "Y" ? 0 : clamp(position.x, canvas.width - window.width),
      y: direction === "X" ? 0 : clamp(position.y, canvas.height - window.height),
    },
    left: props["VerticalScrollBarPosition"] === "Left" ? frame.width - window.width : 0,
  };
}

/** CanvasSize, its scale of the window; grown to the contents where AutomaticCanvasSize says so. */
function canvasOf(pass: Pass, { props }: GuiNode, parts: Parts, window: Size, scale: number): Size {
  const size = props["CanvasSize"] as UDim2;
  const automatic = props["AutomaticCanvasSize"];
  const growsX = automatic === "X" || automatic === "XY";
  const growsY = automatic === "Y" || automatic === "XY";
  let width = Math.max(window.width, size.x.scale * window.width + size.x.offset * scale);
  let height = Math.max(window.height, size.y.scale * window.height + size.y.offset * scale);
  const insets = insetsOf(parts, window.width, window.height, scale);
  const across = insets.left + insets.right;
  const down = insets.top + insets.bottom;
  const room = () => ({ width: Math.max(0, width - across), height: Math.max(0, height - down) });
  if (growsX) {
    const extent = contentExtent(pass, parts, { ...room(), openX: true, openY: growsY }, scale, "width");
    width = Math.max(width, extent.width + across);
  }
  if (growsY) {
    const extent = contentExtent(pass, parts, { ...room(), openX: false, openY: true }, scale, "both");
    height = Math.max(height, extent.height + down);
  }
  return { width, height };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(0, most));
}
