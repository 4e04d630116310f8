import type { Said } from "../dialect.js";

interface Turn {
  readonly isModel: boolean;
  readonly parts: object[];
}

/** A conversation of two that take turns: what one says after the other is one turn, and results of tools are the user's. What has no parts is left out. */
export function inTurns(messages: readonly Said[], partsOf: (said: Said) => readonly object[]): Turn[] {
  const turns: Turn[] = [];
  for (const said of messages) {
    const parts = partsOf(said);
    if (parts.length === 0) continue;
    const isModel = said.role === "assistant";
    const last = turns.at(-1);
    if (last?.isModel === isModel) last.parts.push(...parts);
    else turns.push({ isModel, parts: [...parts] });
  }
  return turns;
}
