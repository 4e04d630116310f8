import type { Bridge } from "./bridge/index.js";
import type { Watch } from "./bridge/watch.js";
import type { Change } from "./bridge/watch-poll.js";

export interface FollowerOptions {
  readonly bridge: Bridge;
  readonly onChanges: (root: string, changes: readonly Change[]) => void;
  /** Something may have been missed: look at the whole root again. */
  readonly onDoubt: (root: string) => void;
}

/** Watches the roots that the user looks at, while there is a connection. */
export interface Follower {
  /** The roots that `who` looks at from now on. */
  follow(who: string, roots: readonly string[]): void;
  online(): void;
  /** Stops asking; the cursors are kept, so that nothing between is missed. */
  offline(): void;
}

export function createFollower({ bridge, onChanges, onDoubt }: FollowerOptions): Follower {
  const watches = new Map<string, Watch>();
  const cursors = new Map<string, string>();
  const lookers = new Map<string, readonly string[]>();
  let connected = false;

  function stop(root: string, watch: Watch): void {
    const cursor = watch.cursor();
    if (cursor !== undefined) cursors.set(root, cursor);
    watch.close();
    watches.delete(root);
  }

  function adjust(): void {
    const wanted = new Set<string>();
    for (const [, roots] of lookers) {
      for (const root of roots) wanted.add(root);
    }
    for (const [root, watch] of watches) {
      if (!connected || !wanted.has(root)) stop(root, watch);
    }
    if (!connected) return;
    for (const root of wanted) {
      if (watches.has(root)) continue;
      const watch = bridge.watch({
        root,
        since: cursors.get(root),
        onChanges: (changes) => onChanges(root, changes),
        onOverflow: () => onDoubt(root),
        onReady: () => onDoubt(root),
      });
      watches.set(root, watch);
    }
  }

  return {
    follow(who, roots) {
      lookers.set(who, roots);
      adjust();
    },
    online() {
      connected = true;
      adjust();
    },
    offline() {
      connected = false;
      adjust();
    },
  };
}
