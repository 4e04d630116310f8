import Vide, { source } from "@rbxts/vide";
import { pointed } from "./pointed.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface WideButtonProps {
  readonly ui: Ui;
  readonly name: string;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  /** Pixels beside the text. */
  readonly side?: number;
  readonly onClick: () => void;
}

/** A button as wide as there is room, with its text on as many lines as it takes. It stands on a raised surface. */
export function WideButton({ ui, name, order, text, side = 0, onClick }: WideButtonProps) {
  const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
  const stop = ui.keyboard.add({ activate: onClick });
  const quiet = () => ui.theme.palette().quiet;
  const shade = () => pointed(pointer(), quiet());
  return (
    <textbutton
      Name={name}
      LayoutOrder={order}
      AutoButtonColor={false}
      BackgroundColor3={() => shade().fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, SIZE.row)}
      AutomaticSize={Enum.AutomaticSize.Y}
      Text={text}
      TextColor3={() => shade().text}
      TextSize={SIZE.text}
      Font={FONT}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
      GuiStateChanged={pointer}
      Activated={() => {
        stop.touch();
        onClick();
      }}
      action={stop.bind}
    >
      <uipadding
        PaddingLeft={new UDim(0, side)}
        PaddingRight={new UDim(0, side)}
        PaddingTop={new UDim(0, SIZE.tight)}
        PaddingBottom={new UDim(0, SIZE.tight)}
      />
      <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
      <uistroke
        ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
        Color={() => quiet().ring}
        Enabled={stop.isOn}
        Thickness={2}
      />
    </textbutton>
  );
}
