import type { GuiNode, UDim2 } from "../node.ts";
import { type Parts, partsOf } from "./parts.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a child goes: pixels from the corner of its parent's room. */
export interface Slot extends Size {
  readonly node: GuiNode;
  readonly x: number;
  readonly y: number;
}

/** What children are measured against: the parent's size in pixels without its padding. */
export interface Room extends Size {
  /** The width will follow from the children (AutomaticSize); until then it is what the parent's Size says. */
  readonly openX: boolean;
  readonly openY: boolean;
}

/** A size that a layout gives a child, in place of its own. */
export interface Given {
  readonly width?: number;
  readonly height?: number;
}

/**
 * Which sizes are asked for. Widths do not depend on heights that follow from contents (but for columns that wrap), so
 * that they are found first and by themselves.
 */
export type Need = "width" | "both";

/** What one run of layout has found out so far. */
export interface Pass {
  readonly parts: (node: GuiNode) => Parts;
  /** The size of a GuiObject in a room, under UIScales that multiply to `scale`. */
  readonly measure: (node: GuiNode, room: Room, scale: number, need: Need, given?: Given) => Size;
}

interface Known {
  readonly room: Room;
  readonly scale: number;
  readonly need: Need;
  readonly given: Given | undefined;
  readonly size: Size;
}

/**
 * Automatic sizes with a scale, nested some dozens deep, would be asked for in as many rooms as the square of the depth.
 * From here on such a node keeps the size it has.
 */
const MOST_ANSWERS = 256;

type Measure = (pass: Pass, node: GuiNode, room: Room, scale: number, need: Need, given: Given | undefined) => Size;

export function createPass(measure: Measure): Pass {
  const parts = new Map<GuiNode, Parts>();
  const sizes = new Map<GuiNode, Known[]>();
  const pass: Pass = {
    parts(node) {
      let found = parts.get(node);
      if (found === undefined) {
        found = partsOf(node);
        parts.set(node, found);
      }
      return found;
    },
    measure(node, room, scale, need, given) {
      // Only sizes that follow from contents are worth remembering.
      if (node.props["AutomaticSize"] === "None") return measure(pass, node, room, scale, need, given);
      const key = relevant(node, pass.parts(node), room);
      let known = sizes.get(node);
      if (known === undefined) {
        known = [];
        sizes.set(node, known);
      }
      for (const one of known) if (isSame(one, key, scale, need, given)) return one.size;
      const last = known.at(-1);
      if (known.length >= MOST_ANSWERS && last !== undefined) return { ...last.size, ...given };
      const size = measure(pass, node, room, scale, need, given);
      known.push({ room: key, scale, need, given, size });
      return size;
    },
  };
  return pass;
}

/** The part of a room on which a node's size depends: most sizes are known again in a room that differs elsewhere. */
function relevant(node: GuiNode, { isText, aspect }: Parts, room: Room): Room {
  const { x, y } = node.props["Size"] as UDim2;
  const isRelated = aspect !== undefined || node.props["SizeConstraint"] !== "RelativeXY";
  const needsX = isRelated || isText || x.scale !== 0;
  const needsY = isRelated || y.scale !== 0;
  return {
    width: needsX ? room.width : 0,
    height: needsY ? room.height : 0,
    openX: isText && room.openX,
    openY: false,
  };
}

function isSame(known: Known, room: Room, scale: number, need: Need, given: Given | undefined): boolean {
  return (
    known.room.width === room.width &&
    known.room.height === room.height &&
    known.room.openX === room.openX &&
    known.scale === scale &&
    known.need === need &&
    known.given?.width === given?.width &&
    known.given?.height === given?.height
  );
}
