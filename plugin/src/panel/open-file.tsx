import Vide, { Show } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Label } from "./label.js";
import { FONT, SIZE, type Theme } from "./theme.js";

interface OpenFileProps {
  readonly theme: Theme;
  readonly order: () => number;
  readonly document: Document;
  readonly view: () => DocumentView;
  readonly onShut: () => void;
  /** Runs what the user asked for. */
  readonly run: (task: () => Promise<void>) => void;
}

const STATES = {
  clean: "Same as on disk",
  edited: "Edited here",
  changed: "Changed on disk",
  conflict: "Conflict: edited here and changed on disk",
  saving: "Working…",
  removed: "Removed on disk",
} as const;

type State = DocumentView["state"];

/** Which buttons make sense in which state. */
const ACTIONS: readonly (readonly [
  text: string,
  states: readonly State[],
  act: (document: Document) => Promise<void>,
])[] = [
  ["Save", ["edited", "removed", "conflict"], (document) => document.save()],
  ["Reload", ["changed"], (document) => document.reload()],
  ["See both", ["conflict", "changed"], (document) => document.seeBoth()],
  ["Keep mine", ["conflict"], (document) => document.keepMine()],
  ["Take disk's", ["conflict"], (document) => document.takeDisk()],
];

export function OpenFile({ theme, order, document, view, onShut, run }: OpenFileProps) {
  const state = Vide.derive(() => view().state);
  return (
    <frame
      Name={document.path}
      LayoutOrder={order}
      BackgroundColor3={theme.raised}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <Column name="Content" order={1}>
        <textbutton
          Name="Path"
          LayoutOrder={1}
          BackgroundTransparency={1}
          Size={new UDim2(1, 0, 0, SIZE.row)}
          Text={`${document.root}/${document.path}`}
          TextColor3={theme.text}
          TextSize={SIZE.text}
          Font={FONT}
          TextTruncate={Enum.TextTruncate.AtEnd}
          TextXAlignment={Enum.TextXAlignment.Left}
          Activated={() => run(() => document.show())}
        />
        <Label theme={theme} order={2} tone="dim" text={() => STATES[state()]} />
        <Label theme={theme} order={3} tone="warning" text={() => view().note ?? ""} />
        <Bar order={4}>
          {ACTIONS.map(([text, states, act], index) => (
            <Show when={() => states.includes(state())}>
              {() => <Button theme={theme} order={index} text={text} onClick={() => run(() => act(document))} />}
            </Show>
          ))}
          <Show when={() => state() === "clean" || state() === "changed"}>
            {() => <Button theme={theme} order={10} text="Close" onClick={onShut} />}
          </Show>
        </Bar>
      </Column>
    </frame>
  );
}
