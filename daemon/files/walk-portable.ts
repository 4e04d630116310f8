import { type BigIntStats, fstatSync, lstatSync } from "node:fs";
import { type Folder, identityOf, type Walk } from "./walk.js";

interface Named extends Folder {
  readonly exact: string;
  readonly parent?: Named;
}

function exactly(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

function systemError(code: "ENOTDIR" | "ELOOP"): Error {
  return Object.assign(new Error(code), { code });
}

function visit(at: string, parent?: Named): Named {
  const stats = lstatSync(at, { bigint: true });
  if (!stats.isDirectory()) throw systemError("ENOTDIR");
  const id = identityOf({ dev: Number(stats.dev), ino: Number(stats.ino) });
  return { at, id, exact: exactly(stats), ...(parent && { parent }) };
}

/**
 * The walk by names, for systems where Node has no handle to walk by. The danger is the same as on Linux; the rule is
 * that each folder on the way is looked at without following links, and that after a file was opened the file and all
 * folders on the way must still be the ones that were seen. Not protected: who swaps a folder back in the moment
 * between the opening and that second look, and who swaps one while a write is being moved into place.
 */
export function walkByName(): Walk {
  return {
    begin: (folder) => visit(folder),
    enter: (parent, name) => visit(`${parent.at}/${name}`, parent as Named),
    confirm(parent, name, file) {
      const there = lstatSync(`${parent.at}/${name}`, { bigint: true });
      if (exactly(there) !== exactly(fstatSync(file, { bigint: true }))) throw systemError("ELOOP");
      for (let folder: Named | undefined = parent as Named; folder !== undefined; folder = folder.parent) {
        if (exactly(lstatSync(folder.at, { bigint: true })) !== folder.exact) throw systemError("ELOOP");
      }
    },
    leave() {},
  };
}
