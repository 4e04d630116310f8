import type { Change } from "./bridge/watch.js";
import { createDocument, type Desk, type Document } from "./document.js";
import { sameText, textIn } from "./script-text.js";
import type { Place } from "./shelf.js";

export interface Documents {
  all(): readonly Document[];
  /** Opens a file in a tab. Rejects with `binary-file`, `studio-refused`, or what reading it says. */
  open(place: Place): Promise<void>;
  /** Takes the script of a file away; the file stays. */
  shut(document: Document): Promise<void>;
  /** Takes up the files that have scripts already, from before the plugin was loaded. */
  adopt(): Promise<void>;
  hear(root: string, changes: readonly Change[]): Promise<void>;
  /** Asks the disk about every open file of a root: changes may have been missed. */
  check(root: string): Promise<void>;
  close(): void;
}

export function createDocuments(desk: Desk): Documents {
  const { files, editor, shelf, record } = desk;
  const open = new Map<Document, RBXScriptConnection>();

  function drop(document: Document): void {
    open.get(document)?.Disconnect();
    open.delete(document);
    document.close();
    desk.onChange();
  }

  function add(document: Document): void {
    // An undo, or the user, can take the script away at any time. A redo brings it back; opening the file adopts it.
    const connection = document.script.AncestryChanged.Connect(() => {
      if (!document.script.IsDescendantOf(game)) drop(document);
    });
    open.set(document, connection);
    desk.onChange();
  }

  function all(): Document[] {
    const documents: Document[] = [];
    for (const [document] of open) documents.push(document);
    return documents.sort((left, right) => left.root + left.path < right.root + right.path);
  }

  function find({ root, path }: Place): Document | undefined {
    return all().find((document) => document.root === root && document.path === path);
  }

  /**
   * A script that is there already may hold edits. Which text it started from is known by hash alone, so a script that
   * started from another version than the disk's and differs from it is taken for a conflict.
   */
  async function take(place: Place, container: LuaSourceContainer): Promise<void> {
    const { bytes, hash } = await files.read(place.root, place.path);
    const text = textIn(bytes);
    if (find(place) !== undefined) return;
    const now = editor.read(container);
    const same = sameText(now, text);
    const started = shelf.hashOf(container);
    if (same) shelf.setHash(container, hash);
    add(
      createDocument(desk, place, container, {
        bytes,
        hash: same ? hash : started,
        shown: same ? now : text,
        disk: hash,
      }),
    );
  }

  async function make(place: Place): Promise<void> {
    const { bytes, hash } = await files.read(place.root, place.path);
    const text = textIn(bytes);
    await record("Open file", async () => {
      const container = shelf.put(place);
      try {
        const shown = (await editor.write(container, text)) ?? text;
        shelf.setHash(container, hash);
        await editor.show(container);
        add(createDocument(desk, place, container, { bytes, hash, shown }));
      } catch (thrown) {
        container.Destroy();
        throw thrown;
      }
    });
  }

  return {
    all() {
      return all();
    },
    async open(place) {
      const known = find(place);
      if (known !== undefined) return known.show();
      const container = shelf.find(place);
      if (container === undefined) return make(place);
      await take(place, container);
      await find(place)?.show();
    },
    async shut(document) {
      drop(document);
      await record("Close file", async () => document.script.Destroy());
    },
    async adopt() {
      for (const place of shelf.places()) {
        const container = shelf.find(place);
        if (container !== undefined && find(place) === undefined) await take(place, container);
      }
    },
    async hear(root, changes) {
      for (const { path, kind, hash } of changes) {
        const document = find({ root, path });
        if (document === undefined) continue;
        if (kind === "removed") document.hear("absent");
        else if (hash === undefined) await document.check();
        else document.hear(hash);
      }
    },
    async check(root) {
      for (const document of all()) {
        if (document.root === root) await document.check();
      }
    },
    close() {
      for (const document of all()) drop(document);
    },
  };
}
