import Vide from "@rbxts/vide";
import { FONT, SIZE, type Theme } from "./theme.js";

interface ButtonProps {
  readonly theme: Theme;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  readonly onClick: () => void;
}

export function Button({ theme, order, text, onClick }: ButtonProps) {
  return (
    <textbutton
      Name="Button"
      LayoutOrder={order}
      AutoButtonColor={true}
      BackgroundColor3={theme.button}
      BorderColor3={theme.border}
      Size={UDim2.fromOffset(0, SIZE.row)}
      AutomaticSize={Enum.AutomaticSize.X}
      Text={text}
      TextColor3={theme.buttonText}
      TextSize={SIZE.text}
      Font={FONT}
      Activated={onClick}
    >
      <uipadding PaddingLeft={new UDim(0, SIZE.inset)} PaddingRight={new UDim(0, SIZE.inset)} />
      <uicorner CornerRadius={new UDim(0, 4)} />
    </textbutton>
  );
}
