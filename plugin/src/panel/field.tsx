import Vide, { source } from "@rbxts/vide";
import { MONO, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface FieldProps {
  readonly ui: Ui;
  readonly name: string;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  /** What the user has typed, as the box is left: by Enter or otherwise. A field without it can only be read and copied. */
  readonly onLeave?: (text: string, isEntered: boolean) => void;
  readonly placeholder?: string;
  readonly action?: (box: TextBox) => void;
}

/** Text to be entered, or to be selected and copied: plugins cannot reach the clipboard. */
export function Field({ ui, name, order, text, onLeave, placeholder = "", action }: FieldProps) {
  const focused = source(false);
  const colours = () => ui.theme.palette().input;
  const stop = ui.keyboard.add({ activate: () => box.CaptureFocus(), box: () => box });
  const box = (
    <textbox
      Name={name}
      LayoutOrder={order}
      BackgroundColor3={() => colours().fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, SIZE.control)}
      AutomaticSize={Enum.AutomaticSize.Y}
      ClearTextOnFocus={false}
      TextEditable={onLeave !== undefined}
      Text={text}
      PlaceholderText={placeholder}
      PlaceholderColor3={() => colours().dim}
      TextColor3={() => colours().text}
      TextSize={SIZE.small}
      Font={MONO}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
      Focused={() => {
        focused(true);
        stop.touch();
      }}
      FocusLost={(isEntered) => {
        focused(false);
        // A Tab that leaves the box, or a line end that was pasted, is no part of what was meant.
        onLeave?.(box.Text.gsub("[\t\r\n]+", "")[0], isEntered);
      }}
      action={(made) => {
        stop.bind(made);
        action?.(made);
      }}
    >
      <uipadding
        PaddingLeft={new UDim(0, SIZE.gap)}
        PaddingRight={new UDim(0, SIZE.gap)}
        PaddingTop={new UDim(0, SIZE.tight)}
        PaddingBottom={new UDim(0, SIZE.tight)}
      />
      <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
      <uistroke
        ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
        Color={() => (focused() ? ui.theme.palette().ring : colours().border)}
        Thickness={() => (focused() ? 2 : 1)}
      />
    </textbox>
  ) as TextBox;
  return box;
}
