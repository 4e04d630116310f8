import type { Place } from "./shelf.js";
import type { Standing } from "./standing.js";

export type Comparison = "clean" | "edited" | "changed" | "conflict" | "removed" | "unknown";

export interface Found {
  readonly bytes: string;
  readonly hash: string;
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
  /** Takes the disk's text into an editor that has no edits; edits are never overwritten. */
  reload(): Promise<void>;
  /** Opens the disk's version in a second script. A script that came with the place is one of ours from then on. */
  seeBoth(): Promise<void>;
  /** Writes the editor's text over the disk's version that the user was told of, and over no other. */
  keepMine(): Promise<void>;
  /** Replaces the editor's text by the disk's, edits and all. */
  takeDisk(): Promise<void>;
  show(): Promise<void>;
  /** What the disk has, from whoever has just read it. */
  learn(found: Found): void;
  /** Asks the disk what it has. */
  check(): Promise<void>;
  /** What a watch says the disk has: a hash, `absent`, or nothing that is known. */
  hear(hash?: string): Promise<void>;
  close(): void;
}
