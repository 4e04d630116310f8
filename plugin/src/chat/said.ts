import { untrack } from "@rbxts/vide";
import type { Given, KeptTurn } from "./kept-turn.js";
import { createPieces, type Pieces } from "./pieces.js";
import { createUse } from "./tool-use.js";
import type { Turn } from "./turn.js";

/** One thing said: how it is shown, and how it is kept. */
export interface Said {
  readonly turn: Turn;
  keep(): KeptTurn;
}

function piecesOf(kept: KeptTurn): Pieces {
  const pieces = createPieces();
  if (kept.reasoning !== undefined) pieces.add("reasoning", kept.reasoning);
  pieces.add("text", kept.text);
  pieces.finish();
  return pieces;
}

/** What was said and does not change any more: a question, or an answer of before. */
export function createSaid(kept: KeptTurn): Said {
  const { role, model, state, trouble, firstSeconds, perSecond, tokens } = kept;
  const attachments = (kept.attachments ?? []) as readonly Given[];
  const uses = (kept.calls ?? []).map((call) => createUse(call, call.subject, call));
  const shown = uses.map((use) => use.shown);
  const pace = { firstSeconds, perSecond, tokens };
  // Most of a long history is never looked at.
  let pieces: Pieces | undefined;
  return {
    turn: {
      role,
      model,
      attachments,
      pieces: () => {
        // Whoever asks is told of no change while they are made.
        pieces ??= untrack(() => piecesOf(kept));
        return pieces.all();
      },
      tools: () => shown,
      // What has no end was still coming as Studio or the plugin ended.
      state: () => state ?? (role === "user" ? "done" : "stopped"),
      waiting: () => 0,
      trouble: () => trouble ?? "",
      pace: () => pace,
    },
    keep() {
      return kept;
    },
  };
}
