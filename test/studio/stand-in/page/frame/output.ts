import type { OutputLine } from "../../screen/protocol.ts";
import { make } from "../element.ts";

export interface Output {
  readonly element: HTMLElement;
  add(lines: readonly OutputLine[]): void;
  clear(): void;
}

const KEPT_LINES = 5_000;
/** So near to the end counts as at the end. */
const NEAR_PIXELS = 8;

function lineElement({ kind, text, from }: OutputLine): HTMLElement {
  const line = make("div", { class: "output-line", "data-kind": kind }, make("span", { class: "output-text" }, text));
  if (from !== undefined) line.append(make("span", { class: "output-from" }, from));
  return line;
}

/** The output window: the newest lines, at the end unless the user has scrolled up. */
export function output(): Output {
  const lines = make("div", { class: "output-lines", role: "log", "aria-label": "Output", tabindex: "0" });
  const clear = make("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => lines.replaceChildren());
  return {
    element: make(
      "section",
      { class: "pane", "data-pane": "output", "aria-label": "Output" },
      make("div", { class: "pane-title" }, make("h2", {}, "Output"), clear),
      lines,
    ),
    add(added) {
      const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight <= NEAR_PIXELS;
      lines.append(...added.slice(-KEPT_LINES).map(lineElement));
      while (lines.childElementCount > KEPT_LINES) lines.firstElementChild?.remove();
      if (atEnd) lines.scrollTop = lines.scrollHeight;
    },
    clear: () => lines.replaceChildren(),
  };
}
