import Vide from "@rbxts/vide";
import { FONT, SIZE, type Theme } from "./theme.js";
import type { Node } from "./tree.js";

interface TreeRowProps {
  readonly theme: Theme;
  readonly node: Node;
  readonly onClick: () => void;
}

const SIZE_WIDTH = 64;

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return string.format("%.1f KB", bytes / 1024);
  return string.format("%.1f MB", bytes / 1024 / 1024);
}

function markOf(node: Node): string {
  if (node.kind === "folder") return node.expanded() ? "▾" : "▸";
  if (node.kind === "link") return "↗";
  return node.kind === "other" ? "?" : "";
}

/** One line of the tree: what it is, its name, its size. */
export function TreeRow({ theme, node, onClick }: TreeRowProps) {
  const left = node.depth * SIZE.indent;
  return (
    <frame Name={node.name} BackgroundTransparency={1} Size={new UDim2(1, 0, 0, SIZE.row)} LayoutOrder={0}>
      <textlabel
        Name="Mark"
        BackgroundTransparency={1}
        Position={UDim2.fromOffset(left, 0)}
        Size={UDim2.fromOffset(SIZE.indent, SIZE.row)}
        Text={() => markOf(node)}
        TextColor3={theme.dim}
        TextSize={SIZE.text}
        Font={FONT}
      />
      <textbutton
        Name="Name"
        BackgroundTransparency={1}
        Position={UDim2.fromOffset(left + SIZE.indent, 0)}
        Size={new UDim2(1, -left - SIZE.indent - SIZE_WIDTH, 1, 0)}
        Text={node.name}
        TextColor3={node.kind === "folder" || node.kind === "file" ? theme.text : theme.dim}
        TextSize={SIZE.text}
        Font={FONT}
        TextTruncate={Enum.TextTruncate.AtEnd}
        TextXAlignment={Enum.TextXAlignment.Left}
        Activated={onClick}
      />
      <textlabel
        Name="Size"
        BackgroundTransparency={1}
        AnchorPoint={new Vector2(1, 0)}
        Position={UDim2.fromScale(1, 0)}
        Size={UDim2.fromOffset(SIZE_WIDTH, SIZE.row)}
        Text={() => (node.kind === "file" ? sizeText(node.bytes()) : "")}
        TextColor3={theme.dim}
        TextSize={SIZE.text}
        Font={FONT}
        TextXAlignment={Enum.TextXAlignment.Right}
      />
    </frame>
  );
}
