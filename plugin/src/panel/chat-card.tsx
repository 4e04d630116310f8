import Vide from "@rbxts/vide";
import type { Turn } from "../chat/turn.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface CardProps {
  readonly ui: Ui;
  readonly turn: Turn;
  /** Pixels above and below what is in it. */
  readonly above?: number;
  readonly below?: number;
  readonly children?: Vide.Node;
}

/** Around a block: what the user has said stands on a raised surface, what was answered on the panel's own. */
export function Card({ ui, turn, above = 0, below = SIZE.tight, children }: CardProps) {
  const { palette } = ui.theme;
  const side = new UDim(0, SIZE.inset);
  return (
    <frame
      Name="Card"
      BackgroundColor3={() => palette()[turn.role === "user" ? "raised" : "panel"].fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <uipadding
        PaddingLeft={side}
        PaddingRight={side}
        PaddingTop={new UDim(0, above)}
        PaddingBottom={new UDim(0, below)}
      />
      <uilistlayout Padding={new UDim(0, SIZE.tight)} SortOrder={Enum.SortOrder.LayoutOrder} />
      {children}
    </frame>
  );
}
