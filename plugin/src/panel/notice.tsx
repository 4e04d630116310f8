import Vide from "@rbxts/vide";
import { Label } from "./label.js";
import { Line } from "./line.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface NoticeProps {
  readonly ui: Ui;
  readonly order: number;
  readonly text: () => string;
}

/** What went wrong with the last thing that was asked for, where it is in sight wherever the tree is scrolled to. */
export function Notice({ ui, order, text }: NoticeProps) {
  return (
    <frame
      Name="Notice"
      LayoutOrder={order}
      BackgroundColor3={() => ui.theme.palette().raised.fill}
      BorderSizePixel={0}
      Visible={() => text() !== ""}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <Line ui={ui} at={0} />
      <frame Name="Text" BackgroundTransparency={1} Size={new UDim2(1, 0, 0, 0)} AutomaticSize={Enum.AutomaticSize.Y}>
        <uipadding
          PaddingLeft={new UDim(0, SIZE.inset)}
          PaddingRight={new UDim(0, SIZE.inset)}
          PaddingTop={new UDim(0, SIZE.gap)}
          PaddingBottom={new UDim(0, SIZE.gap)}
        />
        <Label ui={ui} order={1} on="raised" tone="warning" text={text} />
      </frame>
    </frame>
  );
}
