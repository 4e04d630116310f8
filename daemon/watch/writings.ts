import type { OwnWrite } from "../own-write.js";
import type { Sight } from "./ground.js";

/** What clients are writing through the daemon, and what of it is still to be told. */
export interface Writings {
  begin(writer: string, paths: readonly string[]): OwnWrite;
  /** Whether what happens at a path is not yet to be looked at. It will be, when the write is over. */
  isHeld(path: string): boolean;
  /** Whose own write made a path what it is now. @param isMoved whether it was only renamed, or is gone. */
  writerOf(path: string, now: Sight | undefined, isMoved: boolean): string | undefined;
  /** A path has been looked at, and what was written there told. */
  settle(path: string): void;
  /** What was written may have been told of as anybody's. */
  forget(): void;
}

interface Done {
  readonly writer: string;
  readonly hash?: string;
}

/** @param look told of the paths to look at, when a write is over. */
export function createWritings(look: (path: string) => void): Writings {
  /** The paths of the writes that are under way, and whose they are. */
  const aims = new Set<{ readonly writer: string; readonly paths: readonly string[] }>();
  /** How many writes hold a path. */
  const held = new Map<string, number>();
  /** What was to be looked at meanwhile. */
  const postponed = new Set<string>();
  const done = new Map<string, Done>();

  function release(paths: readonly string[]): void {
    for (const path of paths) {
      const count = (held.get(path) ?? 1) - 1;
      if (count === 0) held.delete(path);
      else held.set(path, count);
    }
    for (const path of postponed) {
      if (isCovered(path)) continue;
      postponed.delete(path);
      look(path);
    }
  }

  function isCovered(path: string): boolean {
    return held.size > 0 && withAncestors(path).some((above) => held.has(above));
  }

  /** Who moved or removed a folder that a path was below. */
  function carrierOf(path: string): string | undefined {
    const above = withAncestors(path).find((ancestor) => done.has(ancestor));
    return above === undefined ? undefined : done.get(above)?.writer;
  }

  /** For whose write a folder was made, being on its way. */
  function makerOf(folder: string): string | undefined {
    const isBelow = (path: string) => path.startsWith(`${folder}/`);
    for (const [path, { writer }] of done) if (isBelow(path)) return writer;
    for (const { writer, paths } of aims) if (paths.some(isBelow)) return writer;
    return undefined;
  }

  return {
    begin(writer, paths) {
      const aim = { writer, paths };
      let isHolding = false;
      aims.add(aim);
      return {
        hold() {
          isHolding = true;
          for (const path of paths) held.set(path, (held.get(path) ?? 0) + 1);
        },
        done(results) {
          aims.delete(aim);
          for (const { path, hash } of results) {
            done.set(path, { writer, ...(hash !== undefined && { hash }) });
            look(path);
          }
          if (isHolding) release(paths);
        },
      };
    },
    isHeld(path) {
      if (!isCovered(path)) return false;
      postponed.add(path);
      return true;
    },
    writerOf(path, now, isMoved) {
      const own = done.get(path);
      if (own !== undefined) return own.hash === now?.hash ? own.writer : undefined;
      if (isMoved) return done.size === 0 ? undefined : carrierOf(path);
      return now?.kind === "folder" ? makerOf(path) : undefined;
    },
    settle(path) {
      done.delete(path);
    },
    forget() {
      done.clear();
    },
  };
}

/** A path and the folders on its way, the nearest first. */
function withAncestors(path: string): string[] {
  const found = [path];
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    found.push(path.slice(0, slash));
  }
  return found;
}
