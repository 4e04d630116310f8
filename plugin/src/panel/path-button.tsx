import Vide, { source } from "@rbxts/vide";
import { pointed } from "./pointed.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface PathButtonProps {
  readonly ui: Ui;
  readonly order: number;
  readonly text: string;
  readonly onClick: () => void;
}

/** The whole path of a file, on as many lines as it takes; a click on it leads to the script. */
export function PathButton({ ui, order, text, onClick }: PathButtonProps) {
  const pointer = source<Enum.GuiState>(Enum.GuiState.Idle);
  const stop = ui.keyboard.add({ activate: onClick });
  const quiet = () => ui.theme.palette().quiet;
  const shade = () => pointed(pointer(), quiet());
  return (
    <textbutton
      Name="Path"
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
      <uipadding PaddingTop={new UDim(0, SIZE.tight)} PaddingBottom={new UDim(0, SIZE.tight)} />
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
