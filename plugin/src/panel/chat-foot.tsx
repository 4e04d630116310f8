import Vide from "@rbxts/vide";
import type { Turn } from "../chat/turn.js";
import { Card } from "./chat-card.js";
import { Label } from "./label.js";
import { SIZE } from "./theme.js";
import type { Ui } from "./ui.js";

interface FootProps {
  readonly ui: Ui;
  readonly turn: Turn;
  /** Moves once a second. */
  readonly now: () => number;
}

/** Seconds of silence after which it is worth saying what may take so long. */
const LONG = 3;

function paceText({ pace }: Turn): string {
  const { firstSeconds, perSecond, tokens } = pace();
  const parts: string[] = [];
  if (firstSeconds !== undefined) parts.push(string.format("%.2f s to the first token", firstSeconds));
  if (perSecond !== undefined) parts.push(string.format("%.0f tokens/s", perSecond));
  if (tokens !== undefined) parts.push(`${tokens} tokens`);
  return parts.join(" · ");
}

function waitingText({ waiting, model }: Turn): string {
  const seconds = math.floor(waiting());
  const why = seconds >= LONG ? " A model that rests has to be loaded first, which can take minutes." : "";
  return `Waiting for ${model ?? "the model"}: ${seconds} s.${why}`;
}

/** How the answer comes along, how fast it came, and what went wrong. */
export function Foot({ ui, turn, now }: FootProps) {
  const text = () => {
    const state = turn.state();
    if (state === "loading") return waitingText(turn);
    if (state === "streaming") {
      // The pace moves with each token, and is read once a second.
      now();
      return Vide.untrack(() => paceText(turn));
    }
    const pace = paceText(turn);
    if (state !== "stopped") return pace;
    return pace === "" ? "Stopped." : `Stopped. ${pace}`;
  };
  return (
    <Card ui={ui} turn={turn} below={SIZE.inset}>
      <Label ui={ui} order={1} tone="warning" text={turn.trouble} />
      <Label ui={ui} order={2} tone="dim" size={SIZE.small} text={text} />
    </Card>
  );
}
