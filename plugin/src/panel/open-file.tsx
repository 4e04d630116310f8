import Vide, { Show, source } from "@rbxts/vide";
import type { Document, DocumentView } from "../document.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Label } from "./label.js";
import type { Tone } from "./palette.js";
import { reveal } from "./reveal.js";
import { Status } from "./status.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";
import { WideButton } from "./wide-button.js";

interface OpenFileProps {
  readonly ui: Ui;
  readonly order: () => number;
  readonly document: Document;
  readonly isLatest: () => boolean;
  readonly view: () => DocumentView;
  readonly onShut: () => void;
  readonly onSeeBoth: () => Promise<void>;
  /** Runs what the user asked for. */
  readonly run: (task: () => Promise<void>) => void;
}

type State = DocumentView["state"];

const STATES: { readonly [state in State]: readonly [words: string, tone: Tone] } = {
  clean: ["Same as on disk", "good"],
  edited: ["Edited here", "info"],
  changed: ["Changed on disk", "warning"],
  conflict: ["Conflict: edited here and changed on disk", "error"],
  saving: ["Working…", "dim"],
  removed: ["Removed on disk", "warning"],
  unknown: ["Not compared with the disk", "dim"],
  stranger: ["Comes with the place: not opened on this machine", "warning"],
  elsewhere: ["Belongs to another folder of this name", "warning"],
  duplicate: ["Another script holds this file, too", "warning"],
};

/** Which buttons make sense in which state; in the first of its states a button is what is wanted most. */
const ACTIONS: readonly (readonly [
  text: string,
  wanted: readonly State[],
  offered: readonly State[],
  act: (document: Document, seeBoth: () => Promise<void>) => Promise<void>,
])[] = [
  ["See both", ["conflict", "stranger"], ["changed"], (_document, seeBoth) => seeBoth()],
  ["Save", ["edited", "removed"], ["conflict"], (document) => document.save()],
  ["Reload", ["changed"], [], (document) => document.reload()],
  ["Keep mine", [], ["conflict"], (document) => document.keepMine()],
  ["Take disk's", [], ["conflict"], (document) => document.takeDisk()],
  ["Compare again", ["unknown"], [], (document) => document.check()],
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

/** Scrolls to it, once it has been laid out and the pane around it has the height that follows from that. */
function revealSoon(card: Frame): void {
  task.spawn(() => {
    task.wait();
    task.wait();
    if (card.IsDescendantOf(game)) reveal(card);
  });
}

export function OpenFile({ ui, order, document, isLatest, view, onShut, onSeeBoth, run }: OpenFileProps) {
  const { palette } = ui.theme;
  const state = Vide.derive(() => view().state);
  // While it works, the buttons stay where they were, and what is below does not move.
  const settled = source(state());
  Vide.effect(() => {
    if (state() !== "saving") settled(state());
  });
  const isEnabled = () => state() !== "saving";
  const closer = createCloser(settled, onShut);
  return (
    <frame
      Name={document.path}
      LayoutOrder={order}
      BackgroundColor3={() => palette().raised.fill}
      BorderSizePixel={0}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
      action={(card) =>
        Vide.effect(() => {
          if (isLatest()) revealSoon(card);
        })
      }
    >
      <uicorner CornerRadius={new UDim(0, SIZE.corner)} />
      <uistroke Color={() => (settled() === "conflict" ? palette().panel.error : palette().line)} />
      <uipadding
        PaddingLeft={new UDim(0, SIZE.gap)}
        PaddingRight={new UDim(0, SIZE.gap)}
        PaddingTop={new UDim(0, SIZE.tight)}
        PaddingBottom={new UDim(0, SIZE.gap)}
      />
      <Column name="Content" order={1} gap={SIZE.tight}>
        <WideButton
          ui={ui}
          name="Path"
          order={1}
          text={`${document.root}/${document.path}`}
          onClick={() => run(() => document.show())}
        />
        <Status ui={ui} order={2} on="raised" text={() => STATES[state()][0]} tone={() => STATES[state()][1]} />
        <Label ui={ui} order={3} on="raised" tone="warning" text={() => view().note ?? ""} />
        <Bar order={4}>
          {ACTIONS.map(([text, wanted, offered, act], index) => (
            <Show when={() => wanted.includes(settled()) || offered.includes(settled())}>
              {() => (
                <Button
                  ui={ui}
                  order={index}
                  text={text}
                  rank={() => (wanted.includes(settled()) ? "primary" : "secondary")}
                  isEnabled={isEnabled}
                  onClick={() => run(() => act(document, onSeeBoth))}
                />
              )}
            </Show>
          ))}
          <Button ui={ui} order={10} text={closer.text} isEnabled={isEnabled} onClick={closer.click} />
        </Bar>
      </Column>
    </frame>
  );
}
