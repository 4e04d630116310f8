import { source } from "@rbxts/vide";
import type { Node, TreeRow } from "./tree-node.js";

/** The files that are to be opened together. */
export interface Selection {
  readonly nodes: () => ReadonlySet<Node>;
  /** Takes a file in, or out again. */
  toggle(node: Node): void;
  /** Takes in the files from the one that was last taken in to this one. */
  extend(node: Node, rows: readonly TreeRow[]): void;
  clear(): void;
}

export function createSelection(): Selection {
  const nodes = source<ReadonlySet<Node>>(new Set());
  let last: Node | undefined;

  function add(more: readonly Node[]): void {
    const all = new Set<Node>();
    for (const node of nodes()) all.add(node);
    for (const node of more) all.add(node);
    nodes(all);
  }

  return {
    nodes,
    toggle(node) {
      last = node;
      if (!nodes().has(node)) {
        add([node]);
        return;
      }
      const others = new Set<Node>();
      for (const one of nodes()) if (one !== node) others.add(one);
      nodes(others);
    },
    extend(node, rows) {
      const to = rows.findIndex((row) => row.node === node);
      const from = rows.findIndex((row) => row.node === last);
      const begin = from === -1 ? to : from;
      add(
        rows
          .filter((row, index) => row.look === "file" && index >= math.min(begin, to) && index <= math.max(begin, to))
          .map((row) => row.node),
      );
      last = node;
    },
    clear() {
      last = undefined;
      nodes(new Set<Node>());
    },
  };
}
