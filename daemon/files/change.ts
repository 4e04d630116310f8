/** A file as it stood. */
export interface Content {
  /** SHA-256 in hex; absent for a file that is too large to be kept. */
  readonly hash?: string;
  readonly bytes: number;
  /** Permission bits; absent for a new file, which has those that the system gives. */
  readonly mode?: number;
}

/** A folder with all that is in it, which moves as it stands. */
export interface Whole {
  /** Which folder it is: its inode. */
  readonly folder: string;
}

/** What stands at a path; a folder stands for itself alone unless it is moved. */
export type State = "nothing" | "folder" | Whole | Content;

/** What an operation does at one path. The same two states the other way round undo it. */
export interface Change {
  readonly path: string;
  readonly before: State;
  readonly after: State;
  /** Of what was moved: the path that it comes from, where another change leaves nothing. */
  readonly from?: string;
}

export type Kind = "write" | "remove" | "move" | "folder" | "apply" | "undo";

/** One operation in the journal. */
export interface Deed {
  readonly kind: Kind;
  /** The name of the token. */
  readonly by: string;
  readonly timeMs: number;
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  /** Which operation this one has undone. */
  readonly undoes?: string;
}

export function isContent(state: State): state is Content {
  return typeof state === "object" && "bytes" in state;
}

export function isWhole(state: State): state is Whole {
  return typeof state === "object" && "folder" in state;
}

export function isFolder(state: State): boolean {
  return state === "folder" || isWhole(state);
}

/** Whether two looks have found the same: one folder is like another, the mode does not count, and what has no hash is like nothing else. */
export function isSame(one: State, other: State): boolean {
  if (isFolder(one)) return isFolder(other);
  if (!isContent(one) || !isContent(other)) return one === other;
  return one.hash !== undefined && one.hash === other.hash;
}

/** Whether all that an operation has replaced is kept. */
export function isKept({ changes }: Deed): boolean {
  return changes.every(({ before }) => !isContent(before) || before.hash !== undefined);
}
