import Vide from "@rbxts/vide";
import type { CodeActions, Piece, Turn } from "../chat/turn.js";
import { Bar } from "./bar.js";
import { Button } from "./button.js";
import { Card } from "./chat-card.js";
import { Passage } from "./chat-passage.js";
import { Gradual } from "./gradual.js";
import { Label } from "./label.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface CodeProps {
  readonly ui: Ui;
  readonly turn: Turn;
  readonly piece: Piece;
  readonly onFocus: (box: TextBox) => void;
}

/** A piece of code, under the name of its language where the block begins. */
export function Code({ ui, turn, piece, onFocus }: CodeProps) {
  const { language = "", goesOn } = piece;
  const isNamed = language !== "" && goesOn !== true;
  return (
    <Card ui={ui} turn={turn} below={0}>
      {isNamed ? <Label ui={ui} order={1} tone="dim" size={SIZE.small} text={language} /> : undefined}
      <Passage
        ui={ui}
        order={2}
        on="raised"
        face="code"
        text={piece.text}
        side={SIZE.gap}
        above={goesOn === true ? 0 : SIZE.tight}
        below={SIZE.tight}
        onFocus={onFocus}
      />
    </Card>
  );
}

interface CodeBarProps {
  readonly ui: Ui;
  readonly turn: Turn;
  /** The first piece of the code. */
  readonly piece: Piece;
  readonly actions: CodeActions;
  readonly onCompare: (code: string) => Promise<void>;
  readonly run: (task: () => Promise<void>) => void;
}

/** What can be done with all of the code that a piece begins. */
export function CodeBar({ ui, turn, piece, actions, onCompare, run }: CodeBarProps) {
  const code = () => piece.whole?.() ?? "";
  const button = (order: number, text: string, act: () => Promise<void>) => () => (
    <Button ui={ui} order={order} text={text} onClick={() => run(act)} />
  );
  return (
    <Card ui={ui} turn={turn} above={SIZE.gap} below={SIZE.gap}>
      <Bar order={1}>
        <Gradual
          parts={[
            button(1, "Insert at cursor", () => actions.insertAtCursor(code())),
            button(2, "Replace selection", () => actions.replaceSelection(code())),
            button(3, "New script", () => actions.newScript(code(), piece.language ?? "")),
            button(4, "Show the difference", () => onCompare(code())),
          ]}
        />
      </Bar>
    </Card>
  );
}
