import type { GuiNode, UDim2 } from "../node.ts";
import { alignment } from "./line.ts";
import type { Pass, Room, Size, Slot } from "./pass.ts";

const SLACK = 1e-6;

/** Puts the objects, in their order, into equal cells; answers AbsoluteContentSize. */
export function arrangeGrid(
  pass: Pass,
  { props }: GuiNode,
  objects: readonly GuiNode[],
  room: Room,
  scale: number,
  into: Slot[],
): Size {
  const size = props["CellSize"] as UDim2;
  const padding = props["CellPadding"] as UDim2;
  const width = Math.max(0, size.x.scale * room.width + size.x.offset * scale);
  const height = Math.max(0, size.y.scale * room.height + size.y.offset * scale);
  const across = width + padding.x.scale * room.width + padding.x.offset * scale;
  const down = height + padding.y.scale * room.height + padding.y.offset * scale;
  const isRow = props["FillDirection"] === "Horizontal";
  const most = props["FillDirectionMaxCells"] as number;
  const fitting = isRow
    ? cellsIn(room.width, room.openX, width, across)
    : cellsIn(room.height, room.openY, height, down);
  const perLine = Math.max(1, Math.min(fitting, most > 0 ? most : fitting, objects.length));
  const lines = Math.ceil(objects.length / perLine);
  const [columns, rows] = objects.length === 0 ? [0, 0] : isRow ? [perLine, lines] : [lines, perLine];
  const content = { width: extent(columns, width, across), height: extent(rows, height, down) };

  const corner = props["StartCorner"] as string;
  const toLeft = corner.endsWith("Right");
  const toTop = corner.startsWith("Bottom");
  const horizontal = props["HorizontalAlignment"] as string;
  const vertical = props["VerticalAlignment"] as string;
  const left = (room.width - content.width) * alignment(horizontal);
  const top = (room.height - content.height) * alignment(vertical);
  objects.forEach((node, i) => {
    const along = i % perLine;
    const line = Math.floor(i / perLine);
    const [column, row] = isRow ? [along, line] : [line, along];
    // A last line with fewer cells begins at the corner, or is centred as the others are.
    const empty = perLine - Math.min(perLine, objects.length - line * perLine);
    const shift = empty / 2;
    const shiftX = isRow && horizontal === "Center" ? shift * across : 0;
    const shiftY = !isRow && vertical === "Center" ? shift * down : 0;
    into.push({
      node,
      x: left + (toLeft ? (columns - 1 - column) * across - shiftX : column * across + shiftX),
      y: top + (toTop ? (rows - 1 - row) * down - shiftY : row * down + shiftY),
      ...pass.measure(node, room, scale, "both", { width, height }),
    });
  });
  return content;
}

/** How many cells fit beside each other; as many as there are, where the room follows from them. */
function cellsIn(room: number, open: boolean, cell: number, step: number): number {
  if (open || step <= 0) return Number.MAX_SAFE_INTEGER;
  return Math.floor((room + step - cell + SLACK) / step);
}

/** Padding may be negative, what cells take not. */
function extent(cells: number, cell: number, step: number): number {
  return cells === 0 ? 0 : Math.max(0, cell + (cells - 1) * step);
}
