import Vide from "@rbxts/vide";
import type { Tone } from "./palette.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface LabelProps {
  readonly ui: Ui;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  readonly tone?: Tone;
  /** What it stands on. */
  readonly on?: "panel" | "raised";
  readonly size?: number;
  /** Pixels to the left of it. */
  readonly indent?: number;
}

/** Text that breaks into as many lines as it needs; an empty one takes no room. */
export function Label({ ui, order, text, tone = "plain", on = "panel", size = SIZE.text, indent = 0 }: LabelProps) {
  return (
    <textlabel
      Name="Label"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
      Visible={() => Vide.read(text) !== ""}
      Text={text}
      TextColor3={() => ui.theme.palette()[on][tone]}
      TextSize={size}
      Font={FONT}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
    >
      <uipadding PaddingLeft={new UDim(0, indent)} />
    </textlabel>
  );
}
