import Vide from "@rbxts/vide";
import { MONO, SIZE, type Theme } from "./theme.js";

interface FieldProps {
  readonly theme: Theme;
  readonly name: string;
  readonly order: number;
  readonly text: Vide.Derivable<string>;
  /** What the user has entered. A field without it can only be read and copied. */
  readonly onEnter?: (text: string) => void;
  readonly action?: (box: TextBox) => void;
}

/** Text to be entered, or to be selected and copied: plugins cannot reach the clipboard. */
export function Field({ theme, name, order, text, onEnter, action }: FieldProps) {
  const box = (
    <textbox
      Name={name}
      LayoutOrder={order}
      BackgroundColor3={theme.input}
      BorderColor3={theme.border}
      Size={new UDim2(1, 0, 0, SIZE.row)}
      AutomaticSize={Enum.AutomaticSize.Y}
      ClearTextOnFocus={false}
      TextEditable={onEnter !== undefined}
      Text={text}
      TextColor3={theme.text}
      TextSize={SIZE.text}
      Font={MONO}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
      FocusLost={() => onEnter?.(box.Text)}
      action={action}
    />
  ) as TextBox;
  return box;
}
