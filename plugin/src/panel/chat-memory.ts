import { source } from "@rbxts/vide";
import type { Piece } from "../chat/turn.js";
import { type Blocks, createBlocks } from "./chat-blocks.js";

/** What the chat tab knows by itself, for as long as the panel lives: another tab may be shown meanwhile. */
export interface ChatMemory {
  /** What the user has typed and not asked yet. */
  readonly draft: (text?: string) => string;
  /** Moves when the end of what was said is to be shown. */
  readonly ends: () => number;
  toEnd(): void;
  readonly blocks: Blocks;
  readonly isUnfolded: (piece: Piece) => boolean;
  toggle(piece: Piece): void;
}

export function createChatMemory(): ChatMemory {
  const unfolded = source<ReadonlySet<Piece>>(new Set());
  const ends = source(0);
  return {
    draft: source(""),
    ends,
    toEnd() {
      ends(ends() + 1);
    },
    blocks: createBlocks(),
    isUnfolded: (piece) => unfolded().has(piece),
    toggle(piece) {
      const after = new Set<Piece>();
      for (const one of unfolded()) if (one !== piece) after.add(one);
      if (!unfolded().has(piece)) after.add(piece);
      unfolded(after);
    },
  };
}
