import type { GuiNode, UDim } from "../node.ts";
import { constrained, limit } from "./constrain.ts";
import { distributed, type FlexItem, flexed, isSpread } from "./flex.ts";
import { alignment, type Line, linesOf, roomOf, type Track } from "./line.ts";
import type { Need, Pass, Room, Size, Slot } from "./pass.ts";

/** A UIListLayout's properties, turned so that `main` is the direction in which it fills. */
interface List {
  readonly isRow: boolean;
  readonly gap: number;
  readonly lineGap: number;
  readonly wraps: boolean;
  readonly main: Track;
  readonly cross: Track;
  readonly itemAlignment: string;
}

interface Item {
  readonly node: GuiNode;
  width: number;
  height: number;
}

/**
 * Puts the objects, in their order, into rows or columns; answers AbsoluteContentSize. Asked for widths only, the height
 * it answers means nothing and no slot is added.
 */
export function arrangeList(
  pass: Pass,
  layout: GuiNode,
  objects: readonly GuiNode[],
  room: Room,
  scale: number,
  need: Need,
  into: Slot[],
): Size {
  const list = readList(layout, room, scale);
  const { isRow, cross } = list;
  const items: Item[] = objects.map((node) => ({ node, ...pass.measure(node, room, scale, "width") }));
  let lines: Line<Item>[];
  if (isRow) {
    lines = linesOf(items, (item) => item.width, list);
    if (need === "width") return { width: longest(lines, list), height: 0 };
    for (const line of lines) flexLine(pass, line, list, scale);
    fillIn(pass, items, room, scale);
  } else {
    if (need === "width" && !list.wraps) return { width: widest(items), height: 0 };
    // Columns that do not wrap have one line, whose width is known before any height.
    if (!list.wraps) stretch(pass, items, list, lineRoom(widest(items), list), room, scale);
    fillIn(pass, items, room, scale);
    lines = linesOf(items, (item) => item.height, list);
    for (const line of lines) flexLine(pass, line, list, scale);
  }
  for (const line of lines) line.cross = largest(line.items, (item) => (isRow ? item.height : item.width));
  const lineGaps = list.lineGap * Math.max(0, lines.length - 1);
  const used = total(lines, (line) => line.cross) + lineGaps;
  const spare = cross.open ? 0 : cross.room - used;
  if (cross.flex === "Fill" && spare > 0) for (const line of lines) line.cross += spare / lines.length;
  for (const line of lines) stretch(pass, line.items, list, line.cross, room, scale);
  place(lines, list, used, into, pass);
  const across = Math.max(0, total(lines, (line) => line.cross) + lineGaps);
  const along = longest(lines, list);
  return isRow ? { width: along, height: across } : { width: across, height: along };
}

function readList({ props }: GuiNode, room: Room, scale: number): List {
  const isRow = props["FillDirection"] === "Horizontal";
  const padding = props["Padding"] as UDim;
  const across = roomOf(props, room, "x");
  const down = roomOf(props, room, "y");
  const [main, cross] = isRow ? [across, down] : [down, across];
  const own = props["ItemLineAlignment"] as string;
  return {
    isRow,
    gap: padding.scale * main.room + padding.offset * scale,
    lineGap: padding.scale * cross.room + padding.offset * scale,
    wraps: props["Wraps"] === true && !main.open,
    main,
    cross,
    // As Enum.ItemLineAlignment says of Automatic: Stretch where the cross direction has any flex.
    itemAlignment: own !== "Automatic" ? own : cross.flex === "None" ? cross.alignment : "Stretch",
  };
}

/** Finds the heights that follow from the widths. */
function fillIn(pass: Pass, items: readonly Item[], room: Room, scale: number): void {
  for (const item of items) Object.assign(item, pass.measure(item.node, room, scale, "both", { width: item.width }));
}

