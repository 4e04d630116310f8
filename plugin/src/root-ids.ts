import type { Files, Root } from "./bridge/files.js";

/** Which folder each root is: its name alone may be another project's after a restart of the daemon. */
export interface RootIds {
  /** As last heard; undefined where the daemon serves no such root. */
  idOf(root: string): string | undefined;
  /** Resolves once the ids are those of the daemon that is there now. */
  ensure(): Promise<void>;
  confirm(roots: readonly Root[]): void;
  /** The connection is lost: another daemon may be the next to answer. */
  doubt(): void;
}

export function createRootIds(files: Files): RootIds {
  let ids = new Map<string, string>();
  let confirmed = false;

  function confirm(roots: readonly Root[]): void {
    ids = new Map(roots.map((root) => [root.name, root.id] as const));
    confirmed = true;
  }

  return {
    idOf(root) {
      return ids.get(root);
    },
    async ensure() {
      if (!confirmed) confirm(await files.roots());
    },
    confirm(roots) {
      confirm(roots);
    },
    doubt() {
      confirmed = false;
    },
  };
}
