import { type Source, source } from "@rbxts/vide";
import type { Entry, Files, Root } from "../bridge/files.js";
import type { Change } from "../bridge/watch-poll.js";
import { losesConnection } from "../wire/failure.js";
import { problemOf } from "../wire/problem.js";

/** Rows of one folder that are shown at once; 5,000 labels at a time would freeze Studio. */
const PAGE_ROWS = 200;

export interface Node {
  readonly root: string;
  readonly path: string;
  readonly name: string;
  readonly kind: Entry["kind"];
  readonly depth: number;
  readonly bytes: Source<number>;
  readonly expanded: Source<boolean>;
  /** Undefined until listed. */
  readonly children: Source<readonly Node[] | undefined>;
  readonly rows: Source<number>;
  readonly problem: Source<string | undefined>;
  /** It could not be listed when it was last asked for: what it shows is of before. */
  isStale: boolean;
  /** Counts the listings that were begun: the answer to any but the last is out of date. */
  listings: number;
}

export interface Tree {
  readonly roots: () => readonly Node[];
  setRoots(roots: readonly Root[]): void;
  /** Unfolds or folds a folder; its content is listed when it is first seen. */
  toggle(node: Node): Promise<void>;
  showMore(node: Node): void;
  /** Lists again the folders that a change concerns, where they have been listed. */
  hear(root: string, changes: readonly Change[]): Promise<void>;
  /** Lists again all that has been listed of a root. */
  check(root: string): Promise<void>;
}

function createNode(root: string, path: string, kind: Entry["kind"], bytes: number): Node {
  const parts = path.split("/");
  return {
    root,
    path,
    name: path === "" ? root : parts[parts.size() - 1],
    kind,
    depth: path === "" ? 0 : parts.size(),
    bytes: source(bytes),
    expanded: source(false),
    children: source<readonly Node[] | undefined>(undefined),
    rows: source(PAGE_ROWS),
    problem: source<string | undefined>(undefined),
    isStale: false,
    listings: 0,
  };
}

function parentOf(path: string): string {
  return path.match("^(.*)/[^/]*$")[0] === undefined ? "" : `${path.match("^(.*)/[^/]*$")[0]}`;
}

/** The model of the tree of files. `onRoots` is told the names of the roots that are unfolded. */
export function createTree(files: Files, onRoots: (roots: readonly string[]) => void): Tree {
  const roots = source<readonly Node[]>([]);

  function find(root: string, path: string): Node | undefined {
    let node = roots().find((one) => one.name === root);
    if (path === "") return node;
    let at = "";
    for (const part of path.split("/")) {
      at = at === "" ? part : `${at}/${part}`;
      node = node?.children()?.find((one) => one.path === at);
    }
    return node;
  }

  async function read(node: Node): Promise<Entry[]> {
    const entries: Entry[] = [];
    let after: string | undefined;
    do {
      const page = await files.list(node.root, node.path, { after });
      for (const entry of page.entries) entries.push(entry);
      after = page.after;
    } while (after !== undefined);
    return entries;
  }

  /** A node that is still there stays the same node, so that what is unfolded stays unfolded. Folders come first. */
  async function list(node: Node): Promise<void> {
    node.listings += 1;
    const listing = node.listings;
    try {
      const entries = await read(node);
      if (listing !== node.listings) return;
      const known = new Map((node.children() ?? []).map((child) => [`${child.kind} ${child.path}`, child] as const));
      const folders: Node[] = [];
      const others: Node[] = [];
      for (const entry of entries) {
        const child =
          known.get(`${entry.kind} ${entry.path}`) ?? createNode(node.root, entry.path, entry.kind, entry.bytes);
        child.bytes(entry.bytes);
        if (entry.kind === "folder") folders.push(child);
        else others.push(child);
      }
      node.isStale = false;
      node.problem(undefined);
      node.children([...folders, ...others]);
    } catch (thrown) {
      if (listing !== node.listings) return;
      const problem = problemOf(thrown);
      node.isStale = true;
      // That the connection is lost the session shows already: the rows of before stay where they are.
      if (node.children() === undefined || !losesConnection(problem)) node.problem(problem.detail);
    }
  }

  async function listAgain(node: Node): Promise<void> {
    // One that was unfolded while nobody answered has no children yet.
    if (node.children() === undefined && !node.expanded()) return;
    await list(node);
    for (const child of node.children() ?? []) await listAgain(child);
  }

  /** What was unfolded while nobody answered, or could not be listed then, is listed now. */
  async function recover(node: Node): Promise<void> {
    if (node.isStale || (node.expanded() && node.children() === undefined)) await list(node);
    for (const child of node.children() ?? []) await recover(child);
  }

  function tellRoots(): void {
    const unfolded = roots().filter((one) => one.expanded());
    onRoots(unfolded.map((one) => one.name));
  }

  async function toggle(node: Node): Promise<void> {
    node.expanded(!node.expanded());
    if (node.path === "") tellRoots();
    if (node.expanded() && node.children() === undefined) await list(node);
  }

  return {
    roots,
    setRoots(served) {
      const known = roots();
      roots(served.map(({ name }) => known.find((one) => one.name === name) ?? createNode(name, "", "folder", 0)));
      tellRoots();
      const only = roots()[0];
      // One root alone has nothing to choose from: it opens by itself, once.
      if (roots().size() === 1 && only.children() === undefined && !only.expanded()) void toggle(only);
      // It never rejects: what fails becomes the problem of its folder.
      for (const root of known) void recover(root);
    },
    toggle(node) {
      return toggle(node);
    },
    showMore(node) {
      node.rows(node.rows() + PAGE_ROWS);
    },
    async hear(root, changes) {
      const folders = new Set(changes.map((change) => parentOf(change.path)));
      for (const folder of folders) {
        const node = find(root, folder);
        if (node?.children() !== undefined) await list(node);
      }
    },
    async check(root) {
      const node = find(root, "");
      if (node !== undefined) await listAgain(node);
    },
  };
}
