const OPEN = "<think>";
const CLOSE = "</think>";
/** Blanks in front of the first word that are waited with; who sends more of them will not think. */
const MOST_BLANKS = 256;

/** How much of a text's end may be the beginning of a mark. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length -= 1) {
    if (mark.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}

/**
 * Divides a text that begins with `<think>…</think>` into reasoning and text, wherever it is cut. A mark later in the
 * text is part of the text.
 */
export interface Thoughts {
  take(piece: string): void;
  /** Tells what was held because it might have become a mark. */
  end(): void;
}

export function divideThoughts(hearer: { text(text: string): void; reasoning(text: string): void }): Thoughts {
  let place: "start" | "thoughts" | "gap" | "text" = "start";
  let held = "";
  let hasThought = false;

  function think(piece: string): void {
    const thought = hasThought ? piece : piece.trimStart();
    if (thought === "") return;
    hasThought = true;
    hearer.reasoning(thought);
  }

  function speak(piece: string): void {
    const text = place === "gap" ? piece.trimStart() : piece;
    if (text === "") return;
    place = "text";
    hearer.text(text);
  }

  function begin(text: string): void {
    const written = text.trimStart();
    if (written.startsWith(OPEN)) {
      place = "thoughts";
      ponder(written.slice(OPEN.length));
    } else if (OPEN.startsWith(written) && text.length <= MOST_BLANKS) held = text;
    else speak(text);
  }

  function ponder(text: string): void {
    const end = text.indexOf(CLOSE);
    if (end >= 0) {
      think(text.slice(0, end));
      place = "gap";
      speak(text.slice(end + CLOSE.length));
      return;
    }
    const kept = overlap(text, CLOSE);
    think(text.slice(0, text.length - kept));
    held = text.slice(text.length - kept);
  }

  return {
    take(piece) {
      if (place === "text") {
        hearer.text(piece);
        return;
      }
      const text = held + piece;
      held = "";
      if (place === "start") begin(text);
      else if (place === "thoughts") ponder(text);
      else speak(text);
    },
    end() {
      const rest = held;
      held = "";
      if (place === "thoughts") think(rest);
      else speak(rest);
    },
  };
}
