import Vide, { Show, source } from "@rbxts/vide";
import type { ModelChoice, Models } from "../chat/turn.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import { Label } from "./label.js";
import { type RowInk, Rows } from "./rows.js";
import { FONT, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";
import { WideButton } from "./wide-button.js";

interface ModelPickerProps {
  readonly ui: Ui;
  readonly order: number;
  readonly models: Models;
}

const PROVIDER_WIDTH = 88;

/** Those that are running answer at once: they come first. */
function runningFirst(all: readonly ModelChoice[]): ModelChoice[] {
  return [...all.filter(({ isRunning }) => isRunning), ...all.filter(({ isRunning }) => !isRunning)];
}

function modelRow(row: () => ModelChoice, ink: RowInk): Vide.Node {
  return [
    <frame
      Name="Dot"
      BackgroundColor3={() => ink().good}
      BackgroundTransparency={() => (row().isRunning ? 0 : 1)}
      BorderSizePixel={0}
      Position={UDim2.fromOffset(SIZE.inset, (SIZE.row - SIZE.dot) / 2)}
      Size={UDim2.fromOffset(SIZE.dot, SIZE.dot)}
    >
      <uicorner CornerRadius={new UDim(0.5, 0)} />
    </frame>,
    <textlabel
      Name="Model"
      BackgroundTransparency={1}
      Position={UDim2.fromOffset(SIZE.inset + SIZE.dot + SIZE.gap, 0)}
      Size={new UDim2(1, -2 * SIZE.inset - SIZE.dot - SIZE.gap - PROVIDER_WIDTH, 1, 0)}
      Text={() => row().name}
      TextColor3={() => ink().plain}
      TextSize={SIZE.text}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Left}
    />,
    <textlabel
      Name="Provider"
      BackgroundTransparency={1}
      AnchorPoint={new Vector2(1, 0)}
      Position={new UDim2(1, -SIZE.inset, 0, 0)}
      Size={new UDim2(0, PROVIDER_WIDTH, 1, 0)}
      Text={() => row().provider}
      TextColor3={() => ink().dim}
      TextSize={SIZE.small}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Right}
    />,
  ];
}

/** The model that answers, and the choice of another: those that are running first, each with its provider. */
export function ModelPicker({ ui, order, models }: ModelPickerProps) {
  const isOpen = source(false);
  const rows = Vide.derive(() => runningFirst(models.all()));
  const current = () => models.all().find(({ id }) => id === models.chosen());
  const title = () => {
    const chosen = current();
    if (chosen !== undefined) return `${chosen.name}, ${chosen.provider}`;
    if (models.state() === "asking") return "Looking for models…";
    return models.all().isEmpty() ? "No model" : "Choose a model";
  };
  return (
    <Column name="Models" order={order} gap={SIZE.tight}>
      <WideButton
        ui={ui}
        name="Model"
        side={SIZE.gap}
        order={1}
        text={() => `${isOpen() ? "▾" : "▸"} ${title()}`}
        onClick={() => isOpen(!isOpen())}
      />
      <Show when={isOpen}>
        {() => (
          <Column name="Choice" order={2} gap={SIZE.gap}>
            <Rows
              ui={ui}
              name="ModelRows"
              order={1}
              rows={rows}
              keyOf={({ id }: ModelChoice) => id}
              nameOf={({ name }: ModelChoice) => name}
              isSelected={({ id }: ModelChoice) => id === models.chosen()}
              onActivate={({ id }) => {
                models.choose(id);
                isOpen(false);
              }}
            >
              {modelRow}
            </Rows>
            <Label ui={ui} order={2} tone="warning" text={() => models.troubles().join("\n")} />
            <Bar order={3}>
              <Button
                ui={ui}
                order={1}
                text={() => (models.state() === "asking" ? "Looking…" : "Look for models again")}
                isEnabled={() => models.state() !== "asking"}
                onClick={() => models.refresh()}
              />
            </Bar>
          </Column>
        )}
      </Show>
    </Column>
  );
}
