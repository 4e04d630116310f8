import type { Output } from "../../shared/contract/index.js";

export type Change = Output<"watch/changes">["changes"][number];

/** A change as it is kept. A rename is kept as two: the old path removed, the new one added with `from`. */
export interface Noted {
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  readonly hash?: string;
  /** Where it stood before under another name. */
  readonly from?: string;
  /** Whose own write it was. */
  readonly by?: string;
}

/** To whom changes are told. */
export interface View {
  /** Whose own writes are left out. */
  readonly except?: string;
  /** Whether a rename is told as one change. */
  readonly moves: boolean;
}

/** What became of one path. */
interface Story {
  readonly first: Noted;
  readonly last: Noted;
  /** Where what stands there now was at the beginning, if under another name. */
  readonly origin?: string;
}

/** One change per path, in the order of the last: added and removed again is nothing, removed and added again is changed. */
export function mergeChanges(changes: readonly Noted[], { except, moves }: View): Change[] {
  const stories = storiesOf(changes, except);
  const movedTo = moves ? movesOf(stories) : new Map<string, string>();
  const left = new Set(movedTo.values());
  const told = [...stories].flatMap(([path, story]) => {
    const from = movedTo.get(path);
    if (from !== undefined) return isImplied(path, from, stories, movedTo) ? [] : [movedChange(story, from)];
    return left.has(path) ? [] : plainChange(story);
  });
  // What is gone from a folder before the folder is moved: whoever does as told takes nothing along that is not there.
  const isRemoval = ({ kind }: Change) => kind === "removed";
  return moves ? [...told.filter(isRemoval), ...told.filter((change) => !isRemoval(change))] : told;
}

function storiesOf(changes: readonly Noted[], except: string | undefined): Map<string, Story> {
  const stories = new Map<string, Story>();
  const origins = new Map<string, string>();
  for (const change of changes) {
    const { path, from } = change;
    const first = stories.get(path)?.first ?? change;
    stories.delete(path);
    if (from !== undefined) origins.set(path, origins.get(from) ?? from);
    else if (change.kind === "added") origins.delete(path);
    // What somebody wrote is what they know: only what came after it can be new to them.
    if (except !== undefined && change.by === except) continue;
    const origin = change.kind === "removed" ? undefined : origins.get(path);
    stories.set(path, { first, last: change, ...(origin !== undefined && { origin }) });
  }
  return stories;
}

function plainChange({ first, last }: Story): Change[] {
  const { path, hash } = last;
  if (last.kind === "removed") return first.kind === "added" ? [] : [{ path, kind: "removed" }];
  const kind = first.kind === "added" ? "added" : first === last ? last.kind : "changed";
  return [{ path, kind, ...(hash !== undefined && { hash }) }];
}

function movedChange({ last: { path, hash } }: Story, from: string): Change {
  return { path, kind: "moved", from, ...(hash !== undefined && { hash }) };
}

/** The paths that hold what was elsewhere, where nothing is any more. */
function movesOf(stories: ReadonlyMap<string, Story>): Map<string, string> {
  const moved = new Map<string, string>();
  const taken = new Set<string>();
  for (const [path, { origin }] of stories) {
    const left = origin === undefined ? undefined : stories.get(origin);
    if (origin === undefined || left === undefined || taken.has(origin) || plainChange(left)[0]?.kind !== "removed") {
      continue;
    }
    taken.add(origin);
    moved.set(path, origin);
  }
  // What was in a folder that moved and is not at its place there is told as removed and added.
  const placeOf = new Map([...moved].map(([path, origin]) => [origin, path]));
  for (const [path, origin] of moved) {
    const folder = foldersOf(origin).find((above) => placeOf.has(above));
    if (folder !== undefined && path !== `${placeOf.get(folder)}${origin.slice(folder.length)}`) moved.delete(path);
  }
  return moved;
}

/** The folders on the way to a path, the outermost first. */
function foldersOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_name, index) => names.slice(0, index + 1).join("/"));
}

/** Whether the move of the folder says it all: the path moved with it, and nothing else has happened to it. */
function isImplied(
  path: string,
  from: string,
  stories: ReadonlyMap<string, Story>,
  moved: ReadonlyMap<string, string>,
): boolean {
  const parent = parentOf(path);
  if (parent === undefined || moved.get(parent) !== parentOf(from)) return false;
  if (path.slice(parent.length) !== from.slice((parentOf(from) ?? "").length)) return false;
  const here = stories.get(path);
  return here?.first === here?.last && here?.last.from === from && stories.get(from)?.first.kind === "removed";
}

function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? undefined : path.slice(0, slash);
}
