import type { Position } from "./editor.js";
import type { Place } from "./shelf.js";
import type { Standing } from "./standing.js";

export type Comparison = "clean" | "edited" | "changed" | "conflict" | "removed" | "unknown";

export interface Found {
  readonly bytes: string;
  readonly hash: string;
}

/** A text on its way to the disk. Nothing else is done with the document until it is over. */
export interface Saving {
  readonly bytes: string;
  /** The hash that the file must still have. */
  readonly expect: string;
  done(hash: string): Promise<void>;
  /** @param now what the disk has, where that is why. */
  fail(note: string, now?: string): void;
}

/** The two versions of a conflict: the editor's, and the disk's with what tells it from later ones. */
export interface Both extends Found {
  readonly mine: string;
  readonly theirs: string;
}

export interface DocumentView extends Place {
  /** `unknown` where the disk could not be asked; the note says why. */
  readonly state: Comparison | "saving" | Exclude<Standing, "ours">;
  /** What went wrong last, or what is worth knowing. */
  readonly note?: string;
}

/** One file in a script. Its actions never reject: what goes wrong is the note of its view. */
export interface Document extends Place {
  readonly script: LuaSourceContainer;
  view(): DocumentView;
  /** Writes the editor's text, provided the disk still has what was read; otherwise it is a conflict. */
  save(): Promise<void>;
  /** Begins to save it together with others; undefined where there are no edits, or where `save` would refuse. */
  begin(): Saving | undefined;
  /** Takes the disk's text into an editor that has no edits; edits are never overwritten. */
  reload(): Promise<void>;
  /**
   * Reads the disk's version, to be shown beside the editor's; undefined where that cannot be, and the note says why.
   * A script that came with the place is one of ours from then on.
   */
  seeBoth(): Promise<Both | undefined>;
  /** Puts a text that was made of both into the editor, as an edit of the disk's version, unless it was edited since. */
  settle(both: Both, text: string): Promise<void>;
  /** Writes the editor's text over the disk's version that the user was told of, and over no other. */
  keepMine(): Promise<void>;
  /** Replaces the editor's text by the disk's, edits and all. */
  takeDisk(): Promise<void>;
  show(at?: Position): Promise<void>;
  /** What the disk has, from whoever has just read it. */
  learn(found: Found): void;
  /** Asks the disk what it has. */
  check(): Promise<void>;
  /** What a watch says the disk has: a hash, `absent`, or nothing that is known. */
  hear(hash?: string): Promise<void>;
  close(): void;
}
