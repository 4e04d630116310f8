import Vide from "@rbxts/vide";
import { SIZE } from "./theme.js";

interface BarProps {
  readonly order: number;
  readonly children?: Vide.Node;
}

/** Buttons side by side, going on below where the panel is too narrow. */
export function Bar({ order, children }: BarProps) {
  return (
    <frame
      Name="Bar"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uilistlayout
        FillDirection={Enum.FillDirection.Horizontal}
        Wraps={true}
        Padding={new UDim(0, SIZE.gap)}
        SortOrder={Enum.SortOrder.LayoutOrder}
      />
      {children}
    </frame>
  );
}
