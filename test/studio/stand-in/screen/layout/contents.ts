import type { GuiNode, UDim2, Vector2 } from "../node.ts";
import { arrangeGrid } from "./grid.ts";
import { arrangeList } from "./list.ts";
import type { Parts } from "./parts.ts";
import type { Need, Pass, Room, Size, Slot } from "./pass.ts";

/** The children of one node. */
export interface Contents {
  readonly slots: readonly Slot[];
  /** AbsoluteContentSize, where there is a layout. */
  readonly laidOut: Size | undefined;
}

const NOTHING: Size = { width: 0, height: 0 };

/** Puts every child into its place. */
export function arrange(pass: Pass, parts: Parts, room: Room, scale: number): Contents {
  const { placed, free } = divide(parts);
  const slots: Slot[] = [];
  for (const node of free) slots.push(freeSlot(pass, node, room, scale, "both"));
  const laidOut = arrangePlaced(pass, parts, placed, room, scale, "both", slots);
  return { slots, laidOut };
}

/** How far children reach; what is not Visible does not count. */
export function contentExtent(pass: Pass, parts: Parts, room: Room, scale: number, need: Need): Size {
  if (parts.objects.length === 0) return NOTHING;
  const { placed, free } = divide(parts);
  let { width, height } = arrangePlaced(pass, parts, placed, room, scale, need, []) ?? NOTHING;
  for (const node of free) {
    if (node.props["Visible"] === false) continue;
    const slot = freeSlot(pass, node, room, scale, need);
    width = Math.max(width, slot.x + slot.width);
    height = Math.max(height, slot.y + slot.height);
  }
  return { width, height };
}

/** A layout arranges its visible siblings; what lies in a Folder is no sibling. */
function divide({ objects, list, grid }: Parts): { placed: readonly GuiNode[]; free: readonly GuiNode[] } {
  const layout = list ?? grid;
  if (layout === undefined) return { placed: [], free: objects };
  const isPlaced = (node: GuiNode) => node.parent === layout.parent && node.props["Visible"] !== false;
  if (objects.every(isPlaced)) return { placed: objects, free: [] };
  return { placed: objects.filter(isPlaced), free: objects.filter((node) => !isPlaced(node)) };
}

function arrangePlaced(
  pass: Pass,
  { list, grid }: Parts,
  objects: readonly GuiNode[],
  room: Room,
  scale: number,
  need: Need,
  into: Slot[],
): Size | undefined {
  const layout = list ?? grid;
  if (layout === undefined) return undefined;
  const sorted = inOrder(layout, objects);
  if (list !== undefined) return arrangeList(pass, list, sorted, room, scale, need, into);
  return arrangeGrid(pass, layout, sorted, room, scale, into);
}

function inOrder(layout: GuiNode, objects: readonly GuiNode[]): readonly GuiNode[] {
  const order =
    layout.props["SortOrder"] === "Name"
      ? (a: GuiNode, b: GuiNode) => compare(nameOf(a), nameOf(b))
      : (a: GuiNode, b: GuiNode) => (a.props["LayoutOrder"] as number) - (b.props["LayoutOrder"] as number);
  const isSorted = objects.every((node, i) => i === 0 || order(objects[i - 1] as GuiNode, node) <= 0);
  return isSorted ? objects : objects.toSorted(order);
}

function nameOf(node: GuiNode): string {
  return (node.props["Name"] as string | undefined) ?? node.class.name;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function freeSlot(pass: Pass, node: GuiNode, room: Room, scale: number, need: Need): Slot {
  const { width, height } = pass.measure(node, room, scale, need);
  const position = node.props["Position"] as UDim2;
  const anchor = node.props["AnchorPoint"] as Vector2;
  return {
    node,
    x: position.x.scale * room.width + position.x.offset * scale - anchor.x * width,
    y: position.y.scale * room.height + position.y.offset * scale - anchor.y * height,
    width,
    height,
  };
}
