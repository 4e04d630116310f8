import Vide from "@rbxts/vide";
import { BOLD, FONT, SIZE, type Theme } from "./theme.js";

interface LabelProps {
  readonly theme: Theme;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  readonly tone?: "plain" | "dim" | "warning" | "title";
}

/** Text that breaks into as many lines as it needs; an empty one takes no room. */
export function Label({ theme, order, text, tone = "plain" }: LabelProps) {
  const colours = { plain: theme.text, dim: theme.dim, warning: theme.warning, title: theme.text };
  return (
    <textlabel
      Name="Label"
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
      Visible={() => Vide.read(text) !== ""}
      Text={text}
      TextColor3={colours[tone]}
      TextSize={tone === "title" ? SIZE.title : SIZE.text}
      Font={tone === "title" ? BOLD : FONT}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
    />
  );
}
