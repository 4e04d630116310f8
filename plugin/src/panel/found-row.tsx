import Vide from "@rbxts/vide";
import type { FoundRow, Match } from "./finder.js";
import type { RowInk } from "./rows.js";
import { FONT, SIZE } from "./theme.js";

const COUNT_WIDTH = 48;

function escaped(text: string): string {
  return text.gsub("&", "&amp;")[0].gsub("<", "&lt;")[0].gsub(">", "&gt;")[0];
}

/** The line of a match, as rich text with what was found in bold; without what it is indented by. */
function lineOf({ text, column, bytes, textColumn = 1 }: Match): string {
  const from = column - textColumn + 1;
  const [before] = text.sub(1, from - 1).gsub("^%s+", "");
  const found = text.sub(from, from + bytes - 1);
  const parts = [escaped(before), found === "" ? "" : `<b>${escaped(found)}</b>`, escaped(text.sub(from + bytes))];
  // A cut in the midst of a character: such a text has no letters to show.
  return parts.map((part) => (utf8.len(part)[0] === undefined ? "…" : part)).join("");
}

/** What stands in one row of what was found: a file and how often, or a line with its number. */
export function foundRow(row: () => FoundRow, ink: RowInk): Vide.Node {
  const isFile = Vide.derive(() => row().match === undefined);
  const left = () => (isFile() ? SIZE.gap : SIZE.gap + SIZE.row);
  const mark = () => {
    const { match, isFolded } = row();
    if (match !== undefined) return `${match.line}`;
    return isFolded ? "▸" : "▾";
  };
  const words = () => {
    const { match, group } = row();
    return match === undefined ? escaped(`${group.root}/${group.path}`) : lineOf(match);
  };
  const markWidth = () => (isFile() ? SIZE.row - SIZE.gap : COUNT_WIDTH - SIZE.gap);
  const wordsLeft = () => left() + (isFile() ? SIZE.row - SIZE.tight : COUNT_WIDTH);
  return [
    <textlabel
      Name="Mark"
      BackgroundTransparency={1}
      Position={() => UDim2.fromOffset(isFile() ? left() : SIZE.gap, 0)}
      Size={() => new UDim2(0, markWidth(), 1, 0)}
      Text={mark}
      TextColor3={() => ink().dim}
      TextSize={SIZE.small}
      Font={FONT}
      TextXAlignment={() => (isFile() ? Enum.TextXAlignment.Center : Enum.TextXAlignment.Right)}
    />,
    <textlabel
      Name="Words"
      BackgroundTransparency={1}
      Position={() => UDim2.fromOffset(isFile() ? wordsLeft() : SIZE.gap + COUNT_WIDTH, 0)}
      Size={() =>
        new UDim2(1, isFile() ? -wordsLeft() - COUNT_WIDTH - SIZE.inset : -COUNT_WIDTH - SIZE.gap - SIZE.inset, 1, 0)
      }
      RichText={true}
      Text={words}
      TextColor3={() => ink().plain}
      TextSize={SIZE.text}
      Font={FONT}
      TextTruncate={Enum.TextTruncate.AtEnd}
      TextXAlignment={Enum.TextXAlignment.Left}
    />,
    <textlabel
      Name="Count"
      BackgroundTransparency={1}
      AnchorPoint={new Vector2(1, 0)}
      Position={new UDim2(1, -SIZE.inset, 0, 0)}
      Size={new UDim2(0, COUNT_WIDTH, 1, 0)}
      Text={() => {
        const { match, count } = row();
        return match !== undefined || count === 0 ? "" : `${count}`;
      }}
      TextColor3={() => ink().dim}
      TextSize={SIZE.small}
      Font={FONT}
      TextXAlignment={Enum.TextXAlignment.Right}
    />,
  ];
}
