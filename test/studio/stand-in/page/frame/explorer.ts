import type { Explorer as Shown } from "../../screen/protocol.ts";
import { arrange, make } from "../element.ts";
import type { Send } from "../send.ts";
import { explorerRow, type Row, type RowElement } from "./explorer-row.ts";

export interface Explorer {
  readonly element: HTMLElement;
  show(explorer: Shown): void;
}

/** The tree of instances. One row can be reached by Tab; the arrow keys go on from it. */
export function explorer(send: Send): Explorer {
  const tree = make("div", { class: "tree", role: "tree", "aria-label": "Explorer", "aria-multiselectable": "true" });
  const hidden = make("p", { class: "pane-note" });
  const elements = new Map<number, RowElement>();
  let rows: readonly Row[] = [];
  /** The row that Tab reaches, and the one a range of rows starts at. */
  let current = 0;
  let anchor = 0;

  const expand = (row: Row): void => send({ kind: "expand", id: row.id, expanded: !row.expanded });
  const open = (row: Row): void => {
    if (row.script) send({ kind: "open", id: row.id });
    else if (row.expandable) expand(row);
  };
  const makeCurrent = (id: number): void => {
    elements.get(current)?.element.setAttribute("tabindex", "-1");
    current = id;
    elements.get(id)?.element.setAttribute("tabindex", "0");
  };
  const indexOf = (id: number) => rows.findIndex((row) => row.id === id);
  const select = (row: Row, how: { readonly toggle: boolean; readonly range: boolean }): void => {
    makeCurrent(row.id);
    elements.get(row.id)?.element.focus();
    if (how.range) {
      const ends = [anchor, row.id].map((id) => Math.max(0, indexOf(id)));
      const range = rows.slice(Math.min(...ends), Math.max(...ends) + 1);
      send({ kind: "select", ids: range.map(({ id }) => id) });
      return;
    }
    anchor = row.id;
    const others = how.toggle ? rows.filter(({ selected, id }) => selected && id !== row.id) : [];
    const isTakenOut = how.toggle && row.selected;
    send({ kind: "select", ids: [...others, ...(isTakenOut ? [] : [row])].map(({ id }) => id) });
  };
  const rowOf = (event: Event): Row | undefined => {
    const found = (event.target as Element).closest<HTMLElement>(".row");
    return found === null ? undefined : elements.get(Number(found.dataset["id"]))?.row;
  };

  /** Where a key leads from a row: another row, or undefined where it is no way. */
  const target = (key: string, index: number): Row | undefined => {
    const row = rows[index];
    if (key === "ArrowDown") return rows[index + 1];
    if (key === "ArrowUp") return rows[index - 1];
    if (key === "Home") return rows[0];
    if (key === "End") return rows.at(-1);
    if (key === "ArrowRight" && row?.expanded) return rows[index + 1];
    if (key === "ArrowLeft" && row) return rows.slice(0, index).findLast(({ depth }) => depth < row.depth);
    return undefined;
  };
  tree.addEventListener("keydown", (event) => {
    const row = rowOf(event);
    if (row === undefined || event.altKey) return;
    const { key } = event;
    if (!/^(Arrow(Up|Down|Left|Right)|Home|End|Enter| )$/.test(key)) return;
    event.preventDefault();
    if (key === "Enter") return open(row);
    if (key === " ") return select(row, { toggle: true, range: false });
    const opens = key === "ArrowRight" && row.expandable && !row.expanded;
    const closes = key === "ArrowLeft" && row.expanded;
    if (opens || closes) return expand(row);
    const to = target(key, rows.indexOf(row));
    if (to !== undefined) select(to, { toggle: false, range: event.shiftKey });
  });
  tree.addEventListener("click", (event) => {
    const row = rowOf(event);
    if (row !== undefined) select(row, { toggle: event.ctrlKey || event.metaKey, range: event.shiftKey });
  });
  tree.addEventListener("dblclick", (event) => {
    const row = rowOf(event);
    if (row !== undefined && !(event.target as Element).matches(".row-arrow")) open(row);
  });

  return {
    element: make(
      "section",
      { class: "pane", "data-pane": "explorer", "aria-label": "Explorer" },
      make("div", { class: "pane-title" }, make("h2", {}, "Explorer")),
      tree,
      hidden,
    ),
    show(explorer) {
      rows = explorer.rows;
      const present = new Set(rows.map(({ id }) => id));
      for (const id of elements.keys()) if (!present.has(id)) elements.delete(id);
      const wanted = rows.map((row) => {
        const known = elements.get(row.id);
        if (known === undefined) {
          const made = explorerRow(row, expand);
          elements.set(row.id, made);
          return made.element;
        }
        known.show(row);
        return known.element;
      });
      arrange(tree, wanted);
      makeCurrent(present.has(current) ? current : (rows[0]?.id ?? 0));
      hidden.textContent = explorer.hidden === 0 ? "" : `${explorer.hidden} more rows are not shown.`;
    },
  };
}
