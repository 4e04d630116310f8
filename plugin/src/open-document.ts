import { createBases } from "./bases.js";
import type { Desk } from "./desk.js";
import type { Both, Comparison, Document, DocumentView, Found } from "./document.js";
import { bytesFor, sameText, textIn } from "./script-text.js";
import type { Place } from "./shelf.js";
import type { Standing } from "./standing.js";
import { createTaker } from "./taker.js";
import { explain, problemOf } from "./wire/problem.js";

/** Stands for the hash of a file that is not there, as on the wire. */
const ABSENT = "absent";

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
  const { files, editor, shelf, rootIds } = desk;
  const { place, script: container, standing } = options;
  const { root, path } = place;
  const bases = createBases();
  const taker = createTaker(desk, bases, container);
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
      trouble = gone ? undefined : explain(problemOf(thrown));
    }
    changed();
  }

  /** One action at a time; `changed` is no failure but a conflict to show. Resolves with what is to be noted. */
  async function act(refusal: string, run: () => Promise<unknown>): Promise<void> {
    if (busy) return;
    const before = standing();
    busy = true;
    note = undefined;
    changed();
    try {
      await rootIds.ensure();
      if (standing() === before) note = (await run()) as string | undefined;
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === "changed") {
        disk = problem.hash;
        told = undefined;
      }
      note = problem.code === "changed" ? refusal : explain(problem);
    }
    busy = false;
    changed();
  }

  function bytesNow(text: string): string {
    const origin = base();
    return origin?.shown === text ? origin.bytes : bytesFor(bases.manner(), text);
  }

  /** The disk has a text now. `seen` is what it had before the text was sent. */
  async function written(text: string, bytes: string, hash: string, seen: string | undefined): Promise<void> {
    // What a watch told meanwhile may be this write or a later one by somebody else: only the disk knows.
    const heard = disk;
    bases.set(hash, { bytes, shown: text });
    shelf.setHash(container, hash);
    disk = hash;
    if (heard !== seen && heard !== hash) await check();
  }

  async function write(expect: string): Promise<void> {
    const text = editor.read(container);
    const bytes = bytesNow(text);
    const seen = disk;
    const { hash } = await files.write(root, path, bytes, expect);
    await written(text, bytes, hash, seen);
  }

  async function take(title: string, unless: string | undefined): Promise<string | undefined> {
    const found = await files.read(root, path);
    const says = (await taker.put(title, found, textIn(found.bytes), unless)) as string | undefined;
    disk = found.hash;
    return says;
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
    async seeBoth() {
      let both: Both | undefined;
      await act("", async () => {
        const found = await files.read(root, path);
        const theirs = textIn(found.bytes);
        if (standing() === "stranger") {
          // What it says it started from came with the place: whatever differs from the disk is a conflict.
          shelf.setHash(container, "");
          desk.standings.claim(place, container);
        }
        learn(found);
        told = found.hash;
        both = { ...found, mine: editor.read(container), theirs };
      });
      return both;
    },
    settle(both, text) {
      return act("", () => taker.put("Take of both versions", both, text, both.mine));
    },
    begin() {
      if (busy || stateNow() !== "edited") return undefined;
      const text = editor.read(container);
      const bytes = bytesNow(text);
      const seen = disk;
      function over(says?: string): void {
        busy = false;
        note = says;
        changed();
      }
      busy = true;
      changed();
      return {
        bytes,
        expect: shelf.hashOf(container),
        async done(hash) {
          await written(text, bytes, hash, seen);
          over();
        },
        fail(says, now) {
          if (now !== undefined) disk = now;
          told = undefined;
          over(says);
        },
      };
    },
    keepMine() {
      return act("The disk changed again: not saved. See both before you keep yours.", () =>
        write(told ?? shelf.hashOf(container)),
      );
    },
    takeDisk() {
      return act("", () => take("Take the disk's version", editor.read(container)));
    },
    async show(at) {
      await editor.show(container, at);
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
