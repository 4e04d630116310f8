import type { Bases } from "./bases.js";
import type { Desk } from "./desk.js";
import type { Found } from "./document.js";
import { sameText, textIn } from "./script-text.js";

const NO_UNDO = "Done, but Studio has no undo for it now.";

/** Takes texts into the script of a file. */
export interface Taker {
  /**
   * Replaces the text, which from then on is an edit of a version of the disk, but only where the editor still has
   * `unless`. Resolves with what is to be noted.
   */
  put(title: string, version: Found, text: string, unless: string | undefined): Promise<string | undefined>;
}

export function createTaker({ editor, shelf, record }: Desk, bases: Bases, container: LuaSourceContainer): Taker {
  return {
    async put(title, { bytes, hash }, text, unless) {
      const shown = textIn(bytes);
      let taken: string | undefined;
      const undoable = await record(title, async () => {
        taken = await editor.write(container, text, unless);
        if (taken === undefined) return;
        bases.set(hash, { bytes, shown: sameText(taken, shown) ? taken : shown });
        shelf.setHash(container, hash);
      });
      if (taken === undefined) return "Not taken: the text was edited meanwhile.";
      return undoable ? undefined : NO_UNDO;
    },
  };
}
