import { source } from "@rbxts/vide";
import type { Files, Root } from "../bridge/files.js";
import type { Change } from "../bridge/watch-poll.js";
import { overFrames } from "../over-frames.js";
import { createLister } from "./tree-listing.js";
import { createNode, type Node, refresh, rowsOf, type TreeRow } from "./tree-node.js";

export interface Tree {
  /** What there is to see of it, from the top down. */
  readonly rows: () => readonly TreeRow[];
  setRoots(roots: readonly Root[]): void;
  /** Unfolds or folds a folder; its content is listed when it is first seen. */
  toggle(node: Node): Promise<void>;
  /** Lists again the folders that a change concerns, where they have been listed. */
  hear(root: string, changes: readonly Change[]): Promise<void>;
  /** Lists again all that has been listed of a root. */
  check(root: string): Promise<void>;
}

function parentOf(path: string): string {
  const [parent] = path.match("^(.*)/[^/]*$");
  return parent === undefined ? "" : `${parent}`;
}

/** The model of the tree of files. `onRoots` is told the names of the roots that are unfolded. */
export function createTree(files: Files, onRoots: (roots: readonly string[]) => void): Tree {
  const rows = source<readonly TreeRow[]>([]);
  let roots: readonly Node[] = [];
  let telling = false;

  /** Once for all changes of a moment. To make thousands of rows fills a frame, and so does to show them. */
  function changed(): void {
    if (telling) return;
    telling = true;
    let made: readonly TreeRow[] | undefined;
    overFrames(() => {
      if (made !== undefined) {
        rows(made);
        return true;
      }
      telling = false;
      made = rowsOf(roots);
      return false;
    });
  }
  const list = createLister(files, changed);

  function find(root: string, path: string): Node | undefined {
    let node = roots.find((one) => one.name === root);
    if (path === "") return node;
    let at = "";
    for (const part of path.split("/")) {
      at = at === "" ? part : `${at}/${part}`;
      node = node?.children?.find((one) => one.path === at);
    }
    return node;
  }

  async function listAgain(node: Node): Promise<void> {
    // One that was unfolded while nobody answered has no children yet.
    if (node.children === undefined && !node.isUnfolded) return;
    await list(node);
    for (const child of node.children ?? []) if (child.kind === "folder") await listAgain(child);
  }

  /** What was unfolded while nobody answered, or could not be listed then, is listed now. */
  async function recover(node: Node): Promise<void> {
    if (node.isStale || (node.isUnfolded && node.children === undefined)) await list(node);
    for (const child of node.children ?? []) if (child.kind === "folder") await recover(child);
  }

  function tellRoots(): void {
    onRoots(roots.filter((one) => one.isUnfolded).map((one) => one.name));
  }

  async function toggle(node: Node): Promise<void> {
    node.isUnfolded = !node.isUnfolded;
    refresh(node);
    changed();
    if (node.path === "") tellRoots();
    if (node.isUnfolded && !node.isWhole) await list(node);
  }

  return {
    rows,
    setRoots(served) {
      const known = roots;
      roots = served.map(({ name }) => known.find((one) => one.name === name) ?? createNode(name, "", "folder", 0));
      changed();
      tellRoots();
      const only = roots[0];
      // One root alone has nothing to choose from: it opens by itself, once.
      if (roots.size() === 1 && only.children === undefined && !only.isUnfolded) void toggle(only);
      // It never rejects: what fails becomes the problem of its folder.
      for (const root of known) void recover(root);
    },
    toggle(node) {
      return toggle(node);
    },
    async hear(root, changes) {
      const folders = new Set(changes.map((change) => parentOf(change.path)));
      for (const folder of folders) {
        const node = find(root, folder);
        if (node?.children !== undefined) await list(node);
      }
    },
    async check(root) {
      const node = find(root, "");
      if (node !== undefined) await listAgain(node);
    },
  };
}
