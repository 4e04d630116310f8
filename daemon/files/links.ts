import { isUtf8 } from "node:buffer";
import { isAbsolute, sep } from "node:path";
import { errnoOf, failOnDisk, refuse } from "./errno.js";
import { linkAt, lookAt } from "./leaf.js";
import type { Folder, Spot, Walk } from "./walk.js";

/** As many as Linux follows on one path. */
const MOST = 40;
const SEPARATORS = sep === "/" ? "/" : /[/\\]/u;

/** Where a path with links in it is straightened. */
export interface Terrain {
  readonly walk: Walk;
  /** The folder of the root, and where it is. */
  readonly base: Folder;
  readonly folder: string;
  /** Fails unless a client's path could have these names. */
  admit(names: readonly string[]): void;
  /** Enters a folder without following a link. */
  enter(parent: Folder, name: string): Folder;
}

/**
 * The names of a path with the links in it resolved, for a root whose links are followed. What the last of them name need
 * not be there.
 * The danger: a link that the system follows leads anywhere. The rule: it is read as text, and its parts are walked one
 * by one from where it stands, as names that must pass whatever a client's names must pass. What comes of it are names
 * and no handle: whoever goes on walks them once more, without following, so that a swap in between leads nowhere.
 * @param at the client's path, for its eyes. Fails with `outside-root` where a link leads out or in a circle.
 */
export function straighten(terrain: Terrain, path: readonly string[], at: string): readonly string[] {
  const { walk, base, admit, enter } = terrain;
  const todo = [...path];
  const way: { readonly name: string; readonly folder: Folder }[] = [];
  const back = (to: number) => {
    for (const { folder } of way.splice(to)) walk.leave(folder);
  };
  let links = 0;
  try {
    for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (way.length === 0) refuse("outside-root", at);
        back(-1);
        continue;
      }
      const place = { folder: way.at(-1)?.folder ?? base, name: part };
      const names = [...way.map(({ name }) => name), part];
      admit(names);
      const stats = lookAt(place);
      if (stats === undefined) return missing(names, todo, admit, at);
      if (stats.isSymbolicLink()) {
        links += 1;
        if (links > MOST) refuse("outside-root", at);
        const target = targetOf(place, at);
        if (isAbsolute(target)) back(0);
        todo.unshift(...partsOf(target, terrain.folder, at));
      } else if (todo.length === 0) return names;
      else way.push({ name: part, folder: enter(place.folder, part) });
    }
    return way.map(({ name }) => name);
  } finally {
    back(0);
  }
}

/** A path on from its first name that is not there. */
function missing(names: string[], rest: readonly string[], admit: Terrain["admit"], at: string): readonly string[] {
  for (const part of rest) {
    if (part === "" || part === "." || part === "..") refuse("not-found", at);
    names.push(part);
    admit(names);
  }
  return names;
}

function targetOf(place: Pick<Spot, "folder" | "name">, at: string): string {
  try {
    const target = linkAt(place);
    return isUtf8(target) ? target.toString("utf8") : refuse("outside-root", at);
  } catch (error) {
    // No longer a link.
    if (errnoOf(error) === "EINVAL") refuse("outside-root", at);
    return failOnDisk(error, at);
  }
}

/** The parts of a link's text, from the root on where it is absolute. */
function partsOf(target: string, root: string, at: string): string[] {
  if (!isAbsolute(target)) return target.split(SEPARATORS);
  const within = root.endsWith(sep) ? root : root + sep;
  if (target === root) return [];
  return target.startsWith(within) ? target.slice(within.length).split(SEPARATORS) : refuse("outside-root", at);
}
