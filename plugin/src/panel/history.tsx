import Vide, { Show, source } from "@rbxts/vide";
import type { Operation } from "../bridge/files.js";
import type { SessionState } from "../session.js";
import { ageText } from "./amount.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Inset } from "./inset.js";
import { Label } from "./label.js";
import type { Past } from "./past.js";
import { type RowInk, Rows } from "./rows.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface HistoryProps {
  readonly ui: Ui;
  readonly order: number;
  readonly state: () => SessionState;
  /** Moves once a second. */
  readonly now: () => number;
  readonly past: Past;
  /** Runs what the user asked for. */
  readonly run: (task: () => Promise<void>) => void;
}

const KINDS = {
  write: "Write",
  remove: "Remove",
  move: "Move",
  folder: "New folder",
  apply: "Edits",
  undo: "Undo",
} as const satisfies { readonly [kind in Operation["kind"]]: string };

const AGE_WIDTH = 56;

function ageOf({ timeMs }: Operation): string {
  return ageText(math.max(0, DateTime.now().UnixTimestampMillis - timeMs) / 1000);
}

function titleOf({ kind, paths, changed }: Operation): string {
  const others = changed > 1 ? ` and ${changed - 1} more` : "";
  return `${KINDS[kind]} ${paths[0] ?? ""}${others}`;
}

/** What was done on the left, how long ago on the right. */
function historyRow(row: () => Operation, ink: RowInk, now: () => number): Vide.Node {
  return [
    <textlabel
      Name="Title"
      BackgroundTransparency={1}
      Position={UDim2.fromOffset(SIZE.inset, 0)}
      Size={new UDim2(1, -2 * SIZE.inset - AGE_WIDTH, 1, 0)}
      Text={() => titleOf(row())}
      TextColor3={() => (row().canUndo ? ink().plain : ink().dim)}
      TextSize={SIZE.text}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Left}
    />,
    <textlabel
      Name="Age"
      BackgroundTransparency={1}
      AnchorPoint={new Vector2(1, 0)}
      Position={new UDim2(1, -SIZE.inset, 0, 0)}
      Size={new UDim2(0, AGE_WIDTH, 1, 0)}
      Text={() => {
        now();
        return ageOf(row());
      }}
      TextColor3={() => ink().dim}
      TextSize={SIZE.small}
      Font={FONT}
      TextXAlignment={Enum.TextXAlignment.Right}
    />,
  ];
}

/** The operation that was chosen: all there is to say of it, and the way back. */
function Chosen({ ui, past, run, operation }: HistoryProps & { readonly operation: () => Operation | undefined }) {
  const paths = () => {
    const { root, paths, changed } = operation() ?? { root: "", paths: [], changed: 0 };
    const lines = paths.map((path) => `${root}/${path}`);
    if (changed > paths.size()) lines.push(`and ${changed - paths.size()} more`);
    return lines.join("\n");
  };
  return (
    <Column name="Chosen" order={2}>
      <Label
        ui={ui}
        order={1}
        text={() => {
          const chosen = operation();
          return chosen === undefined ? "" : `${KINDS[chosen.kind]} by ${chosen.by}`;
        }}
      />
      <Label ui={ui} order={2} tone="dim" text={paths} />
      <Label
        ui={ui}
        order={3}
        tone="warning"
        text={() =>
          operation()?.canUndo === false
            ? "This cannot be undone: it is undone already, or its content is no longer kept."
            : ""
        }
      />
      <Show when={() => operation()?.canUndo === true}>
        {() => (
          <Button
            ui={ui}
            order={4}
            rank="primary"
            text="Undo"
            isEnabled={() => !past.isBusy()}
            onClick={() => {
              const chosen = operation();
              if (chosen !== undefined) run(() => past.undo(chosen));
            }}
          />
        )}
      </Show>
    </Column>
  );
}

/** What was done to the files below the roots, by whom, and the way back from it. */
export function History(props: HistoryProps) {
  const { ui, order, state, now, past, run } = props;
  const chosenId = source("");
  const chosen = Vide.derive(() => past.operations().find(({ undo }) => undo === chosenId()));
  const isOnline = Vide.derive(() => state().stage === "online");
  Vide.effect(() => {
    past.changes();
    if (isOnline()) Vide.untrack(() => run(() => past.refresh()));
  });
  return (
    <Column name="History" order={order} gap={0}>
      <Inset order={1}>
        <Label
          ui={ui}
          order={1}
          tone="dim"
          text={() => {
            if (!isOnline()) return "The history shows here once this Studio is connected.";
            if (past.operations().isEmpty()) return past.isBusy() ? "Asking…" : "Nothing was done to these files yet.";
            return chosen() === undefined ? "Choose what is to be undone." : "";
          }}
        />
        <Show when={() => chosen() !== undefined}>{() => <Chosen {...props} operation={chosen} />}</Show>
        <Label ui={ui} order={3} tone="warning" text={past.note} />
      </Inset>
      <Rows
        ui={ui}
        name="HistoryRows"
        order={2}
        rows={past.operations}
        keyOf={({ undo }: Operation) => undo}
        nameOf={titleOf}
        isSelected={({ undo }: Operation) => undo === chosenId()}
        onActivate={({ undo }) => chosenId(undo)}
      >
        {(row, ink) => historyRow(row, ink, now)}
      </Rows>
      <Inset order={3}>
        <Bar order={1}>
          <Button ui={ui} order={1} text="Refresh" isEnabled={isOnline} onClick={() => run(() => past.refresh())} />
          <Show when={past.hasMore}>
            {() => <Button ui={ui} order={2} text="Show older" onClick={() => run(() => past.more())} />}
          </Show>
        </Bar>
      </Inset>
    </Column>
  );
}
