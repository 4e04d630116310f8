import type { Root } from "./bridge/files.js";
import type { Change } from "./bridge/watch-poll.js";
import type { Desk } from "./desk.js";
import type { Document, Saving } from "./document.js";
import type { Position } from "./editor.js";
import { openDocument } from "./open-document.js";
import { textIn } from "./script-text.js";
import type { Place } from "./shelf.js";
import type { Standing } from "./standing.js";
import { problemOf } from "./wire/problem.js";

export interface Documents {
  /** In the order of their paths. */
  all(): readonly Document[];
  /** Opens a file in a tab, at a place in it. Rejects with `binary-file`, `studio-refused`, or what reading it says. */
  open(place: Place, at?: Position): Promise<void>;
  /**
   * Saves every file that is edited and that nobody else has changed, each root's all or none. Rejects with `changed`
   * and the path `at` where one was changed meanwhile: none of its root is saved then.
   */
  saveAll(): Promise<void>;
  /** Takes the script of a file away; the file stays. */
  shut(document: Document): Promise<void>;
  /** The daemon is there, with these roots: takes up the files that have scripts already. */
  arrive(roots: readonly Root[]): Promise<void>;
  /** The connection is lost. */
  leave(): void;
  hear(root: string, changes: readonly Change[]): Promise<void>;
  /** Asks the disk about every open file of a root: changes may have been missed. */
  check(root: string): Promise<void>;
  close(): void;
}

function isAt(place: Place, { root, path }: Place): boolean {
  return place.root === root && place.path === path;
}

/** `onChange` is told once of all changes of a moment: an editor tells of every key. */
export function createDocuments(desk: Desk, onChange: (open: readonly Document[]) => void): Documents {
  const { files, editor, shelf, record, rootIds, standings } = desk;
  const opening = new Map<string, Promise<void>>();
  const connections = new Map<Document, RBXScriptConnection>();
  /** In the order in which they were taken up: of several scripts for one file the first is the one that counts. */
  let open: Document[] = [];
  let telling = false;

  function changed(): void {
    if (telling) return;
    telling = true;
    task.defer(() => {
      telling = false;
      onChange(sorted());
    });
  }

  function sorted(): Document[] {
    return [...open].sort((left, right) => left.root + left.path < right.root + right.path);
  }

  function find(place: Place): Document | undefined {
    return open.find((one) => isAt(place, one) && standings.of(one, one.script) === "ours");
  }

  function drop(document: Document): void {
    connections.get(document)?.Disconnect();
    connections.delete(document);
    open = open.filter((one) => one !== document);
    document.close();
    changed();
  }

  function add(place: Place, container: LuaSourceContainer): Document {
    const standing = (): Standing => {
      const now = standings.of(place, container);
      return now === "ours" && find(place)?.script !== container ? "duplicate" : now;
    };
    const document = openDocument(desk, { place, script: container, standing, onChange: changed });
    // An undo, or the user, can take the script away at any time. A redo brings it back; opening the file adopts it.
    const connection = container.AncestryChanged.Connect(() => {
      if (!container.IsDescendantOf(game)) drop(document);
    });
    open.push(document);
    connections.set(document, connection);
    changed();
    return document;
  }

  /** Every script gets a row, whatever becomes of asking the disk: none with unsaved text may be out of sight. */
  function takeUp(): void {
    for (const { place, container } of shelf.scripts()) {
      if (!open.some((one) => one.script === container)) add(place, container);
    }
  }

  async function checkUnknown(): Promise<void> {
    for (const document of sorted()) {
      if (document.view().state === "unknown") await document.check();
    }
  }

  async function make(place: Place): Promise<void> {
    const found = await files.read(place.root, place.path);
    const text = textIn(found.bytes);
    if (find(place) !== undefined) return;
    await record("Open file", async () => {
      const container = shelf.put(place);
      try {
        await editor.write(container, text);
        shelf.setHash(container, found.hash);
        standings.claim(place, container);
      } catch (thrown) {
        container.Destroy();
        throw thrown;
      }
      add(place, container).learn(found);
    });
  }

  async function bring(place: Place): Promise<void> {
    await rootIds.ensure();
    takeUp();
    if (find(place) === undefined) await make(place);
  }

  /** Several clicks on one file while it is being read make one script. */
  function bringOnce(place: Place): Promise<void> {
    const key = `${place.root}/${place.path}`;
    const present = opening.get(key);
    if (present !== undefined) return present;
    const begun = bring(place);
    opening.set(key, begun);
    const settled = () => opening.delete(key);
    begun.then(settled, settled);
    return begun;
  }

  async function saveRoot(root: string, edited: readonly Document[]): Promise<void> {
    const begun: { path: string; saving: Saving }[] = [];
    for (const document of edited) {
      const saving = document.begin();
      if (saving !== undefined) begun.push({ path: document.path, saving });
    }
    if (begun.isEmpty()) return;
    try {
      const { results } = await files.apply(
        root,
        begun.map(({ path, saving }) => ({ kind: "write", path, text: saving.bytes, expect: saving.expect })),
      );
      const hashes = new Map(results.map(({ path, hash }) => [path, hash] as const));
      for (const { path, saving } of begun) await saving.done(hashes.get(path) ?? "");
    } catch (thrown) {
      const problem = problemOf(thrown);
      for (const { path, saving } of begun) {
        if (problem.at === path && problem.code === "changed") {
          saving.fail("Not saved: the file has changed on disk.", problem.hash);
        } else saving.fail(`Not saved, for all are saved or none: ${problem.detail}`);
      }
      throw problem;
    }
  }

  return {
    all() {
      return sorted();
    },
    async open(place, at) {
      if (find(place) === undefined) await bringOnce(place);
      await find(place)?.show(at);
      await checkUnknown();
    },
    async saveAll() {
      await rootIds.ensure();
      const byRoot = new Map<string, Document[]>();
      for (const document of sorted()) {
        const others = byRoot.get(document.root) ?? [];
        others.push(document);
        byRoot.set(document.root, others);
      }
      for (const [root, all] of byRoot) await saveRoot(root, all);
    },
    async shut(document) {
      drop(document);
      await record("Close file", async () => document.script.Destroy());
    },
    async arrive(roots) {
      rootIds.confirm(roots);
      takeUp();
      changed();
      await checkUnknown();
    },
    leave() {
      rootIds.doubt();
    },
    async hear(root, changes) {
      for (const { path, kind, hash } of changes) {
        await find({ root, path })?.hear(kind === "removed" ? "absent" : hash);
      }
    },
    async check(root) {
      for (const document of sorted()) {
        if (document.root === root) await document.check();
      }
    },
    close() {
      for (const document of open) drop(document);
    },
  };
}
