import type { CodeActions } from "../chat/turn.js";
import type { Both, Document } from "../document.js";
import { differences, type Hunk, linesIn } from "../line-diff.js";

/** One of two versions, as it is spoken of. */
interface Side {
  /** On a button: "Disk's". */
  readonly name: string;
  /** In a sentence: "the disk's". */
  readonly called: string;
  readonly lines: readonly string[];
}

/** Two versions of a text and where they differ. */
export interface Compared {
  readonly title: string;
  readonly mine: Side;
  readonly theirs: Side;
  readonly hunks: readonly Hunk[];
  /** The side that is chosen everywhere at first. */
  readonly first: "mine" | "theirs";
  /** What becomes of the choice. */
  readonly note: string;
  take(text: string): Promise<void>;
}

/** A frame's work at a time. */
function hunksOf(mine: readonly string[], theirs: readonly string[]): Hunk[] {
  return differences(mine, theirs, () => task.wait());
}

/** The editor's version of a file, and the disk's. */
export async function compareVersions(document: Document, both: Both): Promise<Compared> {
  const [mine, theirs] = [linesIn(both.mine), linesIn(both.theirs)];
  return {
    title: `${document.root}/${document.path}`,
    mine: { name: "Studio's", called: "Studio's", lines: mine },
    theirs: { name: "Disk's", called: "the disk's", lines: theirs },
    hunks: hunksOf(mine, theirs),
    first: "mine",
    note: "It goes into the editor. Save it there when it is right.",
    take(text) {
      return document.settle(both, text);
    },
  };
}

/** The script that is active in the editor, and the same with the code of an answer in it. */
export async function compareCode(actions: CodeActions, code: string): Promise<Compared> {
  const active = await actions.compareWith(code);
  const [mine, theirs] = [linesIn(active.before), linesIn(active.after)];
  return {
    title: active.target,
    mine: { name: "Script's", called: "the script's", lines: mine },
    theirs: { name: "Answer's", called: "the answer's", lines: theirs },
    hunks: hunksOf(mine, theirs),
    first: "theirs",
    note: "It goes into the script, and one undo takes it back.",
    take(text) {
      return active.apply(text);
    },
  };
}
