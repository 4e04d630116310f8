import type { Entry } from "../bridge/files.js";

/** What stands in one row of the tree: a node, or a sentence about the folder above it. */
export interface TreeRow {
  readonly node: Node;
  readonly look: Entry["kind"] | "remark" | "warning";
  readonly text: string;
  /** Levels below the root. */
  readonly depth: number;
  readonly isUnfolded: boolean;
  /** Of a file. */
  readonly bytes: number;
}

export interface Node {
  readonly root: string;
  readonly path: string;
  readonly name: string;
  readonly kind: Entry["kind"];
  readonly depth: number;
  bytes: number;
  isUnfolded: boolean;
  /** Undefined until a page of it is there. */
  children?: readonly Node[];
  /** Whether the children are all that there are. */
  isWhole: boolean;
  problem?: string;
  /** It could not be listed when it was last asked for: what it shows is of before. */
  isStale: boolean;
  /** `again`: it has changed since the listing that is under way began. */
  listing: "none" | "on" | "again";
  /** Its own row and those of what there is to say after its children; new ones after each change. */
  row: TreeRow;
  remarks: readonly TreeRow[];
}

function remarksOf(node: Node): TreeRow[] {
  const { problem, children, isWhole } = node;
  const depth = node.depth + 1;
  const say = (text: string, look: "remark" | "warning" = "remark"): TreeRow => ({
    node,
    look,
    text,
    depth,
    isUnfolded: false,
    bytes: 0,
  });
  const said: TreeRow[] = [];
  if (problem !== undefined) said.push(say(problem, "warning"));
  else if (!isWhole) said.push(say(`Listing… ${children?.size() ?? 0} so far. Fold it to stop.`));
  else if (children?.isEmpty() === true) {
    said.push(say("This folder is empty."));
    said.push(say("A file put into it shows here."));
  }
  return said;
}

/** To be called after each change of a node that its rows show. */
export function refresh(node: Node): void {
  const { name, kind, depth, isUnfolded, bytes } = node;
  node.row = { node, look: kind, text: name, depth, isUnfolded, bytes };
  node.remarks = kind === "folder" ? remarksOf(node) : [];
}

export function createNode(root: string, path: string, kind: Entry["kind"], bytes: number): Node {
  const [name] = path === "" ? [root] : path.match("[^/]*$");
  const depth = path === "" ? 0 : path.split("/").size();
  const node: Node = {
    root,
    path,
    name: `${name}`,
    kind,
    depth,
    bytes,
    isUnfolded: false,
    isWhole: false,
    isStale: false,
    listing: "none",
    row: undefined as never,
    remarks: [],
  };
  refresh(node);
  return node;
}

function append(rows: TreeRow[], node: Node): void {
  rows.push(node.row);
  if (!node.isUnfolded) return;
  for (const child of node.children ?? []) {
    if (child.isUnfolded) append(rows, child);
    else rows.push(child.row);
  }
  for (const remark of node.remarks) rows.push(remark);
}

/** The rows of the whole tree, from the top down. */
export function rowsOf(roots: readonly Node[]): TreeRow[] {
  const rows: TreeRow[] = [];
  for (const node of roots) append(rows, node);
  return rows;
}
