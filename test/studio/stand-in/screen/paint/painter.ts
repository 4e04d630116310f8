import type { GuiNode } from "../node.ts";
import type { DrawOp, ElementKind, Field } from "../protocol.ts";
import { fieldOf } from "./field.ts";
import { originOf, scrollOf } from "./scroll.ts";
import { type Style, styleOf } from "./style.ts";
import { linesOf } from "./text.ts";
import { drawnChildren, drawnParent, isDrawn, isWidget, kindOf } from "./tree.ts";

/** What the page shows of one node, as it was last told. */
interface Drawn {
  readonly kind: ElementKind;
  children: readonly GuiNode[];
  place: string;
  style: Style;
  text: string;
  scroll: string;
  field: Field | undefined;
}

/** The difference between what the page shows and what it should. */
export function createPainter() {
  const shown = new Map<number, Drawn>();

  const paint = (node: GuiNode, drawn: Drawn, ops: DrawOp[]) => {
    if (node.box === undefined) return;
    const style = isWidget(node) ? {} : styleOf(node);
    const difference = differenceOf(drawn.style, style);
    drawn.style = style;
    if (difference !== undefined) ops.push(["style", node.id, difference]);
    // What is hidden keeps what it showed: it is painted when it is seen.
    if (style["display"] === "none") return;
    const place = placeOf(node);
    if (String(place) !== drawn.place) {
      drawn.place = String(place);
      ops.push(["place", node.id, ...place]);
    }
    if (drawn.kind === "text" || drawn.kind === "field") {
      const lines = linesOf(node);
      const text = JSON.stringify(lines);
      if (text !== drawn.text) ops.push(["text", node.id, lines]);
      drawn.text = text;
    }
    if (drawn.kind === "scroll") {
      const scroll = scrollOf(node);
      if (JSON.stringify(scroll) !== drawn.scroll) ops.push(["scroll", node.id, scroll]);
      drawn.scroll = JSON.stringify(scroll);
    }
    if (drawn.kind === "field") {
      const field = fieldOf(node);
      if (JSON.stringify(field) !== JSON.stringify(drawn.field)) ops.push(["field", node.id, field]);
      drawn.field = field;
    }
  };

  const add = (node: GuiNode, parent: number, ops: DrawOp[]) => {
    const drawn: Drawn = {
      kind: kindOf(node),
      children: [],
      place: "",
      style: {},
      text: "[]",
      scroll: "",
      field: undefined,
    };
    shown.set(node.id, drawn);
    ops.push(["add", node.id, parent, drawn.kind]);
    paint(node, drawn, ops);
    group(node, drawn, ops);
  };

  /** Brings the children into their order: what does not stand where it should is put at the end, in turn. */
  const group = (node: GuiNode, drawn: Drawn, ops: DrawOp[]) => {
    const wanted = drawnChildren(node);
    const stay = drawn.children.filter((child) => shown.has(child.id) && drawnParent(child) === node);
    let same = 0;
    while (same < stay.length && stay[same] === wanted[same]) same++;
    for (const child of wanted.slice(same)) {
      if (shown.has(child.id)) ops.push(["move", child.id, node.id]);
      else add(child, node.id, ops);
    }
    drawn.children = wanted;
  };

  return {
    /** Takes away what is gone; of a tree that went as a whole, its top. */
    remove(ids: ReadonlySet<number>, ops: DrawOp[]) {
      const inside = new Set<number>();
      for (const id of ids) for (const child of shown.get(id)?.children ?? []) inside.add(child.id);
      for (const id of ids) if (shown.has(id) && !inside.has(id)) ops.push(["remove", id]);
      for (const id of ids) shown.delete(id);
    },
    addWidget: (top: GuiNode, ops: DrawOp[]) => add(top, 0, ops),
    /** A node whose children are others than before. */
    regroup(node: GuiNode, ops: DrawOp[]) {
      const owner = isDrawn(node) ? node : drawnParent(node);
      const drawn = owner && shown.get(owner.id);
      if (owner !== undefined && drawn !== undefined) group(owner, drawn, ops);
    },
    /** A node that may look otherwise than before; what acts on its parent changes the parent. */
    repaint(node: GuiNode, ops: DrawOp[]) {
      const owner = isDrawn(node) ? node : drawnParent(node);
      const drawn = owner && shown.get(owner.id);
      if (owner !== undefined && drawn !== undefined) paint(owner, drawn, ops);
    },
    /** What a person has typed is what the page shows: should the plugin put back the text it had, that is a change. */
    typed(node: GuiNode, text: string, ops: DrawOp[]) {
      const drawn = shown.get(node.id);
      if (drawn?.field === undefined) return;
      drawn.field = { ...drawn.field, text };
      paint(node, drawn, ops);
    },
    /** The page shows nothing any more. */
    forget: () => shown.clear(),
  };
}

function placeOf(node: GuiNode): [x: number, y: number, width: number, height: number] {
  const { x, y, width, height } = node.box?.rect ?? { x: 0, y: 0, width: 0, height: 0 };
  const parent = drawnParent(node);
  const origin = parent === undefined ? { x: 0, y: 0 } : originOf(parent);
  return [x - origin.x, y - origin.y, width, height];
}

function differenceOf(before: Style, now: Style): Record<string, string | null> | undefined {
  const difference: Record<string, string | null> = {};
  for (const name in before) if (now[name] === undefined) difference[name] = null;
  for (const name in now) if (now[name] !== before[name]) difference[name] = now[name] ?? null;
  return Object.keys(difference).length === 0 ? undefined : difference;
}
