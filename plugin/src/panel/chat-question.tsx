import Vide, { source } from "@rbxts/vide";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface QuestionProps {
  readonly ui: Ui;
  readonly order: number;
  readonly draft: (text?: string) => string;
  readonly onAsk: () => void;
}

const LINES = 3;

/** Where a text has one more line end than before, and is the same otherwise; undefined where it is not so. */
function enteredAt(before: string, after: string): number | undefined {
  if (after.size() !== before.size() + 1) return undefined;
  let at = 1;
  while (at <= before.size() && before.byte(at)[0] === after.byte(at)[0]) at += 1;
  return after.sub(at, at) === "\n" && after.sub(at + 1) === before.sub(at) ? at : undefined;
}

/** The box for a question of any length. Enter asks; with Shift it begins a new line. */
export function Question({ ui, order, draft, onAsk }: QuestionProps) {
  const focused = source(false);
  const colours = () => ui.theme.palette().input;
  const stop = ui.keyboard.add({ activate: () => box.CaptureFocus(), box: () => box });

  function hear(text: string): void {
    const before = draft();
    if (text === before) return;
    const at = enteredAt(before, text);
    if (at === undefined || !focused() || ui.keyboard.isShifted()) {
      draft(text);
      return;
    }
    box.Text = before;
    box.CursorPosition = at;
    onAsk();
  }

  const box = (
    <textbox
      Name="Question"
      LayoutOrder={order}
      BackgroundColor3={() => colours().fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, LINES * SIZE.text + 2 * SIZE.gap)}
      AutomaticSize={Enum.AutomaticSize.Y}
      ClearTextOnFocus={false}
      MultiLine={true}
      Text={() => draft()}
      TextChanged={hear}
      PlaceholderText="Ask something. Enter asks, Shift+Enter begins a new line."
      PlaceholderColor3={() => colours().dim}
      TextColor3={() => colours().text}
      TextSize={SIZE.text}
      Font={FONT}
      TextWrapped={true}
      TextXAlignment={Enum.TextXAlignment.Left}
      TextYAlignment={Enum.TextYAlignment.Top}
      Focused={() => {
        focused(true);
        stop.touch();
      }}
      FocusLost={() => focused(false)}
      action={stop.bind}
    >
      <uipadding
        PaddingLeft={new UDim(0, SIZE.gap)}
        PaddingRight={new UDim(0, SIZE.gap)}
        PaddingTop={new UDim(0, SIZE.gap)}
        PaddingBottom={new UDim(0, SIZE.gap)}
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
