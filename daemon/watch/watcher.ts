import { type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";

export interface Notices {
  /** Something may have changed at a path, below it too if it is a folder. "" is the root. */
  onHint(path: string): void;
  /** The system gives no notices on a folder. */
  onLoss(error: unknown): void;
  /** Whether notices on the root tell of all below it. */
  readonly isDeep: boolean;
  /** Calls back with where the system finds a folder at this moment, unless there is none that may be seen. */
  reach(path: string, act: (folder: string) => void): void;
}

/** The system's notices on the folders of a root. */
export interface Watcher {
  /** Asks for notices on a folder; nothing where it has them. What comes into the folder from now on is told of. */
  follow(path: string): void;
  /** Wants no more notices on a folder. */
  drop(path: string): void;
  /** Whether there are notices on every folder that they were asked for on. */
  isWhole(): boolean;
  close(): void;
}

/** The folder went away, which the notices on its parent say, or nobody may list it. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "EACCES", "EPERM"];

/**
 * The only file that asks the system for notices. The danger: a notice may come late, twice, or not at all: of 20,000
 * files written while the loop stood still, Linux told of 8,192, without an error, whatever library was asked. So a
 * notice is no more than a hint. Where they are not given on a whole tree, each folder is asked for by itself: Node's own
 * recursive watch would ask for each file.
 * Each folder is reached through the sandbox, so that what is watched is the folder itself and not what its name leads
 * to by then.
 */
export function createWatcher({ onHint, onLoss, isDeep, reach }: Notices): Watcher {
  const watches = new Map<string, FSWatcher>();
  const lacking = new Set<string>();

  function lack(path: string, error: unknown): void {
    lacking.add(path);
    onLoss(error);
  }

  function begin(path: string, folder: string): void {
    const own = basename(folder);
    const at = (name: string) => (path === "" ? name : `${path}/${name}`);
    const watcher = watch(folder, { recursive: isDeep, persistent: false }, (_event, name) => {
      if (name === null) onHint(path);
      else onHint(at(isDeep ? name.replaceAll("\\", "/") : name));
      // What happens to a folder itself is told under the name by which it was reached; only the root has no parent to say so.
      if (path === "" && name === own) onHint("");
    });
    watcher.on("error", (error) => {
      drop(path);
      lack(path, error);
    });
    watches.set(path, watcher);
    lacking.delete(path);
  }

  function drop(path: string): void {
    watches.get(path)?.close();
    watches.delete(path);
    lacking.delete(path);
  }

  return {
    follow(path) {
      if (watches.has(path) || (isDeep && path !== "")) return;
      try {
        reach(path, (folder) => begin(path, folder));
      } catch (error) {
        if (!NOT_THERE.includes((error as NodeJS.ErrnoException).code ?? "")) lack(path, error);
      }
    },
    drop,
    isWhole: () => lacking.size === 0,
    close() {
      for (const path of [...watches.keys()]) drop(path);
    },
  };
}
