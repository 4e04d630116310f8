import { replaceText } from "../caret.ts";
import { make } from "../element.ts";

export interface CodeArea {
  readonly element: HTMLElement;
  text(): string;
  /** Where the caret is, and where its selection began: offsets into the text. */
  caret(): { readonly cursor: number; readonly anchor: number };
  /** By another hand than the user's: caret and scrolling stay. */
  setText(text: string): void;
  /** Of another document: the caret goes to its beginning. */
  open(text: string, label: string): void;
}

interface Listener {
  onEdit(): void;
  /** The caret has moved. */
  onCaret(): void;
  onLeave(): void;
}

/** A text area with line numbers. Tab inserts a tab; Escape and then Tab leave it. */
export function codeArea({ onEdit, onCaret, onLeave }: Listener): CodeArea {
  const numbers = make("div", { class: "line-numbers", "aria-hidden": "true" });
  const area = make("textarea", { class: "code", spellcheck: "false", autocomplete: "off", wrap: "off" });
  let lines = 0;
  let afterEscape = false;

  const number = (): void => {
    const count = area.value.split("\n").length;
    if (count === lines) return;
    lines = count;
    numbers.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
  };
  area.addEventListener("scroll", () => {
    numbers.style.transform = `translateY(${-area.scrollTop}px)`;
  });
  area.addEventListener("input", () => {
    number();
    onEdit();
  });
  area.addEventListener("blur", onLeave);
  document.addEventListener("selectionchange", () => {
    if (document.activeElement === area) onCaret();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && !afterEscape && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      // The one way to insert text that the browser's own undo knows of.
      document.execCommand("insertText", false, "\t");
    }
    if (event.key !== "Shift") afterEscape = event.key === "Escape";
  });
  number();

  return {
    element: make("div", { class: "code-area" }, make("div", { class: "line-numbers-window" }, numbers), area),
    text: () => area.value,
    caret() {
      const { selectionStart, selectionEnd, selectionDirection } = area;
      return selectionDirection === "backward"
        ? { cursor: selectionStart, anchor: selectionEnd }
        : { cursor: selectionEnd, anchor: selectionStart };
    },
    setText(text) {
      replaceText(area, text);
      number();
    },
    open(text, label) {
      area.value = text;
      area.setAttribute("aria-label", label);
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
      area.scrollLeft = 0;
      number();
    },
  };
}
