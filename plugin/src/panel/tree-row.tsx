import Vide from "@rbxts/vide";
import { sizeText } from "./amount.js";
import type { RowInk } from "./rows.js";
import { FONT, SIZE } from "./theme.js";
import type { TreeRow } from "./tree-node.js";

const SIZE_WIDTH = 64;
/** Deeper levels are not moved further to the right: the narrowest panel must still show names. */
const LEVELS = 7;

const MARKS = { file: "", link: "↗", other: "?", remark: "", warning: "" } as const;

function markOf({ look, isUnfolded }: TreeRow): string {
  if (look === "folder") return isUnfolded ? "▾" : "▸";
  return MARKS[look];
}

const TONES = { folder: "plain", file: "plain", link: "dim", other: "dim", remark: "dim", warning: "warning" } as const;

/** Where the marks of a level of the tree begin, in pixels from the panel's edge. */
function leftOf(depth: number): number {
  return SIZE.gap + math.min(depth, LEVELS) * SIZE.indent;
}

/** What stands in one row of the tree: what it is, its name, its size. */
export function treeRow(row: () => TreeRow, ink: RowInk): Vide.Node {
  const left = Vide.derive(() => leftOf(row().depth));
  const look = Vide.derive(() => row().look);
  const text = Vide.derive(() => row().text);
  // A folder has no size: its name may take that room.
  const right = () => (look() === "file" ? SIZE_WIDTH + SIZE.inset : SIZE.inset);
  return [
    <textlabel
      Name="Mark"
      BackgroundTransparency={1}
      Position={() => UDim2.fromOffset(left(), 0)}
      Size={new UDim2(0, SIZE.row - SIZE.gap, 1, 0)}
      Text={() => markOf(row())}
      TextColor3={() => ink().dim}
      TextSize={SIZE.text}
      Font={FONT}
    />,
    <textlabel
      Name="Name"
      BackgroundTransparency={1}
      Position={() => UDim2.fromOffset(left() + SIZE.row - SIZE.tight, 0)}
      Size={() => new UDim2(1, -left() - SIZE.row + SIZE.tight - right(), 1, 0)}
      Text={text}
      TextColor3={() => ink()[TONES[look()]]}
      TextSize={SIZE.text}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Left}
    />,
    <textlabel
      Name="Size"
      BackgroundTransparency={1}
      AnchorPoint={new Vector2(1, 0)}
      Position={new UDim2(1, -SIZE.inset, 0, 0)}
      Size={new UDim2(0, SIZE_WIDTH, 1, 0)}
      Text={() => (look() === "file" ? sizeText(row().bytes) : "")}
      TextColor3={() => ink().dim}
      TextSize={SIZE.small}
      Font={FONT}
      TextXAlignment={Enum.TextXAlignment.Right}
    />,
  ];
}
