import type { Files } from "./bridge/files.js";
import type { Editor } from "./editor.js";
import type { Record } from "./recording.js";
import { bytesFor, textIn } from "./script-text.js";
import type { Place, Shelf } from "./shelf.js";
import { adviceFor, problemOf } from "./wire/problem.js";

/** Stands for the hash of a file that is not there, as on the wire. */
const ABSENT = "absent";

export interface DocumentView extends Place {
  readonly state: "clean" | "edited" | "changed" | "conflict" | "saving" | "removed";
  /** What went wrong last, or what is worth knowing. */
  readonly note?: string;
}

/** One file in a script. Its actions never reject: what goes wrong is the note of its view. */
export interface Document extends Place {
  readonly script: LuaSourceContainer;
  view(): DocumentView;
  /** Writes the editor's text, provided the disk still has what was read; otherwise it is a conflict. */
  save(): Promise<void>;
  /** Takes the disk's text into an editor that has no edits; edits are never overwritten. */
  reload(): Promise<void>;
  /** Opens the disk's version in a second script. */
  seeBoth(): Promise<void>;
  /** Writes the editor's text over the disk's version that was seen last, and over no other. */
  keepMine(): Promise<void>;
  /** Replaces the editor's text by the disk's, edits and all. */
  takeDisk(): Promise<void>;
  show(): Promise<void>;
  /** Asks the disk what it has. */
  check(): Promise<void>;
  /** What a watch says the disk has; a hash or `absent`. */
  hear(hash: string): void;
  close(): void;
}

export interface Desk {
  readonly files: Files;
  readonly editor: Editor;
  readonly shelf: Shelf;
  readonly record: Record;
  readonly onChange: () => void;
}

/** What a document starts from: the disk's bytes as read, their hash, and the text the editor had for them. */
export interface Basis {
  readonly bytes: string;
  readonly hash: string;
  readonly shown: string;
  /** The disk's hash, where it is another by now. */
  readonly disk?: string;
}

export function createDocument(desk: Desk, place: Place, container: LuaSourceContainer, basis: Basis): Document {
  const { files, editor, shelf, record } = desk;
  const { root, path } = place;
  let { bytes, hash, shown } = basis;
  let disk = basis.disk ?? hash;
  let busy = false;
  let note: string | undefined;
  let other: LuaSourceContainer | undefined;
  const watching = editor.watch(container, () => desk.onChange());

  const isEdited = () => editor.read(container) !== shown;

  function stateNow(): DocumentView["state"] {
    if (busy) return "saving";
    if (disk === ABSENT) return "removed";
    if (disk === hash) return isEdited() ? "edited" : "clean";
    return isEdited() ? "conflict" : "changed";
  }

  function settle(content: string, contentHash: string, text: string): void {
    bytes = content;
    hash = contentHash;
    disk = contentHash;
    shown = text;
    shelf.setHash(container, contentHash);
    other?.Destroy();
    other = undefined;
  }

  async function check(): Promise<void> {
    try {
      const entry = await files.stat(root, path);
      disk = entry.hash ?? ABSENT;
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code !== "not-found") throw problem;
      disk = ABSENT;
    }
  }

  /** One action at a time; `changed` is no failure but a conflict to show. */
  async function act(title: string, run: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    note = undefined;
    desk.onChange();
    try {
      const undoable = await record(title, run);
      if (!undoable) note = "Done, but Studio has no undo for it now.";
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === "changed") disk = problem.hash ?? "";
      note =
        problem.code === "changed"
          ? "Not saved: the file has changed on disk."
          : `${problem.detail} ${adviceFor(problem)}`;
    }
    busy = false;
    desk.onChange();
  }

  async function write(expect: string): Promise<void> {
    const text = editor.read(container);
    const content = text === shown ? bytes : bytesFor(bytes, text);
    const seen = disk;
    const written = await files.write(root, path, content, expect);
    // What a watch told meanwhile may be this write or a later one by somebody else: only the disk knows.
    const heard = disk;
    settle(content, written.hash, text);
    if (heard !== seen && heard !== written.hash) await check();
  }

  async function take(unless?: string): Promise<void> {
    const found = await files.read(root, path);
    const taken = await editor.write(container, textIn(found.bytes), unless);
    if (taken !== undefined) settle(found.bytes, found.hash, taken);
  }

  return {
    root,
    path,
    script: container,
    view() {
      return { root, path, state: stateNow(), note };
    },
    async save() {
      if (disk !== ABSENT && !isEdited()) return;
      await act("Save file", () => write(disk === ABSENT ? ABSENT : hash));
    },
    reload() {
      return act("Reload file", () => take(shown));
    },
    seeBoth() {
      return act("See both versions", async () => {
        const found = await files.read(root, path);
        const text = textIn(found.bytes);
        other ??= shelf.putBeside(container);
        await editor.write(other, text);
        await editor.show(other);
        disk = found.hash;
      });
    },
    keepMine() {
      return act("Keep mine", () => write(disk));
    },
    takeDisk() {
      return act("Take the disk's version", () => take());
    },
    async show() {
      await editor.show(container);
    },
    async check() {
      await check();
      desk.onChange();
    },
    hear(heard) {
      if (heard === disk) return;
      disk = heard;
      desk.onChange();
    },
    close() {
      watching.close();
    },
  };
}
