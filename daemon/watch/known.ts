import type { Sight } from "./ground.js";

interface Node {
  sight: Sight | undefined;
  /** Absent for what holds nothing: most are files, and there are many. */
  below?: Map<string, Node>;
}

/** What stood at each path when it was last looked at, as a tree, so that a folder can be forgotten with what it holds. */
export interface Known {
  get(path: string): Sight | undefined;
  set(path: string, sight: Sight): void;
  /** Forgets a path and all below it. Answers what was known of them, each folder after what it held. */
  remove(path: string): [string, Sight][];
  /** The paths below a folder, each folder before what it holds. */
  below(path: string): string[];
}

export function createKnown(): Known {
  const root: Node = { sight: undefined };
  const namesOf = (path: string) => (path === "" ? [] : path.split("/"));

  function find(names: readonly string[]): Node | undefined {
    let node: Node | undefined = root;
    for (const name of names) node = node?.below?.get(name);
    return node;
  }

  function* all(node: Node, path: string): Generator<[string, Sight]> {
    if (node.sight !== undefined) yield [path, node.sight];
    for (const [name, inner] of node.below ?? []) yield* all(inner, path === "" ? name : `${path}/${name}`);
  }

  return {
    get: (path) => find(namesOf(path))?.sight,
    set(path, sight) {
      let node = root;
      for (const name of namesOf(path)) {
        node.below ??= new Map();
        const inner: Node = node.below.get(name) ?? { sight: undefined };
        node.below.set(name, inner);
        node = inner;
      }
      node.sight = sight;
    },
    remove(path) {
      const names = namesOf(path);
      const node = find(names);
      if (node === undefined) return [];
      const gone = [...all(node, path)];
      if (names.length === 0) {
        root.sight = undefined;
        root.below?.clear();
      } else find(names.slice(0, -1))?.below?.delete(names.at(-1) ?? "");
      return gone.reverse();
    },
    below(path) {
      const node = find(namesOf(path));
      return node === undefined ? [] : [...all(node, path)].map(([name]) => name).filter((name) => name !== path);
    },
  };
}
