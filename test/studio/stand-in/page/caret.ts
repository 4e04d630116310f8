/** Where an offset into a text lies once the text has become another: what is alike at both ends keeps its place. */
function movedOffset(before: string, after: string, offset: number): number {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  if (offset <= head) return offset;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  if (offset >= before.length - tail) return offset + after.length - before.length;
  return after.length - tail;
}

/** An offset into a text as Studio counts: lines from 1, and in the line bytes of UTF-8 from 1. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly character: number } {
  const lines = text.slice(0, offset).split("\n");
  const last = lines.at(-1) ?? "";
  return { line: lines.length, character: new TextEncoder().encode(last).length + 1 };
}

/** Puts a text into an input in place of its own; caret, selection and scrolling stay where they were. */
export function replaceText(input: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const before = input.value;
  if (before === text) return;
  const start = movedOffset(before, text, input.selectionStart ?? 0);
  const end = movedOffset(before, text, input.selectionEnd ?? 0);
  const direction = input.selectionDirection ?? "none";
  const { scrollTop, scrollLeft } = input;
  input.value = text;
  input.setSelectionRange(start, end, direction);
  input.scrollTop = scrollTop;
  input.scrollLeft = scrollLeft;
}
