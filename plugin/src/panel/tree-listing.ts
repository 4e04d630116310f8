import type { Entry, Files } from "../bridge/files.js";
import { losesConnection } from "../wire/failure.js";
import { problemOf } from "../wire/problem.js";
import { createNode, type Node, refresh } from "./tree-node.js";

/** Entries asked for at a time: as many as are taken in without holding up a frame. */
const ENTRIES_A_PAGE = 48;

/** How much more there must be than is shown for it to be shown: each time costs as much as all that is there. */
const GROWTH = 1.5;

/** Lists the content of a folder, page by page. It never rejects: what fails becomes the folder's problem. */
export type Lister = (node: Node) => Promise<void>;

function byKey(children: readonly Node[] | undefined): Map<string, Node> {
  const known = new Map<string, Node>();
  for (const child of children ?? []) known.set(child.kind + child.path, child);
  return known;
}

function take(node: Node, known: ReadonlyMap<string, Node>, { kind, path, bytes }: Entry): Node {
  const child = known.get(kind + path);
  if (child === undefined) return createNode(node.root, path, kind, bytes);
  if (child.bytes !== bytes) {
    child.bytes = bytes;
    refresh(child);
  }
  return child;
}

/** `onChange` is told after each page. */
export function createLister(files: Files, onChange: () => void): Lister {
  function show(node: Node, children: readonly Node[] | undefined, isWhole: boolean): void {
    node.children = children;
    node.isWhole = isWhole;
    node.isStale = false;
    node.problem = undefined;
    refresh(node);
    onChange();
  }

  /**
   * A node that is still there stays the same node, so that what is unfolded stays unfolded. Folders come first. What is
   * listed for the first time is shown as it comes, and folding it ends that; else what was there stays until all is in.
   */
  async function read(node: Node): Promise<void> {
    const isFirst = !node.isWhole;
    const known = byKey(node.children);
    const folders: Node[] = [];
    const others: Node[] = [];
    let after: string | undefined;
    do {
      const page = await files.list(node.root, node.path, { after, limit: ENTRIES_A_PAGE });
      for (const entry of page.entries) {
        const child = take(node, known, entry);
        if (entry.kind === "folder") folders.push(child);
        else others.push(child);
      }
      after = page.after;
      if (isFirst && !node.isUnfolded) {
        show(node, undefined, false);
        return;
      }
      const isMore = folders.size() + others.size() >= (node.children?.size() ?? 0) * GROWTH;
      if (isFirst && isMore && after !== undefined) show(node, [...folders, ...others], false);
    } while (after !== undefined);
    show(node, [...folders, ...others], true);
  }

  async function once(node: Node): Promise<void> {
    try {
      await read(node);
    } catch (thrown) {
      const problem = problemOf(thrown);
      node.isStale = true;
      // That the connection is lost the session shows already: the rows of before stay where they are.
      if (node.children === undefined || !losesConnection(problem)) node.problem = problem.detail;
      refresh(node);
      onChange();
    }
  }

  return async (node) => {
    // One at a time, and once more for whatever was heard meanwhile: a folder that never rests is listed all the same.
    if (node.listing !== "none") {
      node.listing = "again";
      return;
    }
    do {
      node.listing = "on";
      await once(node);
    } while ((node.listing as Node["listing"]) === "again");
    node.listing = "none";
  };
}
