import Vide from "@rbxts/vide";
import { SIZE } from "./theme.js";

interface InsetProps {
  readonly order: number;
  readonly children?: Vide.Node;
}

/** Children one below the other, away from the panel's edges; for what stands between rows that go from edge to edge. */
export function Inset({ order, children }: InsetProps) {
  return (
    <frame
      Name="Inset"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uipadding
        PaddingLeft={new UDim(0, SIZE.inset)}
        PaddingRight={new UDim(0, SIZE.inset)}
        PaddingTop={new UDim(0, SIZE.gap)}
        PaddingBottom={new UDim(0, SIZE.gap)}
      />
      <uilistlayout Padding={new UDim(0, SIZE.gap)} SortOrder={Enum.SortOrder.LayoutOrder} />
      {children}
    </frame>
  );
}
