import Vide from "@rbxts/vide";
import type { Tone } from "./palette.js";
import { BOLD, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface StatusProps {
  readonly ui: Ui;
  readonly order: number;
  readonly on: "panel" | "raised";
  readonly text: () => string;
  readonly tone: () => Tone;
}

/** What is the case, in words, with a dot that says how good that is. */
export function Status({ ui, order, on, text, tone }: StatusProps) {
  const ink = () => ui.theme.palette()[on];
  const left = SIZE.dot + SIZE.gap;
  return (
    <frame
      Name="Status"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, SIZE.row)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <frame
        Name="Dot"
        BackgroundColor3={() => ink()[tone()]}
        BorderSizePixel={0}
        Position={UDim2.fromOffset(0, (SIZE.row - SIZE.dot) / 2)}
        Size={UDim2.fromOffset(SIZE.dot, SIZE.dot)}
      >
        <uicorner CornerRadius={new UDim(0.5, 0)} />
      </frame>
      <textlabel
        Name="Words"
        BackgroundTransparency={1}
        Position={UDim2.fromOffset(left, 0)}
        Size={new UDim2(1, -left, 0, SIZE.row)}
        AutomaticSize={Enum.AutomaticSize.Y}
        Text={text}
        TextColor3={() => ink().plain}
        TextSize={SIZE.text}
        Font={BOLD}
        TextWrapped={true}
        TextXAlignment={Enum.TextXAlignment.Left}
      >
        <uipadding PaddingTop={new UDim(0, SIZE.tight)} PaddingBottom={new UDim(0, SIZE.tight)} />
      </textlabel>
    </frame>
  );
}
