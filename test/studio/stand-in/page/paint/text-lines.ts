import type { DrawnLine } from "../../screen/protocol.ts";

type Run = DrawnLine["runs"][number];

function run({ text, width, css }: Run): HTMLSpanElement {
  const span = document.createElement("span");
  span.textContent = text;
  span.style.cssText = `width:${width}px;${css}`;
  return span;
}

/** Runs of a line stand on one baseline: inline blocks in a line that has no height of its own. */
function line({ x, y, height, runs }: DrawnLine): HTMLElement {
  const [only] = runs;
  const alone = runs.length === 1 && only !== undefined;
  const element = alone ? run(only) : document.createElement("div");
  if (!alone) {
    element.append(...runs.map(run));
    for (const span of element.children) (span as HTMLElement).style.lineHeight ||= `${height}px`;
  }
  const { style } = element;
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.height = `${height}px`;
  if (alone) style.lineHeight ||= `${height}px`;
  return element;
}

/** Fills an element with the lines of a text, in place of what it held. */
export function drawLines(into: HTMLElement, lines: readonly DrawnLine[]): void {
  into.replaceChildren(...lines.map(line));
}
