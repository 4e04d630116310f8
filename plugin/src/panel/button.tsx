import Vide, { source } from "@rbxts/vide";
import { pointed } from "./pointed.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface ButtonProps {
  readonly ui: Ui;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  /** How much it asks to be pressed. A quiet one stands on a raised surface. */
  readonly rank?: Vide.Derivable<"primary" | "secondary" | "quiet">;
  readonly isEnabled?: () => boolean;
  readonly onClick: () => void;
}

export function Button({ ui, order, text, rank = "secondary", isEnabled, onClick }: ButtonProps) {
  const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
  const colours = () => ui.theme.palette()[Vide.read(rank)];
  const shade = () => (isEnabled?.() === false ? colours().off : pointed(pointer(), colours()));
  const side = () => new UDim(0, Vide.read(rank) === "quiet" ? SIZE.gap : SIZE.inset);
  const stop = ui.keyboard.add({ activate: onClick, isEnabled });
  return (
    <textbutton
      Name="Button"
      LayoutOrder={order}
      AutoButtonColor={false}
      Interactable={() => isEnabled?.() !== false}
      BackgroundColor3={() => shade().fill}
      BorderSizePixel={0}
      Size={() => UDim2.fromOffset(0, Vide.read(rank) === "quiet" ? SIZE.row : SIZE.control)}
      AutomaticSize={Enum.AutomaticSize.X}
      Text={text}
      TextColor3={() => shade().text}
      TextSize={SIZE.text}
      Font={FONT}
      GuiStateChanged={pointer}
      Activated={() => {
        stop.touch();
        onClick();
      }}
      action={stop.bind}
    >
      <uipadding PaddingLeft={side} PaddingRight={side} />
      <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
      <uistroke
        ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
        Color={() => (stop.isOn() ? colours().ring : shade().border)}
        Thickness={() => (stop.isOn() ? 2 : 1)}
      />
    </textbutton>
  );
}
