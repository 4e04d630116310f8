import Vide from "@rbxts/vide";
import type { Tone } from "./palette.js";
import { FONT, MONO, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface PassageProps {
  readonly ui: Ui;
  readonly text: () => string;
  /** What it stands on. */
  readonly on: "panel" | "raised";
  readonly tone?: Tone;
  readonly face?: "text" | "code";
  /** Pixels around the letters. */
  readonly side?: number;
  readonly above?: number;
  readonly below?: number;
  readonly order?: number;
  /** The user has clicked into it. */
  readonly onFocus: (box: TextBox) => void;
}

/** Text to be read, and to be selected and copied: plugins cannot reach the clipboard. */
export function Passage(props: PassageProps) {
  const { ui, text, on, tone = "plain", face = "text", side = 0, above = 0, below = 0, order = 0, onFocus } = props;
  const surface = () => ui.theme.palette()[on];
  const isCode = face === "code";
  const box = (
    <textbox
      Name="Passage"
      LayoutOrder={order}
      BackgroundColor3={() => surface().fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
      ClearTextOnFocus={false}
      TextEditable={false}
      MultiLine={true}
      Text={text}
      TextColor3={() => surface()[tone]}
      TextSize={isCode ? SIZE.small : SIZE.text}
      Font={isCode ? MONO : FONT}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
      TextYAlignment={Enum.TextYAlignment.Top}
      Focused={() => onFocus(box)}
    >
      <uipadding
        PaddingLeft={new UDim(0, side)}
        PaddingRight={new UDim(0, side)}
        PaddingTop={new UDim(0, above)}
        PaddingBottom={new UDim(0, below)}
      />
    </textbox>
  ) as TextBox;
  return box;
}
