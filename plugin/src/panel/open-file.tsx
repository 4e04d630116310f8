import Vide, { Show, source } from "@rbxts/vide";
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
  unknown: "Not compared with the disk",
  stranger: "Comes with the place: not opened on this machine",
  elsewhere: "Belongs to another folder of this name",
  duplicate: "Another script holds this file, too",
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
  ["See both", ["conflict", "changed", "stranger"], (document) => document.seeBoth()],
  ["Keep mine", ["conflict"], (document) => document.keepMine()],
  ["Take disk's", ["conflict"], (document) => document.takeDisk()],
  ["Compare again", ["unknown"], (document) => document.check()],
];

/** In these the disk has the text, or has had it: closing loses nothing. */
const SAFE: readonly State[] = ["clean", "changed"];

/** The button that takes the script away. Where its text is nowhere else, a second click has to confirm. */
function createCloser(state: () => State, onShut: () => void) {
  const asked = source<State | undefined>(undefined);
  // Asked in one state is not asked in the next.
  const confirms = () => asked() === state();
  return {
    text: () => (confirms() ? "Close and lose edits" : "Close"),
    click: () => {
      if (SAFE.includes(state()) || confirms()) onShut();
      else asked(state());
    },
  };
}

export function OpenFile({ theme, order, document, view, onShut, run }: OpenFileProps) {
  const state = Vide.derive(() => view().state);
  const closer = createCloser(state, onShut);
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
          <Show when={() => state() !== "saving"}>
            {() => <Button theme={theme} order={10} text={closer.text} onClick={closer.click} />}
          </Show>
        </Bar>
      </Column>
    </frame>
  );
}
