import Vide from "@rbxts/vide";
import type { Block } from "./chat-blocks.js";
import { SIZE } from "./theme.js";

/** About what a letter takes of a line, in pixels. */
const LETTER = { plain: 6, code: 7 } as const;
const NARROWEST = 100;
const UNREAD = 120;

/** About as high as a block will be in so many pixels, without making it. */
export function guessHeight(block: Block, width: number): number {
  if (block.kind === "head" || block.kind === "tool" || block.kind === "reasoning") return SIZE.control;
  if (block.kind === "actions") return 2 * SIZE.control;
  if (block.kind === "unread") return UNREAD;
  if (block.kind === "foot") return SIZE.row;
  const [letter, line] = block.kind === "code" ? [LETTER.code, SIZE.small] : [LETTER.plain, SIZE.text];
  const room = math.max(NARROWEST, width - 2 * SIZE.inset);
  const text = Vide.untrack(block.piece.text);
  const [, ends] = text.gsub("\n", "");
  // A broken line ends half full, in the mean.
  const lines = ends / 2 + math.ceil((text.size() * letter) / room) + 1;
  return lines * line + SIZE.gap;
}
