import { source } from "@rbxts/vide";
import { wholeCharacters } from "../utf8-text.js";
import { type Fence, isClosing, mayBeFence, openingFence } from "./fence.js";
import type { Piece } from "./turn.js";

/** Bytes of a piece; what grows beyond is cut, at the end of a line or of a word where there is one. */
const PIECE_BYTES = 1000;

/** An answer as it comes, in pieces. */
export interface Pieces {
  readonly all: () => readonly Piece[];
  /** Takes whole characters. */
  add(kind: "text" | "reasoning", text: string): void;
  /** Nothing more comes. */
  finish(): void;
}

/** The piece that grows. */
interface Open {
  readonly kind: Piece["kind"];
  readonly piece: Piece;
  readonly show: (text: string) => void;
  readonly close: () => void;
  text: string;
}

/** A block of code: one piece, or several. */
interface Block {
  readonly fence: Fence;
  readonly parts: string[];
  hasPiece: boolean;
}

/** What is shown of a text: without the line ends behind it, which the next piece may make needless. */
function trimmed(kind: Piece["kind"], text: string): string {
  if (kind === "code") return text.sub(-1) === "\n" ? text.sub(1, -2) : text;
  return `${text.match("^(.*%S)")[0] ?? ""}`;
}

/** Bytes that stay in a piece which is too long, and those after them that the cut replaces. */
function cutOf(kind: Piece["kind"], text: string): LuaTuple<[kept: number, dropped: number]> {
  const head = text.sub(1, PIECE_BYTES);
  const half = PIECE_BYTES / 2;
  const paragraph = kind === "code" ? undefined : (head.match("^.*()\n\n")[0] as number | undefined);
  if (paragraph !== undefined && paragraph > half) return $tuple(paragraph - 1, 2);
  const line = head.match("^.*()\n")[0] as number | undefined;
  if (line !== undefined && (line > half || kind === "code")) return $tuple(line - 1, 1);
  const word = head.match("^.*() ")[0] as number | undefined;
  if (word !== undefined && word > half) return $tuple(kind === "code" ? word : word - 1, kind === "code" ? 0 : 1);
  return $tuple(wholeCharacters(text, PIECE_BYTES), 0);
}

/** Divides what comes by its code fences, however it is cut, and keeps every piece short. Only the last one changes. */
export function createPieces(): Pieces {
  const all = source<readonly Piece[]>([]);
  let pieces: Piece[] = [];
  let open: Open | undefined;
  let block: Block | undefined;
  /** The beginning of a line that may be a fence: shown only once it is none. */
  let held = "";
  let isLineStart = true;

  function begin(kind: Piece["kind"], of: Block | undefined): Open {
    const text = source("");
    const isOpen = source(true);
    const code = of && {
      language: of.fence.language,
      goesOn: of.hasPiece,
      whole: () => trimmed("code", of.parts.join("")),
    };
    if (of !== undefined) of.hasPiece = true;
    const piece: Piece = { kind, text, isOpen, ...code };
    pieces.push(piece);
    open = { kind, piece, show: text, close: () => isOpen(false), text: "" };
    return open;
  }

  function close(): void {
    if (open === undefined) return;
    const shown = trimmed(open.kind, open.text);
    open.show(shown);
    open.close();
    if (shown === "" && open.kind !== "code") pieces = pieces.filter((piece) => piece !== open?.piece);
    open = undefined;
  }

  function put(kind: Piece["kind"], text: string): void {
    if (open !== undefined && open.kind !== kind) close();
    if (open === undefined && kind !== "code" && text.match("%S")[0] === undefined) return;
    const of = kind === "code" ? block : undefined;
    let growing = open ?? begin(kind, of);
    growing.text += text;
    if (of !== undefined) of.parts.push(text);
    else if (growing.text.byte(1)[0] === 10) growing.text = growing.text.match("^\n*(.*)$")[0] as string;
    while (growing.text.size() > PIECE_BYTES) {
      const [kept, dropped] = cutOf(kind, growing.text);
      const rest = growing.text.sub(kept + dropped + 1);
      growing.text = growing.text.sub(1, kept);
      close();
      growing = begin(kind, of);
      growing.text = rest;
    }
  }

  /** A part of a line; one that begins a line of an indented block loses that much. */
  function putLine(text: string): void {
    if (block === undefined) {
      put("text", text);
      return;
    }
    let at = 1;
    if (isLineStart) while (at <= block.fence.indent && text.sub(at, at).match("[ \t]")[0] !== undefined) at += 1;
    put("code", text.sub(at));
  }

  /** A line that is whole, without its end; false where it is no fence. */
  function turnAt(line: string): boolean {
    if (block !== undefined) {
      if (!isClosing(block.fence, line)) return false;
      close();
      block = undefined;
      return true;
    }
    const fence = openingFence(line);
    if (fence === undefined) return false;
    close();
    block = { fence, parts: [], hasPiece: false };
    begin("code", block);
    return true;
  }

  function takeText(text: string): void {
    const whole = held + text.gsub("\r", "")[0];
    held = "";
    let at = 1;
    while (at <= whole.size()) {
      const [ending] = whole.find("\n", at, true);
      const line = whole.sub(at, ending === undefined ? -1 : ending - 1);
      if (ending === undefined) {
        if (isLineStart && mayBeFence(block?.fence, line)) held = line;
        else {
          putLine(line);
          isLineStart = false;
        }
        return;
      }
      if (!isLineStart || !turnAt(line)) putLine(`${line}\n`);
      isLineStart = true;
      at = ending + 1;
    }
  }

  function tell(): void {
    if (open !== undefined) open.show(trimmed(open.kind, open.text));
    if (pieces.size() !== all().size() || pieces[pieces.size() - 1] !== all()[pieces.size() - 1]) all([...pieces]);
  }

  return {
    all,
    add(kind, text) {
      if (kind === "text") takeText(text);
      else put("reasoning", text);
      tell();
    },
    finish() {
      if (held !== "" && !turnAt(held)) putLine(held);
      held = "";
      close();
      tell();
    },
  };
}
