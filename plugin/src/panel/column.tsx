import Vide from "@rbxts/vide";
import { SIZE } from "./theme.js";

interface ColumnProps {
  readonly name: string;
  /** Place among its siblings. */
  readonly order: number;
  /** Pixels between two children. */
  readonly gap?: number;
  readonly children?: Vide.Node;
}

/** Children one below the other, as wide as there is room and as high as they need. */
export function Column({ name, order, gap = SIZE.gap, children }: ColumnProps) {
  return (
    <frame
      Name={name}
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uilistlayout Padding={new UDim(0, gap)} SortOrder={Enum.SortOrder.LayoutOrder} />
      {children}
    </frame>
  );
}
