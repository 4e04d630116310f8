import Vide from "@rbxts/vide";
import { Column } from "./column.js";
import { Line } from "./line.js";
import { BOLD, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface SectionProps {
  readonly ui: Ui;
  readonly order: number;
  readonly title: string;
  /** At the right end of the heading. */
  readonly action?: Vide.Node;
  /** Whether its content goes from edge to edge, as rows do. */
  readonly edge?: "inset" | "full";
  readonly children?: Vide.Node;
}

/** A part of the panel under a heading as wide as the panel, as the categories of Studio's own panels. */
export function Section({ ui, order, title, action, edge = "inset", children }: SectionProps) {
  const palette = ui.theme.palette;
  const side = new UDim(0, edge === "inset" ? SIZE.inset : 0);
  const below = new UDim(0, edge === "inset" ? SIZE.inset : SIZE.tight);
  return (
    <Column name={title} order={order} gap={0}>
      <frame
        Name="Heading"
        BackgroundColor3={() => palette().raised.fill}
        BorderSizePixel={0}
        Size={new UDim2(1, 0, 0, SIZE.control + SIZE.tight)}
      >
        <Line ui={ui} at={0} />
        <Line ui={ui} at={1} />
        <textlabel
          Name="Title"
          BackgroundTransparency={1}
          Position={UDim2.fromOffset(SIZE.inset, 0)}
          Size={new UDim2(1, -2 * SIZE.inset, 1, 0)}
          Text={title}
          TextColor3={() => palette().raised.plain}
          TextSize={SIZE.text}
          Font={BOLD}
          TextXAlignment={Enum.TextXAlignment.Left}
        />
        <frame
          Name="Action"
          BackgroundTransparency={1}
          AnchorPoint={new Vector2(1, 0.5)}
          Position={new UDim2(1, -SIZE.inset, 0.5, 0)}
          Size={new UDim2()}
          AutomaticSize={Enum.AutomaticSize.XY}
        >
          {action}
        </frame>
      </frame>
      <frame
        Name="Body"
        LayoutOrder={1}
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
      >
        <uipadding
          PaddingLeft={side}
          PaddingRight={side}
          PaddingTop={new UDim(0, edge === "inset" ? SIZE.gap : SIZE.tight)}
          PaddingBottom={below}
        />
        <uilistlayout Padding={new UDim(0, edge === "inset" ? SIZE.gap : 0)} SortOrder={Enum.SortOrder.LayoutOrder} />
        {children}
      </frame>
    </Column>
  );
}
