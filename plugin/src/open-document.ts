import { createBases } from "./bases.js";
import { createBeside } from "./beside.js";
import type { Files } from "./bridge/files.js";
import type { Comparison, Document, DocumentView, Found } from "./document.js";
import type { Editor } from "./editor.js";
import type { Record } from "./recording.js";
import type { RootIds } from "./root-ids.js";
import { bytesFor, sameText, textIn } from "./script-text.js";
import type { Place, Shelf } from "./shelf.js";
import type { Standing, Standings } from "./standing.js";
import { adviceFor, problemOf } from "./wire/problem.js";

/** Stands for the hash of a file that is not there, as on the wire. */
const ABSENT = "absent";
const NO_UNDO = "Done, but Studio has no undo for it now.";

export interface Desk {
  readonly files: Files;
  readonly editor: Editor;
  readonly shelf: Shelf;
  readonly record: Record;
  readonly rootIds: RootIds;
  readonly standings: Standings;
}

export interface DocumentOptions {
  readonly place: Place;
  readonly script: LuaSourceContainer;
  readonly standing: () => Standing;
  readonly onChange: () => void;
}

/**
 * Which version of the disk the script's text started from is told by the script's attribute alone: Studio's undo
 * brings back an earlier text and the attribute with it, and a save then expects that earlier version.
 */
export function openDocument(desk: Desk, options: DocumentOptions): Document {
  const { files, editor, shelf, record, rootIds } = desk;
  const { place, script: container, standing } = options;
  const { root, path } = place;
  const bases = createBases();
  const beside = createBeside(desk, container);
  /** What the disk has, as last heard. */
  let disk: string | undefined;
  /** The version of the disk that the user was told of in this conflict. */
  let told: string | undefined;
  let trouble: string | undefined;
  let note: string | undefined;
  let busy = false;

  const base = () => bases.get(shelf.hashOf(container));
  const isEdited = () => base()?.shown !== editor.read(container);

  function compared(): Comparison {
    if (disk === undefined) return "unknown";
    if (disk === ABSENT) return "removed";
    if (disk === shelf.hashOf(container)) return isEdited() ? "edited" : "clean";
    return isEdited() ? "conflict" : "changed";
  }

  function stateNow(): DocumentView["state"] {
    const now = standing();
    if (now !== "ours") return now;
    return busy ? "saving" : compared();
  }

  function changed(): void {
    told = compared() === "conflict" ? (told ?? disk) : undefined;
    options.onChange();
  }

  const watching = editor.watch(container, changed);
  const watchingHash = shelf.watchHash(container, changed);

  function explain(thrown: unknown): string {
    const problem = problemOf(thrown);
    return `${problem.detail} ${adviceFor(problem)}`;
  }

  /** Takes in what the disk has. A text that says the same is that version; else it stays what it started from. */
  function learn({ bytes, hash }: Found): void {
    const text = textIn(bytes);
    const now = editor.read(container);
    bases.setManner(bytes);
    if (sameText(now, text)) {
      bases.set(hash, { bytes, shown: now });
      shelf.setHash(container, hash);
    } else if (shelf.hashOf(container) === hash) {
      bases.set(hash, { bytes, shown: text });
    }
    disk = hash;
  }

  async function compare(): Promise<void> {
    await rootIds.ensure();
    if (standing() !== "ours") return;
    if (base() === undefined) {
      learn(await files.read(root, path));
      return;
    }
    const entry = await files.stat(root, path);
    if (entry.hash === undefined) throw { code: "not-regular", detail: "There is no regular file at this path now." };
    disk = entry.hash;
  }

  async function check(): Promise<void> {
    trouble = undefined;
    try {
      await compare();
    } catch (thrown) {
      const gone = problemOf(thrown).code === "not-found";
      disk = gone ? ABSENT : undefined;
      trouble = gone ? undefined : explain(thrown);
    }
    changed();
  }

  /** One action at a time; `changed` is no failure but a conflict to show. Resolves with what is to be noted. */
  async function act(refusal: string, run: () => Promise<string | undefined>): Promise<void> {
    if (busy) return;
    const before = standing();
    busy = true;
    note = undefined;
    changed();
    try {
      await rootIds.ensure();
      if (standing() === before) note = await run();
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === "changed") {
        disk = problem.hash;
        told = undefined;
      }
      note = problem.code === "changed" ? refusal : explain(thrown);
    }
    busy = false;
    changed();
  }

  async function write(expect: string): Promise<undefined> {
    const text = editor.read(container);
    const origin = base();
    const content = origin?.shown === text ? origin.bytes : bytesFor(bases.manner(), text);
    const seen = disk;
    const { hash } = await files.write(root, path, content, expect);
    // What a watch told meanwhile may be this write or a later one by somebody else: only the disk knows.
    const heard = disk;
    bases.set(hash, { bytes: content, shown: text });
    shelf.setHash(container, hash);
    disk = hash;
    if (heard !== seen && heard !== hash) await check();
    await beside.clear();
  }

  /** Replaces the text only if it is still `unless`. */
  async function take(title: string, unless: string | undefined): Promise<string | undefined> {
    const { bytes, hash } = await files.read(root, path);
    const text = textIn(bytes);
    let taken: string | undefined;
    const undoable = await record(title, async () => {
      taken = await editor.write(container, text, unless);
      if (taken === undefined) return;
      bases.set(hash, { bytes, shown: taken });
      shelf.setHash(container, hash);
    });
    disk = hash;
    if (taken === undefined) return "Not taken: the text was edited meanwhile.";
    await beside.clear();
    return undoable ? undefined : NO_UNDO;
  }

  return {
    root,
    path,
    script: container,
    view() {
      return { root, path, state: stateNow(), note: trouble ?? note };
    },
    async save() {
      if (disk !== ABSENT && !isEdited()) return;
      await act("Not saved: the file has changed on disk.", () =>
        write(disk === ABSENT ? ABSENT : shelf.hashOf(container)),
      );
    },
    reload() {
      return act("", () => take("Reload file", base()?.shown));
    },
    seeBoth() {
      return act("", async () => {
        const found = await files.read(root, path);
        const undoable = await beside.put(textIn(found.bytes));
        if (standing() === "stranger") {
          // What it says it started from came with the place: whatever differs from the disk is a conflict.
          shelf.setHash(container, "");
          desk.standings.claim(place, container);
        }
        learn(found);
        told = found.hash;
        return undoable ? undefined : NO_UNDO;
      });
    },
    keepMine() {
      return act("The disk changed again: not saved. See both before you keep yours.", () =>
        write(told ?? shelf.hashOf(container)),
      );
    },
    takeDisk() {
      return act("", () => take("Take the disk's version", editor.read(container)));
    },
    async show() {
      await editor.show(container);
    },
    learn(found) {
      learn(found);
      changed();
    },
    check() {
      return check();
    },
    async hear(heard) {
      if (standing() !== "ours" || (heard !== undefined && heard === disk)) return;
      if (heard === undefined || (heard !== ABSENT && base() === undefined)) {
        await check();
        return;
      }
      trouble = undefined;
      disk = heard;
      if (!busy && told !== undefined && told !== heard) note = "The disk changed again.";
      changed();
    },
    close() {
      watching.close();
      watchingHash.Disconnect();
    },
  };
}
