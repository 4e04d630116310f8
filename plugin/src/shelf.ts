const FOLDER = "Puente";
const ROOT = "PuenteRoot";
const PATH = "PuentePath";
const HASH = "PuenteHash";
const ROOT_ID = "PuenteRootId";
const NONCE = "PuenteNonce";
/** Characters of an instance's name that Studio keeps. */
const NAME_BYTES = 100;

export interface Place {
  readonly root: string;
  readonly path: string;
}

/** Where scripts that hold files stand: `ServerStorage.Puente.<root>.…`, in which no script runs by itself. */
export interface Shelf {
  /** Every script that says it holds a file, in the order of the tree, also from before this plugin was loaded. */
  scripts(): { readonly place: Place; readonly container: LuaSourceContainer }[];
  /** Makes the script of a file, with the folders above it. */
  put(place: Place): LuaSourceContainer;
  /** The hash of the disk's content that the script's text started from. */
  hashOf(container: LuaSourceContainer): string;
  setHash(container: LuaSourceContainer, hash: string): void;
  /** Calls back when the hash changes; an undo changes it. */
  watchHash(container: LuaSourceContainer, onChange: () => void): RBXScriptConnection;
  /** Says which folder its root is and gives it a name of its own; answers its mark. */
  sign(container: LuaSourceContainer, rootId: string, nonce: string): string;
  /** File, folder and name of a script in one text. */
  markOf(container: LuaSourceContainer): string;
  rootIdOf(container: LuaSourceContainer): string;
}

/** The attributes say which file it is: names of instances are cut, and the user may change them. */
function placeOf(instance: Instance): Place | undefined {
  const root = instance.GetAttribute(ROOT);
  const path = instance.GetAttribute(PATH);
  return typeIs(root, "string") && typeIs(path, "string") ? { root, path } : undefined;
}

function nameFor(text: string): string {
  let name = text.sub(1, NAME_BYTES);
  while (utf8.len(name)[0] === undefined) name = name.sub(1, -2);
  return name;
}

function kindFor(path: string): "Script" | "LocalScript" | "ModuleScript" {
  const lower = path.lower();
  if (lower.match("%.server%.luau?$")[0] !== undefined) return "Script";
  return lower.match("%.client%.luau?$")[0] !== undefined ? "LocalScript" : "ModuleScript";
}

export function createShelf(storage: Instance): Shelf {
  function folderIn(parent: Instance, name: string): Instance {
    const found = parent.FindFirstChild(name);
    if (found?.IsA("Folder") === true) return found;
    const folder = new Instance("Folder");
    folder.Name = name;
    folder.Parent = parent;
    return folder;
  }

  function textOf(container: LuaSourceContainer, attribute: string): string {
    return tostring(container.GetAttribute(attribute) ?? "");
  }

  function markOf(container: LuaSourceContainer): string {
    return [NONCE, ROOT_ID, ROOT, PATH].map((attribute) => textOf(container, attribute)).join(" ");
  }

  return {
    scripts() {
      const found: { place: Place; container: LuaSourceContainer }[] = [];
      for (const instance of storage.FindFirstChild(FOLDER)?.GetDescendants() ?? []) {
        const place = instance.IsA("LuaSourceContainer") ? placeOf(instance) : undefined;
        if (place !== undefined) found.push({ place, container: instance as LuaSourceContainer });
      }
      return found;
    },
    put({ root, path }) {
      const parts = path.split("/");
      const name = parts.pop() ?? path;
      let parent = folderIn(folderIn(storage, FOLDER), nameFor(root));
      for (const part of parts) parent = folderIn(parent, nameFor(part));
      const made = new Instance(kindFor(path));
      made.Name = nameFor(name);
      made.SetAttribute(ROOT, root);
      made.SetAttribute(PATH, path);
      made.Parent = parent;
      return made;
    },
    hashOf(container) {
      return textOf(container, HASH);
    },
    setHash(container, hash) {
      container.SetAttribute(HASH, hash);
    },
    watchHash(container, onChange) {
      return container.GetAttributeChangedSignal(HASH).Connect(onChange);
    },
    sign(container, rootId, nonce) {
      container.SetAttribute(ROOT_ID, rootId);
      container.SetAttribute(NONCE, nonce);
      return markOf(container);
    },
    markOf(container) {
      return markOf(container);
    },
    rootIdOf(container) {
      return textOf(container, ROOT_ID);
    },
  };
}
