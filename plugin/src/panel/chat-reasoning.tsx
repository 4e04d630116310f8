import Vide, { Show } from "@rbxts/vide";
import type { Piece } from "../chat/turn.js";
import { sizeText } from "./amount.js";
import { Passage } from "./chat-passage.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";
import { WideButton } from "./wide-button.js";

interface ReasoningProps {
  readonly ui: Ui;
  readonly order: number;
  readonly piece: Piece;
  readonly isUnfolded: () => boolean;
  readonly onToggle: () => void;
  readonly onFocus: (box: TextBox) => void;
}

/** What the model thought before it answered: a line with its size, and all of it where it is unfolded. */
export function Reasoning({ ui, order, piece, isUnfolded, onToggle, onFocus }: ReasoningProps) {
  return [
    <WideButton
      ui={ui}
      name="Reasoning"
      side={SIZE.gap}
      order={order}
      text={() => {
        const said = piece.isOpen() ? "Reasoning…" : "Reasoning";
        return `${isUnfolded() ? "▾" : "▸"} ${said} (${sizeText(piece.text().size())})`;
      }}
      onClick={onToggle}
    />,
    <Show when={isUnfolded}>
      {() => <Passage ui={ui} order={order + 1} on="panel" tone="dim" text={piece.text} onFocus={onFocus} />}
    </Show>,
  ];
}
