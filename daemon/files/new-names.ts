import { syncFolder } from "./leaf.js";
import type { Folder } from "./walk.js";

/**
 * The folders that hold a name which is not yet safe on disk, whichever call made it. The danger: a call finds a folder
 * that another has just made, writes into it, answers that its file is safe, and a power cut takes the folder with it.
 * The rule: whoever makes a folder says so here, and every write makes safe what is left on its way. To do so
 * at every write for every folder on the way would cost a write 1 ms more (measured on ext4, five folders deep: 2.6 ms
 * for 1.6). Not protected: a folder that another program has just made.
 */
export interface NewNames {
  add(folder: Folder): void;
  /** Makes the names in a folder safe, if any is not. */
  settle(folder: Folder): Promise<void>;
}

export function createNewNames(): NewNames {
  const latest = new Map<string, symbol>();
  return {
    add(folder) {
      latest.set(folder.id, Symbol());
    },
    async settle(folder) {
      const settled = latest.get(folder.id);
      if (settled === undefined) return;
      await syncFolder(folder);
      // A name that came while the disk worked may have come too late for it.
      if (latest.get(folder.id) === settled) latest.delete(folder.id);
    },
  };
}
