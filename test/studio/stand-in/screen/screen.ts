import { layout } from "./layout/layout.ts";
import { encodeMeasures, type Measure } from "./measures.ts";
import type { GuiNode } from "./node.ts";
import { createPainter } from "./paint/painter.ts";
import { isDrawn, isWidget } from "./paint/tree.ts";
import type { DrawOp } from "./protocol.ts";
import { type Changes, createScene } from "./scene.ts";
import { undrawnOf } from "./undrawn.ts";

/** Properties without a part in layout: a change of these alone only repaints. */
const PAINT_ONLY = new Set([
  "Active",
  "AutoButtonColor",
  "BackgroundColor3",
  "BackgroundTransparency",
  "BorderColor3",
  "BorderSizePixel",
  "Color",
  "CornerRadius",
  "CursorPosition",
  "GroupTransparency",
  "GuiState",
  "Image",
  "ImageColor3",
  "ImageTransparency",
  "Interactable",
  "PlaceholderColor3",
  "Rotation",
  "ScrollBarImageColor3",
  "ScrollBarImageTransparency",
  "SelectionStart",
  "TextColor3",
  "TextStrokeColor3",
  "TextStrokeTransparency",
  "TextTransparency",
  "Thickness",
  "Transparency",
  "ZIndex",
]);

/** The dock widgets of a Studio: where everything in them is, and what a page has to draw. */
export function createScreen(warn: (text: string) => void) {
  const scene = createScene();
  const painter = createPainter();
  const warned = new Set<string>();
  let watched = false;
  let ops: DrawOp[] = [];
  const typed = new Map<GuiNode, string>();

  const warnOf = (node: GuiNode, properties: Iterable<string>) => {
    for (const text of undrawnOf(node, properties)) {
      if (warned.has(text)) continue;
      warned.add(text);
      warn(`${pathOf(node)}: ${text}`);
    }
  };

  /** Lays out the widgets that have changed; answers where anything is elsewhere than before. */
  const settle = (changes: Changes): { measures: Measure[]; moved: GuiNode[] } => {
    const tops = new Set<GuiNode>();
    const mark = (node: GuiNode) => {
      const top = topOf(node);
      if (top !== undefined) tops.add(top);
    };
    for (const node of changes.added) mark(node);
    for (const node of changes.regrouped) mark(node);
    for (const node of changes.resized) mark(node);
    for (const [node, names] of changes.set) if (![...names].every((name) => PAINT_ONLY.has(name))) mark(node);
    const measures: Measure[] = [];
    const moved: GuiNode[] = [];
    for (const top of tops) {
      const nodes = withDescendants(top);
      const before = nodes.map((node) => node.box);
      const { x: width, y: height } = scene.sizeOf(top);
      layout(top, { width, height });
      nodes.forEach((node, i) => {
        if (encodeMeasures.differences(node, before[i], measures)) moved.push(node);
      });
    }
    return { measures, moved };
  };

  const paint = (changes: Changes, moved: readonly GuiNode[]) => {
    for (const node of changes.added) if (isWidget(node)) painter.addWidget(node, ops);
    // From the top: where a parent and its child have changed places, each is out of the other before it is moved.
    const regrouped = [...changes.regrouped].sort((a, b) => depthOf(a) - depthOf(b));
    for (const node of regrouped) painter.regroup(node, ops);
    painter.remove(changes.removed, ops);
    const touched = new Set([...changes.set.keys(), ...changes.regrouped, ...moved]);
    // What was added was painted with it; only what acts on another may change that one.
    for (const node of changes.added) if (isDrawn(node)) touched.delete(node);
    for (const node of touched) painter.repaint(node, ops);
  };

  return {
    /** Takes what Luau says, and answers the bytes that tell it where things are now. */
    feed(bytes: Uint8Array): Uint8Array {
      const changes = scene.apply(bytes);
      for (const node of changes.added) warnOf(node, Object.keys(node.props));
      for (const [node, names] of changes.set) warnOf(node, names);
      const { measures, moved } = settle(changes);
      if (watched) paint(changes, moved);
      return encodeMeasures.bytes(measures);
    },
    /** What a page that showed all until now has to draw. */
    draw(): DrawOp[] {
      for (const [node, text] of typed) painter.typed(node, text, ops);
      typed.clear();
      const due = ops;
      ops = [];
      return due;
    },
    /** A page has come that shows nothing yet: from now on `draw` answers all there is, then what changes. */
    watch() {
      watched = true;
      ops = [];
      painter.forget();
      for (const top of scene.tops()) painter.addWidget(top, ops);
    },
    /** A page has said what stands in a text box. */
    typed(id: number, text: string) {
      const node = scene.nodes.get(id);
      if (node !== undefined) typed.set(node, text);
    },
    /** The Text of a text object; empty where there is none. */
    textOf: (id: number): string => String(scene.nodes.get(id)?.props["Text"] ?? ""),
    /** Nobody looks any more. */
    unwatch() {
      watched = false;
      ops = [];
      painter.forget();
    },
  };
}

function withDescendants(node: GuiNode, into: GuiNode[] = []): GuiNode[] {
  into.push(node);
  for (const child of node.children) withDescendants(child, into);
  return into;
}

function depthOf(node: GuiNode): number {
  let depth = 0;
  for (let parent = node.parent; parent !== undefined; parent = parent.parent) depth += 1;
  return depth;
}

function topOf(node: GuiNode): GuiNode | undefined {
  let top = node;
  while (top.parent !== undefined) top = top.parent;
  return isWidget(top) ? top : undefined;
}

function pathOf(node: GuiNode): string {
  const name = String(node.props["Name"] ?? node.class.name);
  return node.parent === undefined ? name : `${pathOf(node.parent)}.${name}`;
}
