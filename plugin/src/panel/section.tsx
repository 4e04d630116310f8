import Vide from "@rbxts/vide";
import { Column } from "./column.js";
import { Label } from "./label.js";
import { SIZE, type Theme } from "./theme.js";

interface SectionProps {
  readonly theme: Theme;
  readonly order: number;
  readonly title: string;
  readonly children?: Vide.Node;
}

/** A titled part of the panel, with a line above it. */
export function Section({ theme, order, title, children }: SectionProps) {
  return (
    <Column name={title} order={order}>
      <frame Name="Line" BackgroundColor3={theme.border} Size={new UDim2(1, 0, 0, 1)} />
      <Label theme={theme} order={1} text={title} tone="title" />
      <frame
        Name="Body"
        LayoutOrder={2}
        BackgroundTransparency={1}
        Size={new UDim2(1, 0, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
      >
        <uilistlayout Padding={new UDim(0, SIZE.gap)} SortOrder={Enum.SortOrder.LayoutOrder} />
        {children}
      </frame>
    </Column>
  );
}
