import type { Box, GuiNode, Rect } from "../node.ts";
import { blockOf } from "../text/node-text.ts";
import { arrange } from "./contents.ts";
import { measure } from "./measure.ts";
import { insetsOf, roleOf } from "./parts.ts";
import { createPass, type Pass, type Size } from "./pass.ts";
import { type Scroll, scrollOf } from "./scroll.ts";

/**
 * Finds the box of every node in the tree of a dock widget, whose content has this size in pixels.
 *
 * Roblox documents AbsolutePosition and AbsoluteSize as pixels and not how fractions are rounded. Here sizes and places
 * are fractions until the end; then every edge is rounded to a whole pixel on its own. So a child that fills its parent
 * has exactly its rectangle, and neighbours that touch leave no gap, while equal ones may differ by a pixel.
 */
export function layout(top: GuiNode, viewport: Size): void {
  const pass = createPass(measure);
  top.box = { rect: rectOf(0, 0, viewport) };
  placeChildren(pass, top, { x: 0, y: 0, ...viewport }, pass.parts(top).scale, undefined);
}

/** Gives a GuiObject its box, and all that is in it. `scale` is of the UIScales above it. */
function place(pass: Pass, node: GuiNode, rect: Rect, outerScale: number): void {
  const parts = pass.parts(node);
  const scale = outerScale * parts.scale;
  const box: { -readonly [K in keyof Box]: Box[K] } = { rect: rectOf(rect.x, rect.y, rect) };
  if (parts.isText) {
    const { left, top, right, bottom } = insetsOf(parts, rect.width, rect.height, scale);
    const width = Math.max(0, rect.width - left - right);
    const height = Math.max(0, rect.height - top - bottom);
    box.text = blockOf(node, { x: left, y: top, width, height }, scale, parts.textSize);
  }
  let scroll: Scroll | undefined;
  if (parts.isScrolling) {
    scroll = scrollOf(pass, node, parts, rect, scale);
    box.scroll = { canvas: whole(scroll.canvas), window: whole(scroll.window), position: scroll.position };
  }
  node.box = box;
  placeChildren(pass, node, rect, scale, scroll);
}

function placeChildren(pass: Pass, node: GuiNode, rect: Rect, scale: number, scroll: Scroll | undefined): void {
  if (node.children.length === 0) return;
  const parts = pass.parts(node);
  for (const child of node.children) if (roleOf(child) !== "object") forget(child);
  const { width, height } = scroll?.canvas ?? rect;
  const padded = scroll?.window ?? rect;
  const { left, top, right, bottom } = insetsOf(parts, padded.width, padded.height, scale);
  const x = rect.x + left + (scroll === undefined ? 0 : scroll.left - scroll.position.x);
  const y = rect.y + top - (scroll?.position.y ?? 0);
  const room = {
    width: Math.max(0, width - left - right),
    height: Math.max(0, height - top - bottom),
    openX: false,
    openY: false,
  };
  const { slots, laidOut } = arrange(pass, parts, room, scale);
  const layoutNode = parts.list ?? parts.grid;
  if (layoutNode !== undefined && laidOut !== undefined) layoutNode.box = { rect: rectOf(x, y, laidOut) };
  for (const slot of slots)
    place(pass, slot.node, { x: x + slot.x, y: y + slot.y, width: slot.width, height: slot.height }, scale);
}

/** What is no GuiObject has no box; GuiObjects in a Folder get theirs after this. */
function forget(node: GuiNode): void {
  node.box = undefined;
  for (const child of node.children) forget(child);
}

function rectOf(x: number, y: number, { width, height }: Size): Rect {
  const left = round(x);
  const top = round(y);
  return { x: left, y: top, width: round(x + width) - left, height: round(y + height) - top };
}

function whole({ width, height }: Size): { x: number; y: number } {
  return { x: round(width), y: round(height) };
}

/** Sums of fractions miss a half by a little. */
function round(value: number): number {
  return Math.floor(value + 0.5 + 1e-6);
}