/** Grows or shrinks the items of one line. In a direction that follows from the contents there is nothing to share out. */
function flexLine(pass: Pass, line: Line<Item>, { isRow, main, gap }: List, scale: number): void {
  const side = isRow ? "width" : "height";
  const axis = isRow ? "x" : "y";
  const used = total(line.items, (item) => item[side]) + gap * (line.items.length - 1);
  if (main.open || used === main.room) return;
  if (main.flex !== "Fill" && line.items.every(({ node }) => pass.parts(node).flex === undefined)) return;
  const items = line.items.map((item): FlexItem => {
    const parts = pass.parts(item.node);
    const inner = parts.scale * scale;
    const [grow, shrink] = ratiosOf(parts.flex, main.flex);
    const least = limit(parts.size?.least[axis] ?? 0, inner);
    const most = limit(parts.size?.most[axis] ?? Number.POSITIVE_INFINITY, inner);
    return { basis: item[side], grow, shrink, least, most };
  });
  flexed(items, main.room - used).forEach((size, i) => {
    (line.items[i] as Item)[side] = size;
  });
}

/** A UIFlexItem overrides what the list says. */
function ratiosOf(flex: GuiNode | undefined, ofList: unknown): readonly [grow: number, shrink: number] {
  if (flex === undefined) return ofList === "Fill" ? [1, 1] : [0, 0];
  const { FlexMode, GrowRatio, ShrinkRatio } = flex.props;
  if (FlexMode === "Grow") return [1, 0];
  if (FlexMode === "Shrink") return [0, 1];
  if (FlexMode === "Fill") return [1, 1];
  return FlexMode === "Custom" ? [GrowRatio as number, ShrinkRatio as number] : [0, 0];
}

function alignmentOf(pass: Pass, { node }: Item, list: List): string {
  const own = pass.parts(node).flex?.props["ItemLineAlignment"] as string | undefined;
  return own === undefined || own === "Automatic" ? list.itemAlignment : own;
}

/** Makes items as wide (in a column) or high (in a row) as their line, as far as their constraints let them. */
function stretch(pass: Pass, items: readonly Item[], list: List, cross: number, room: Room, scale: number): void {
  for (const item of items) {
    const size = { width: item.width, height: item.height };
    if (alignmentOf(pass, item, list) === "Stretch") size[list.isRow ? "height" : "width"] = cross;
    const parts = pass.parts(item.node);
    const { width, height } = parts.aspect === undefined ? constrained(parts, size, room, scale * parts.scale) : item;
    item.width = width;
    item.height = height;
  }
}

/** The room across a single line. */
function lineRoom(used: number, { cross }: List): number {
  return cross.flex === "Fill" && !cross.open ? Math.max(used, cross.room) : used;
}

function place(lines: readonly Line<Item>[], list: List, used: number, into: Slot[], pass: Pass): void {
  const { isRow, main, cross, gap, lineGap } = list;
  const spare = cross.open || cross.flex === "Fill" ? 0 : cross.room - used;
  const rows = distributed(cross.flex, spare, lines.length);
  const start = spare > 0 && isSpread(cross.flex) ? rows.start : spare * alignment(cross.alignment);
  let across = cross.flex === "Fill" ? 0 : start;
  for (const line of lines) {
    const taken = total(line.items, (item) => (isRow ? item.width : item.height)) + gap * (line.items.length - 1);
    const free = main.open ? 0 : main.room - taken;
    const spread = distributed(main.flex, free, line.items.length);
    let along = free > 0 && isSpread(main.flex) ? spread.start : free * alignment(main.alignment);
    for (const item of line.items) {
      const { node, width, height } = item;
      const left = line.cross - (isRow ? height : width);
      const offset = across + left * alignment(alignmentOf(pass, item, list));
      into.push(isRow ? { node, x: along, y: offset, width, height } : { node, x: offset, y: along, width, height });
      along += (isRow ? width : height) + gap + spread.between;
    }
    across += line.cross + lineGap + rows.between;
  }
}

function longest(lines: readonly Line<Item>[], { isRow, gap }: List): number {
  const lengthOf = ({ items }: Line<Item>) =>
    total(items, (item) => (isRow ? item.width : item.height)) + gap * (items.length - 1);
  return largest(lines, lengthOf);
}

function widest(items: readonly Item[]): number {
  return largest(items, (item) => item.width);
}

function largest<T>(values: readonly T[], of: (value: T) => number): number {
  let most = 0;
  for (const value of values) most = Math.max(most, of(value));
  return most;
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum;
}
