import { lstatSync, realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { Failure, fail } from "../fail.js";
import { fold, isDenied } from "./denied.js";
import { errnoOf, failOnDisk, refuse } from "./errno.js";
import { lookAt } from "./leaf.js";
import { straighten } from "./links.js";
import { isSayable, parsePath } from "./path.js";
import { walkOfSystem } from "./system.js";
import { type Folder, identityOf, type Spot, type Walk } from "./walk.js";

/** A folder that is served, and how far. */
export interface Root {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly access: "read" | "write";
}

/** One call's way through a root. It keeps the folders of the path it was at last, so that neighbours cost no walk. */
export interface Visit {
  readonly root: Root;
  /** The folder at a path, "" for the root. */
  folder(names: readonly string[]): Folder;
  /** A path's names, none of them denied. */
  names(path: string): readonly string[];
  /** The last name of a path, in its folder; undefined for the root. Where links are followed, that of what it leads to. */
  spot(path: string): Spot | undefined;
  /** The last of these names itself, in its folder, be it a link. @param path the names as one text, where the caller has it. */
  spotIn(names: readonly string[], path?: string): Spot;
  /** A path's names, where links are followed without the links in them; the last one `itself` may be a link. What is missing on the way need not be there. */
  real(path: string, last?: "itself"): readonly string[];
  /** Where links are followed and one is on the way: the path, without links, of what stands there. */
  leadsTo(names: readonly string[]): string | undefined;
  /** Whether a listing shows a name: not those that are denied, not those that no path can say. */
  shows(names: readonly string[]): "shown" | "denied" | "unsayable";
  close(): void;
}

export interface Sandbox {
  readonly roots: readonly Root[];
  /** Fails with `no-root`. @param links `refused` for who must see everything under one path only. */
  enter(root: string, links?: "refused"): Visit;
}

interface Guarded extends Root {
  /** Folders below the root that are never served, as folded names. */
  readonly hidden: readonly (readonly string[])[];
  /** Identities of folders that are never served, under whatever name they are reached. */
  readonly barred: ReadonlySet<string>;
}

function identityAt(folder: string): string[] {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() ? [identityOf(stats)] : [];
}

function below(parent: string, child: string): string[] | undefined {
  const way = relative(parent, child);
  if (way === "") return [];
  return way === ".." || way.startsWith(`..${sep}`) || /^(?:[a-z]:|[\\/])/iu.test(way) ? undefined : way.split(sep);
}

function guard(root: Root, denied: readonly string[]): Guarded {
  const folder = openable(root);
  for (const secret of denied) {
    if (below(secret, folder)) throw new Error(`root ${root.name}: this folder is Puente's own and is never served`);
  }
  const hidden = denied.flatMap((secret) => {
    const way = below(folder, secret);
    return way ? [way.map(fold)] : [];
  });
  const barred = new Set([...denied, `${folder}${sep}.git`].flatMap(identityAt));
  return { ...root, folder, hidden, barred };
}

function openable(root: Root): string {
  try {
    return realpathSync.native(root.folder);
  } catch (error) {
    throw new Error(`root ${root.name}: the folder cannot be opened (${errnoOf(error)})`, { cause: error });
  }
}

function isHidden(root: Guarded, names: readonly string[]): boolean {
  return root.hidden.some((way) =>
    way.every((name, depth) => names[depth] !== undefined && name === fold(names[depth])),
  );
}

/**
 * The only door to the disk. The danger: a path that is harmless as text leads out of its root through a link, or to
 * what nobody may see. The rule: text is parsed once, each name is held against the deny list, and the walk goes from
 * folder to folder without following a link; what is done at the end is done in the folder that the walk has reached.
 * A root is opened anew by each call, so that one that was removed and made again is the new one.
 * Not protected: reading through hard links, bind mounts, whoever may rename the folders above a root, and what
 * `walk-portable.ts` says of systems other than Linux.
 */
export function createSandbox(
  roots: readonly Root[],
  denied: readonly string[],
  walk = walkOfSystem(),
  followsLinks = false,
): Sandbox {
  const real = denied.flatMap((folder) => [folder, ...resolved(folder)]);
  const guarded = new Map(roots.map((root) => [root.name, guard(root, real)]));
  for (const root of guarded.values()) walk.leave(walk.begin(root.folder));
  return {
    roots: [...guarded.values()],
    enter: (name, links) =>
      visit(
        walk,
        guarded.get(name) ?? fail("no-root", "There is no root of that name.", { at: "root" }),
        followsLinks && links !== "refused",
      ),
  };
}

function resolved(folder: string): string[] {
  return lstatSync(folder, { throwIfNoEntry: false }) === undefined ? [] : [realpathSync.native(folder)];
}

function visit(walk: Walk, root: Guarded, followsLinks: boolean): Visit {
  const base = beginAt(walk, root);
  const steps: { readonly name: string; readonly folder: Folder }[] = [];

  function admit(names: readonly string[]): void {
    if (names.some(isDenied) || isHidden(root, names)) {
      fail("denied-path", "Puente never touches this.", { at: names.join("/") });
    }
  }

  function namesOf(path: string): readonly string[] {
    const names = parsePath(path);
    admit(names);
    return names;
  }

  function enter(parent: Folder, name: string, at: string): Folder {
    let folder: Folder;
    try {
      folder = walk.enter(parent, name);
    } catch (error) {
      // A link and a file fail alike; only what is said of them differs.
      if (errnoOf(error) === "ENOTDIR" && lookAt({ folder: parent, name })?.isSymbolicLink()) {
        refuse("outside-root", at);
      }
      return failOnDisk(error, at);
    }
    if (!root.barred.has(folder.id)) return folder;
    walk.leave(folder);
    return fail("denied-path", "Puente never touches this.", { at });
  }

  function straight(names: readonly string[]): readonly string[] {
    const at = names.join("/");
    return straighten(
      {
        walk,
        base,
        folder: root.folder,
        admit(way) {
          admit(way);
          if (!isSayable(way)) refuse("outside-root", at);
        },
        enter: (parent, name) => enter(parent, name, at),
      },
      names,
      at,
    );
  }

  function folderAt(names: readonly string[]): Folder {
    try {
      return walkTo(names);
    } catch (error) {
      if (!followsLinks || !(error instanceof Failure) || error.problem.code !== "outside-root") throw error;
      return walkTo(straight(names));
    }
  }

  function walkTo(names: readonly string[]): Folder {
    let depth = 0;
    while (depth < steps.length && steps[depth]?.name === names[depth]) depth += 1;
    for (const step of steps.splice(depth)) walk.leave(step.folder);
    for (const name of names.slice(depth)) {
      const parent = steps.at(-1)?.folder ?? base;
      steps.push({ name, folder: enter(parent, name, names.slice(0, steps.length + 1).join("/")) });
    }
    return steps.at(-1)?.folder ?? base;
  }

  function spotIn(names: readonly string[], path = names.join("/")): Spot {
    const name = names.at(-1) ?? fail("internal", "The root has no name.");
    return { walk, folder: folderAt(names.slice(0, -1)), name, path };
  }

  return {
    root,
    folder(names) {
      admit(names);
      return folderAt(names);
    },
    names: namesOf,
    spot(path) {
      const names = namesOf(path);
      if (names.length === 0) return undefined;
      const spot = spotIn(names);
      if (!followsLinks || !lookAt(spot)?.isSymbolicLink()) return spot;
      const real = straight(names);
      return real.length === 0 ? undefined : { ...spotIn(real), path };
    },
    real(path, last) {
      const names = namesOf(path);
      if (!followsLinks || names.length === 0) return names;
      return last === "itself" ? [...straight(names.slice(0, -1)), ...names.slice(-1)] : straight(names);
    },
    leadsTo(names) {
      if (!followsLinks || names.length === 0) return undefined;
      try {
        const real = straight(names);
        const isThere = real.length === 0 || lookAt(spotIn(real)) !== undefined;
        return isThere && real.join("/") !== names.join("/") ? real.join("/") : undefined;
      } catch (error) {
        if (error instanceof Failure) return undefined;
        throw error;
      }
    },
    spotIn,
    shows(names) {
      const name = names.at(-1) ?? "";
      if (isDenied(name) || isHidden(root, names)) return "denied";
      return isSayable(names) ? "shown" : "unsayable";
    },
    close() {
      for (const step of steps.splice(0)) walk.leave(step.folder);
      walk.leave(base);
    },
  };
}

function beginAt(walk: Walk, root: Root): Folder {
  try {
    return walk.begin(root.folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") fail("not-found", "The folder of this root is gone.", { at: "root" });
    return failOnDisk(error, "root");
  }
}
