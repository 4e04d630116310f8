import Vide from "@rbxts/vide";
import type { CodeActions, Piece, Turn } from "../chat/turn.js";
import type { Block } from "./chat-blocks.js";
import { Card } from "./chat-card.js";
import { Code, CodeBar } from "./chat-code.js";
import { Foot } from "./chat-foot.js";
import { Head } from "./chat-head.js";
import { Passage } from "./chat-passage.js";
import { Reasoning } from "./chat-reasoning.js";
import { Tool } from "./chat-tool.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface BlockProps {
  readonly ui: Ui;
  readonly block: Block;
  readonly now: () => number;
  readonly code: CodeActions;
  readonly onCompare: (code: string) => Promise<void>;
  readonly isUnfolded: (piece: Piece) => boolean;
  readonly onToggle: (piece: Piece) => void;
  /** A turn comes into sight that was not taken apart yet. */
  readonly onSeen: (turn: Turn) => void;
  readonly onFocus: (box: TextBox) => void;
  readonly run: (task: () => Promise<void>) => void;
}

/** Keeps the place of a turn until it is taken apart: in a thread of its own, which nobody cancels, for it goes away by that. */
function Unread({ onSeen }: { readonly onSeen: () => void }) {
  let isThere = true;
  Vide.cleanup(() => {
    isThere = false;
  });
  task.defer(() => {
    if (isThere) onSeen();
  });
  return <frame Name="Unread" BackgroundTransparency={1} Size={new UDim2(1, 0, 0, SIZE.row)} />;
}

/** One block of what was said: one object. */
export function BlockView(props: BlockProps) {
  const { ui, block, now, code, onCompare, isUnfolded, onToggle, onSeen, onFocus, run } = props;
  const { turn } = block;
  if (block.kind === "unread") return <Unread onSeen={() => onSeen(turn)} />;
  if (block.kind === "head") return <Head ui={ui} turn={turn} />;
  if (block.kind === "foot") return <Foot ui={ui} turn={turn} now={now} />;
  if (block.kind === "tool") return <Tool ui={ui} turn={turn} tool={block.tool} />;
  const { piece } = block;
  if (block.kind === "actions")
    return <CodeBar ui={ui} turn={turn} piece={piece} actions={code} onCompare={onCompare} run={run} />;
  if (block.kind === "code") return <Code ui={ui} turn={turn} piece={piece} onFocus={onFocus} />;
  if (block.kind === "reasoning")
    return (
      <Card ui={ui} turn={turn}>
        <Reasoning
          ui={ui}
          order={1}
          piece={piece}
          isUnfolded={() => isUnfolded(piece)}
          onToggle={() => onToggle(piece)}
          onFocus={onFocus}
        />
      </Card>
    );
  return (
    <Passage
      ui={ui}
      on={turn.role === "user" ? "raised" : "panel"}
      text={piece.text}
      side={SIZE.inset}
      below={SIZE.gap}
      onFocus={onFocus}
    />
  );
}
