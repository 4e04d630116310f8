import type { GuiNode, UDim2 } from "../node.ts";
import { contentOf } from "../text/node-text.ts";
import { constrained, held, limit } from "./constrain.ts";
import { contentExtent } from "./contents.ts";
import { insetsOf, type Parts } from "./parts.ts";
import type { Given, Need, Pass, Room, Size } from "./pass.ts";

/** The size of a GuiObject: its Size or what a layout gives it, grown to its contents, then held by its constraints. */
export function measure(
  pass: Pass,
  node: GuiNode,
  room: Room,
  scale: number,
  need: Need,
  given: Given | undefined,
): Size {
  const parts = pass.parts(node);
  const own = ownSize(node, parts, room, scale);
  let width = given?.width ?? own.width;
  let height = given?.height ?? own.height;
  const automatic = node.props["AutomaticSize"];
  const growsX = given?.width === undefined && (automatic === "X" || automatic === "XY");
  const growsY = given?.height === undefined && (automatic === "XY" || (automatic === "Y" && canGrowInHeight(node)));
  const inner = scale * parts.scale;
  if (growsX) {
    const content = contentSize(pass, node, parts, { width, height, openX: true, openY: growsY }, room, inner, "width");
    width = Math.max(width, content.width);
  }
  if (growsY && need === "both") {
    width = held(width, parts.size?.least.x, parts.size?.most.x, inner);
    const content = contentSize(pass, node, parts, { width, height, openX: false, openY: true }, room, inner, "both");
    height = Math.max(height, content.height);
  }
  return constrained(parts, { width, height }, room, inner);
}

/** As Enum.AutomaticSize says: along Y alone, text objects resize only where they wrap. */
function canGrowInHeight({ props }: GuiNode): boolean {
  return props["TextSize"] === undefined || props["TextWrapped"] === true || props["TextScaled"] === true;
}

function ownSize({ props }: GuiNode, parts: Parts, room: Size, scale: number): Size {
  const { x, y } = props["Size"] as UDim2;
  const constraint = props["SizeConstraint"];
  const across = constraint === "RelativeYY" ? room.height : room.width;
  const down = constraint === "RelativeXX" ? room.width : room.height;
  return {
    width: (x.scale * across + x.offset * scale) * parts.scale,
    height: (y.scale * down + y.offset * scale) * parts.scale,
  };
}

/** What a node's text and children take, with its padding around them. */
function contentSize(
  pass: Pass,
  node: GuiNode,
  parts: Parts,
  base: Room,
  outer: Room,
  scale: number,
  need: Need,
): Size {
  const insets = insetsOf(parts, base.width, base.height, scale);
  const across = insets.left + insets.right;
  const down = insets.top + insets.bottom;
  const room = {
    ...base,
    width: Math.max(0, base.width - across),
    height: Math.max(0, base.height - down),
  };
  const children = contentExtent(pass, parts, room, scale, need);
  let { width, height } = children;
  if (parts.isText) {
    const most = limit(parts.size?.most.x ?? Number.POSITIVE_INFINITY, scale);
    // Text that wraps grows "up to the maximum size allowed by the parent"; what else grows is not known to stop there.
    const allowed = outer.openX ? most : Math.min(most, outer.width);
    const line = base.openX ? Math.max(room.width, allowed - across) : room.width;
    const text = contentOf(node, line, scale, parts.textSize);
    width = Math.max(width, text.x);
    height = Math.max(height, text.y);
  }
  return { width: width + across, height: height + down };
}
