import { source } from "@rbxts/vide";
import type { Piece, ToolUse, Turn } from "../chat/turn.js";

interface Placed {
  readonly turn: Turn;
  /** Grows from each block to the next, and stays what it is. */
  readonly order: number;
}

/** What stands by itself in the list of what was said. */
export type Block =
  | (Placed & { readonly kind: "head" })
  | (Placed & { readonly kind: "foot" })
  /** A turn that was not looked at yet, in the place of its blocks. */
  | (Placed & { readonly kind: "unread" })
  | (Placed & { readonly kind: Piece["kind"]; readonly piece: Piece })
  /** What can be done with the code that a piece begins; it comes after the last of its pieces. */
  | (Placed & { readonly kind: "actions"; readonly piece: Piece })
  | (Placed & { readonly kind: "tool"; readonly tool: ToolUse });

export interface Blocks {
  /** The blocks of turns; the same ones each time for what has not changed. */
  of(turns: readonly Turn[]): readonly Block[];
  /** Takes a turn apart, because it comes into sight. */
  read(turn: Turn): void;
}

/** Turns at the end that are taken apart at once. */
const NEWEST = 4;

/** Orders in a turn: two for each piece, for what it says and for what can be done with it; then the tools. */
const ORDERS = 20_000;
const FIRST_TOOL = 15_000;

function isOver(turn: Turn): boolean {
  const state = turn.state();
  return state !== "loading" && state !== "streaming";
}

export function createBlocks(): Blocks {
  const made = new WeakMap<Turn | Piece | ToolUse, Map<Block["kind"], Block>>();
  /** Of turns that get nothing more. */
  const settled = new WeakMap<Turn, readonly Block[]>();
  const reads = new WeakSet<Turn>();
  const read = source(0);
  /** What of the list stays as it is, up to not including the turn `steady`: a long one is not put together anew. */
  let beginning: Block[] = [];
  let steady = 0;
  let last: Turn | undefined;

  function once(of: Turn | Piece | ToolUse, kind: Block["kind"], make: () => Block): Block {
    let known = made.get(of);
    if (known === undefined) {
      known = new Map();
      made.set(of, known);
    }
    let block = known.get(kind);
    if (block === undefined) {
      block = make();
      known.set(kind, block);
    }
    return block;
  }

  function blocksOf(turn: Turn, place: number, isFollowUp: boolean): Block[] {
    const base = place * ORDERS;
    const blocks: Block[] = [];
    if (!isFollowUp) blocks.push(once(turn, "head", () => ({ kind: "head", turn, order: base })));
    const pieces = turn.pieces();
    let first: Piece | undefined;
    pieces.forEach((piece, at) => {
      const order = base + 1 + 2 * at;
      blocks.push(once(piece, piece.kind, () => ({ kind: piece.kind, turn, order, piece })));
      if (piece.kind !== "code") return;
      if (piece.goesOn !== true || first === undefined) first = piece;
      const following = pieces[at + 1] as Piece | undefined;
      const begun = first;
      if (following?.goesOn !== true && !piece.isOpen())
        blocks.push(once(piece, "actions", () => ({ kind: "actions", turn, order: order + 1, piece: begun })));
    });
    turn.tools().forEach((tool, at) => {
      blocks.push(once(tool, "tool", () => ({ kind: "tool", turn, order: base + FIRST_TOOL + at, tool })));
    });
    if (turn.role === "assistant")
      blocks.push(once(turn, "foot", () => ({ kind: "foot", turn, order: base + ORDERS - 1 })));
    return blocks;
  }

  /** The blocks of a turn, and whether they stay as they are. */
  function look(turns: readonly Turn[], at: number): LuaTuple<[readonly Block[], boolean]> {
    const turn = turns[at];
    const known = settled.get(turn);
    if (known !== undefined) return $tuple(known, true);
    if (at < turns.size() - NEWEST && !reads.has(turn))
      return $tuple([once(turn, "unread", () => ({ kind: "unread", turn, order: at * ORDERS }))], true);
    const blocks = blocksOf(turn, at, turn.role === "assistant" && turns[at - 1]?.role === "assistant");
    // The last one may still use tools, though it says no more.
    if (at === turns.size() - 1 || !isOver(turn)) return $tuple(blocks, false);
    settled.set(turn, blocks);
    return $tuple(blocks, true);
  }

  return {
    of(turns) {
      read();
      if (steady > 0 && turns[steady - 1] !== last) {
        steady = 0;
        beginning = [];
      }
      const rest: Block[] = [];
      let isSteady = true;
      for (let at = steady; at < turns.size(); at++) {
        const [blocks, stays] = look(turns, at);
        isSteady = isSteady && stays;
        for (const block of blocks) (isSteady ? beginning : rest).push(block);
        if (!isSteady) continue;
        steady = at + 1;
        last = turns[at];
      }
      return [...beginning, ...rest];
    },
    read(turn) {
      reads.add(turn);
      steady = 0;
      beginning = [];
      read(read() + 1);
    },
  };
}
