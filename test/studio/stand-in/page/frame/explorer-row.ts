import type { Explorer } from "../../screen/protocol.ts";
import { make } from "../element.ts";

export type Row = Explorer["rows"][number];

export interface RowElement {
  readonly element: HTMLElement;
  row: Row;
  show(row: Row): void;
}

/** One row of the tree. `expand` hears a click on the arrow, which does not select. */
export function explorerRow(first: Row, expand: (row: Row) => void): RowElement {
  const arrow = make("span", { class: "row-arrow", "aria-hidden": "true" });
  const badge = make("span", { class: "row-class", "aria-hidden": "true" });
  const name = make("span", { class: "row-name" });
  const element = make("div", { class: "row", role: "treeitem", tabindex: "-1" }, arrow, badge, name);
  const made: RowElement = {
    element,
    row: first,
    show(row) {
      made.row = row;
      element.dataset["row"] = row.name;
      element.dataset["id"] = String(row.id);
      element.title = `${row.name} (${row.class})`;
      element.style.setProperty("--depth", String(row.depth));
      element.setAttribute("aria-level", String(row.depth + 1));
      element.setAttribute("aria-selected", String(row.selected));
      if (row.expandable) element.setAttribute("aria-expanded", String(row.expanded));
      else element.removeAttribute("aria-expanded");
      badge.dataset["kind"] = row.script ? "script" : "other";
      badge.textContent = row.class.slice(0, 1);
      name.textContent = row.name;
    },
  };
  arrow.addEventListener("click", (event) => {
    if (!made.row.expandable) return;
    event.stopPropagation();
    expand(made.row);
  });
  made.show(first);
  return made;
}
