import Vide from "@rbxts/vide";
import type { Hunk } from "../line-diff.js";
import { Button } from "./button.js";
import { Column } from "./column.js";
import type { Compared } from "./compared.js";
import { hunkLines } from "./hunk-lines.js";
import { Label } from "./label.js";
import { MONO, SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface HunkProps {
  readonly ui: Ui;
  readonly order: () => number;
  readonly hunk: Hunk;
  readonly mine: Compared["mine"];
  readonly theirs: Compared["theirs"];
  readonly isTheirs: () => boolean;
  readonly onChoose: (isTheirs: boolean) => void;
}

/** Alike lines that are shown above a hunk, to say where it is. */
const CONTEXT = 2;
/** Lines of one side that are shown; more would not be read here, and a text object has an end. */
const MOST_LINES = 60;

/** One place where the versions differ: both side by side, each under the button that chooses it. */
export function HunkView({ ui, order, hunk, mine, theirs, isTheirs, onChoose }: HunkProps) {
  const { palette } = ui.theme;

  function Side(name: string, place: number, text: string, isChosen: () => boolean, choose: () => void): Vide.Node {
    return (
      <frame
        Name={name}
        LayoutOrder={place}
        BackgroundTransparency={1}
        Size={new UDim2(0.5, -SIZE.gap / 2, 0, 0)}
        AutomaticSize={Enum.AutomaticSize.Y}
      >
        <uilistlayout Padding={new UDim(0, SIZE.tight)} SortOrder={Enum.SortOrder.LayoutOrder} />
        <Button
          ui={ui}
          order={1}
          text={() => (isChosen() ? `✓ ${name}` : name)}
          rank={() => (isChosen() ? "primary" : "secondary")}
          onClick={choose}
        />
        <textlabel
          Name="Lines"
          LayoutOrder={2}
          BackgroundColor3={() => palette().raised.fill}
          BorderSizePixel={0}
          Size={new UDim2(1, 0, 0, 0)}
          AutomaticSize={Enum.AutomaticSize.Y}
          Text={text === "" ? "(nothing)" : text}
          TextColor3={() => (text === "" ? palette().raised.dim : palette().raised.plain)}
          TextSize={SIZE.small}
          Font={MONO}
          TextWrapped={true}
          TextXAlignment={Enum.TextXAlignment.Left}
        >
          <uipadding
            PaddingLeft={new UDim(0, SIZE.tight)}
            PaddingRight={new UDim(0, SIZE.tight)}
            PaddingTop={new UDim(0, SIZE.tight)}
            PaddingBottom={new UDim(0, SIZE.tight)}
          />
          <uistroke
            ApplyStrokeMode={Enum.ApplyStrokeMode.Border}
            Color={() => (isChosen() ? palette().ring : palette().line)}
          />
        </textlabel>
      </frame>
    );
  }

  const before = hunkLines(mine.lines, math.max(0, hunk.mine.from - CONTEXT), hunk.mine.from, CONTEXT);
  return (
    <frame
      Name={`Hunk ${hunk.mine.from + 1}`}
      LayoutOrder={order}
      BackgroundTransparency={1}
      Size={new UDim2(1, 0, 0, 0)}
      AutomaticSize={Enum.AutomaticSize.Y}
    >
      <Column name="Content" order={1} gap={SIZE.tight}>
        <Label ui={ui} order={1} size={SIZE.small} text={`Line ${hunk.mine.from + 1}`} />
        <Label ui={ui} order={2} tone="dim" size={SIZE.small} text={before} />
        <frame
          Name="Sides"
          LayoutOrder={3}
          BackgroundTransparency={1}
          Size={new UDim2(1, 0, 0, 0)}
          AutomaticSize={Enum.AutomaticSize.Y}
        >
          <uilistlayout
            FillDirection={Enum.FillDirection.Horizontal}
            Padding={new UDim(0, SIZE.gap)}
            SortOrder={Enum.SortOrder.LayoutOrder}
          />
          {Side(
            mine.name,
            1,
            hunkLines(mine.lines, hunk.mine.from, hunk.mine.to, MOST_LINES),
            () => !isTheirs(),
            () => onChoose(false),
          )}
          {Side(theirs.name, 2, hunkLines(theirs.lines, hunk.theirs.from, hunk.theirs.to, MOST_LINES), isTheirs, () =>
            onChoose(true),
          )}
        </frame>
      </Column>
    </frame>
  );
}
