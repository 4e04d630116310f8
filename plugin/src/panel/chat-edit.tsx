import Vide, { For, Show, source } from "@rbxts/vide";
import type { ToolUse } from "../chat/turn.js";
import { differences, type Hunk, linesIn } from "../line-diff.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { hunkLines } from "./hunk-lines.js";
import { Label } from "./label.js";
import type { Tone } from "./palette.js";
import { MONO, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface EditProps {
  readonly ui: Ui;
  readonly order: number;
  readonly tool: ToolUse;
  readonly edit: NonNullable<ToolUse["edit"]>;
}

/** Hunks, and lines of each side of a hunk, that are shown before the user asks for all. */
const FEW_HUNKS = 4;
const FEW_LINES = 12;

/** An edit that a model proposes: where it differs from what is there, and the choice. */
export function Edit({ ui, order, tool, edit }: EditProps) {
  const [before, after] = [linesIn(edit.before), linesIn(edit.after)];
  const hunks = source<readonly Hunk[]>([]);
  const isAll = source(false);
  Vide.cleanup(task.spawn(() => hunks(differences(before, after, () => task.wait()))));
  const fits = ({ mine, theirs }: Hunk) => math.max(mine.to - mine.from, theirs.to - theirs.from) <= FEW_LINES;
  const isFew = () => hunks().size() <= FEW_HUNKS && hunks().every(fits);

  function Side(
    place: number,
    mark: string,
    tone: Tone,
    lines: readonly string[],
    from: number,
    to: number,
  ): Vide.Node {
    if (from === to) return undefined;
    const marked = () =>
      hunkLines(lines, from, to, isAll() ? math.huge : FEW_LINES)
        .split("\n")
        .map((line) => `${mark} ${line}`)
        .join("\n");
    return (
      <textlabel
        Name={tone}
        LayoutOrder={place}
        BackgroundColor3={() => ui.theme.palette().raised.fill}
        BorderSizePixel={0}
        Size={new UDim2(1, 0, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
        Text={marked}
        TextColor3={() => ui.theme.palette().raised[tone]}
        TextSize={SIZE.small}
        Font={MONO}
        TextWrapped={true}
        TextXAlignment={Enum.TextXAlignment.Left}
      >
        <uipadding PaddingLeft={new UDim(0, SIZE.tight)} PaddingRight={new UDim(0, SIZE.tight)} />
      </textlabel>
    );
  }

  return [
    <For each={() => hunks().filter((_, place) => isAll() || place < FEW_HUNKS)}>
      {(hunk: Hunk, place: () => number) => (
        <frame
          Name={`Hunk ${hunk.mine.from + 1}`}
          LayoutOrder={() => order + place()}
          BackgroundTransparency={1}
          Size={new UDim2(1, 0, 0, 0)}
          AutomaticSize={Enum.AutomaticSize.Y}
        >
          <uilistlayout SortOrder={Enum.SortOrder.LayoutOrder} />
          <Label ui={ui} order={1} tone="dim" size={SIZE.small} text={`Line ${hunk.mine.from + 1}`} />
          {Side(2, "-", "error", before, hunk.mine.from, hunk.mine.to)}
          {Side(3, "+", "good", after, hunk.theirs.from, hunk.theirs.to)}
        </frame>
      )}
    </For>,
    <Bar order={order + 100_000}>
      <Show when={() => tool.state() === "proposed"}>
        {() => [
          <Button ui={ui} order={1} rank="primary" text="Accept" onClick={() => tool.accept?.()} />,
          <Button ui={ui} order={2} text="Refuse" onClick={() => tool.refuse?.()} />,
        ]}
      </Show>
      <Show when={() => !isFew()}>
        {() => (
          <Button
            ui={ui}
            order={3}
            text={() => (isAll() ? "Show less" : "Show all of it")}
            onClick={() => isAll(!isAll())}
          />
        )}
      </Show>
    </Bar>,
  ];
}
