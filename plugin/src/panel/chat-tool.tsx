import Vide, { Show } from "@rbxts/vide";
import type { ToolUse, Turn } from "../chat/turn.js";
import { Card } from "./chat-card.js";
import { Edit } from "./chat-edit.js";
import { Label } from "./label.js";
import type { Tone } from "./palette.js";
import { Status } from "./status.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface ToolProps {
  readonly ui: Ui;
  readonly turn: Turn;
  readonly tool: ToolUse;
}

const STATES: { readonly [state in ReturnType<ToolUse["state"]>]: readonly [words: string, tone: Tone] } = {
  running: ["running…", "info"],
  done: ["done", "good"],
  failed: ["failed", "error"],
  proposed: ["waits for you", "warning"],
  accepted: ["accepted", "good"],
  refused: ["refused", "dim"],
};

/** What a model has asked for, and what became of it. */
export function Tool({ ui, turn, tool }: ToolProps) {
  /** It is there once the edit is proposed. */
  const edit = () => {
    tool.state();
    return tool.edit;
  };
  const words = () => `${tool.name} ${tool.subject}: ${STATES[tool.state()][0]}`;
  return (
    <Card ui={ui} turn={turn} below={SIZE.gap}>
      <Status ui={ui} order={1} on="panel" text={words} tone={() => STATES[tool.state()][1]} />
      <Label ui={ui} order={2} tone="warning" text={tool.detail} />
      <Show when={edit}>{(given) => <Edit ui={ui} order={3} tool={tool} edit={Vide.untrack(given)} />}</Show>
    </Card>
  );
}
