import type { Color, GuiNode, Rect } from "../node.ts";
import type { Scroll } from "../protocol.ts";
import { css } from "./style.ts";

const LEAST_THUMB = 8; // pixels

/** What scrolls, and a bar for each direction in which the canvas is larger than the window. */
export function scrollOf(node: GuiNode): Scroll {
  const { rect, scroll } = node.box ?? {};
  if (rect === undefined || scroll === undefined) return { canvas: [0, 0], position: [0, 0], bars: [] };
  const { canvas, window, position } = scroll;
  const thickness = node.props["ScrollBarThickness"] as number;
  const look = `background-color:${css(node.props["ScrollBarImageColor3"] as Color, node.props["ScrollBarImageTransparency"] as number)}`;
  const bars: Scroll["bars"][number][] = [];
  const enabled = node.props["ScrollingEnabled"] !== false && thickness > 0;
  if (enabled && canvas.y > window.y) {
    const [start, length] = thumb(window.y, canvas.y, position.y);
    const x = node.props["VerticalScrollBarPosition"] === "Left" ? 0 : rect.width - thickness;
    bars.push({ axis: "y", rect: [x, start, thickness, length], css: look });
  }
  if (enabled && canvas.x > window.x) {
    const [start, length] = thumb(window.x, canvas.x, position.x);
    bars.push({ axis: "x", rect: [start, rect.height - thickness, length, thickness], css: look });
  }
  return { canvas: [canvas.x, canvas.y], position: [position.x, position.y], bars };
}

function thumb(window: number, canvas: number, position: number): [start: number, length: number] {
  const length = Math.min(window, Math.max(LEAST_THUMB, (window * window) / canvas));
  const way = canvas - window;
  return [way > 0 ? ((window - length) * position) / way : 0, length];
}

/** The upper left corner from which the places of a node's children count. */
export function originOf({ box }: GuiNode): Pick<Rect, "x" | "y"> {
  const rect = box?.rect ?? { x: 0, y: 0 };
  const position = box?.scroll?.position ?? { x: 0, y: 0 };
  return { x: rect.x - position.x, y: rect.y - position.y };
}
