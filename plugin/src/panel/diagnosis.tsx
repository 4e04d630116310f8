import Vide, { Show } from "@rbxts/vide";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Field } from "./field.js";
import { Label } from "./label.js";
import type { Ui } from "./ui.js";

interface DiagnosisProps {
  readonly ui: Ui;
  readonly order: number;
  readonly text: () => string | undefined;
  readonly onDone: () => void;
}

/** Plugins cannot reach the clipboard: the text stands there selected, and one key copies it. */
function selectAll(box: TextBox): void {
  // Only a box that is on the screen takes the focus.
  task.defer(() => {
    if (box.Parent === undefined) return;
    box.CaptureFocus();
    box.SelectionStart = 1;
    box.CursorPosition = box.Text.size() + 1;
  });
}

export function Diagnosis({ ui, order, text, onDone }: DiagnosisProps) {
  return (
    <Show when={() => text() !== undefined}>
      {() => (
        <Column name="Diagnosis" order={order}>
          <Label ui={ui} order={1} tone="dim" text="Press Ctrl+C (on a Mac ⌘C). It is in the Output window, too." />
          <Field ui={ui} name="DiagnosisText" order={2} text={() => text() ?? ""} action={selectAll} />
          <Button ui={ui} order={3} text="Done" onClick={onDone} />
        </Column>
      )}
    </Show>
  );
}
