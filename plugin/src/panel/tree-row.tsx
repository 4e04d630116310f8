import Vide, { Show, source } from "@rbxts/vide";
import { sizeText } from "./amount.js";
import { pointed } from "./pointed.js";
import { FONT, SIZE } from "./theme.js";
import type { Node } from "./tree.js";
import type { Ui } from "./ui.js";

interface TreeRowProps {
  readonly ui: Ui;
  readonly node: Node;
  readonly onClick: () => void;
}

const SIZE_WIDTH = 64;
/** Deeper levels are not moved further to the right: the narrowest panel must still show names. */
const LEVELS = 7;

function markOf(node: Node): string {
  if (node.kind === "folder") return node.expanded() ? "▾" : "▸";
  if (node.kind === "link") return "↗";
  return node.kind === "other" ? "?" : "";
}

/** Where the marks of a level of the tree begin, in pixels from the panel's edge. */
export function leftOf(depth: number): number {
  return SIZE.gap + math.min(depth, LEVELS) * SIZE.indent;
}

/** One line of the tree, from edge to edge: what it is, its name, its size. */
export function TreeRow({ ui, node, onClick }: TreeRowProps) {
  const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
  const surface = () => pointed(pointer(), ui.theme.palette().row);
  const stop = ui.keyboard.add({
    activate: onClick,
    row: { depth: node.depth, isUnfolded: () => (node.kind === "folder" ? node.expanded() : undefined) },
  });
  const left = leftOf(node.depth);
  const isPlain = node.kind === "folder" || node.kind === "file";
  // A folder has no size: its name may take that room.
  const right = node.kind === "file" ? SIZE_WIDTH + SIZE.inset : SIZE.inset;
  return (
    <textbutton
      Name={node.name}
      LayoutOrder={0}
      AutoButtonColor={false}
      BackgroundColor3={() => surface().fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, SIZE.row)}
      Text=""
      GuiStateChanged={pointer}
      Activated={() => {
        stop.touch();
        onClick();
      }}
      action={stop.bind}
    >
      <textlabel
        Name="Mark"
        BackgroundTransparency={1}
        Position={UDim2.fromOffset(left, 0)}
        Size={new UDim2(0, SIZE.row - SIZE.gap, 1, 0)}
        Text={() => markOf(node)}
        TextColor3={() => surface().dim}
        TextSize={SIZE.text}
        Font={FONT}
      />
      <textlabel
        Name="Name"
        BackgroundTransparency={1}
        Position={UDim2.fromOffset(left + SIZE.row - SIZE.tight, 0)}
        Size={new UDim2(1, -left - SIZE.row + SIZE.tight - right, 1, 0)}
        Text={node.name}
        TextColor3={() => (isPlain ? surface().plain : surface().dim)}
        TextSize={SIZE.text}
        Font={FONT}
        TextTruncate={Enum.TextTruncate.AtEnd}
        TextXAlignment={Enum.TextXAlignment.Left}
      />
      {node.kind === "file" ? (
        <textlabel
          Name="Size"
          BackgroundTransparency={1}
          AnchorPoint={new Vector2(1, 0)}
          Position={new UDim2(1, -SIZE.inset, 0, 0)}
          Size={new UDim2(0, SIZE_WIDTH, 1, 0)}
          Text={() => sizeText(node.bytes())}
          TextColor3={() => surface().dim}
          TextSize={SIZE.small}
          Font={FONT}
          TextXAlignment={Enum.TextXAlignment.Right}
        />
      ) : undefined}
      <Show when={stop.isOn}>
        {() => (
          <frame
            Name="Ring"
            BackgroundTransparency={1}
            Position={UDim2.fromOffset(2, 2)}
            Size={new UDim2(1, -4, 1, -4)}
          >
            <uicorner CornerRadius={new UDim(0, 2)} />
            <uistroke Color={() => ui.theme.palette().ring} Thickness={2} />
          </frame>
        )}
      </Show>
    </textbutton>
  );
}
