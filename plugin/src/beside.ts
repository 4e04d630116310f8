import type { Editor } from "./editor.js";
import type { Record } from "./recording.js";
import type { Shelf } from "./shelf.js";

/** The second script that shows the disk's version beside a file's own. */
export interface Beside {
  /** Shows a text in it; resolves with whether Studio can undo that. */
  put(text: string): Promise<boolean>;
  /** Takes it away, unless somebody has written in it: then it is the user's. */
  clear(): Promise<void>;
}

export interface BesideOptions {
  readonly editor: Editor;
  readonly shelf: Shelf;
  readonly record: Record;
}

export function createBeside({ editor, shelf, record }: BesideOptions, container: LuaSourceContainer): Beside {
  let copy: LuaSourceContainer | undefined;
  let written = "";

  /** The copy, as long as it holds what was written into it. */
  function untouched(): LuaSourceContainer | undefined {
    return copy?.IsDescendantOf(game) === true && editor.read(copy) === written ? copy : undefined;
  }

  return {
    async put(text) {
      let made: LuaSourceContainer | undefined;
      const undoable = await record("See both versions", async () => {
        const present = untouched();
        const taken = present === undefined ? undefined : await editor.write(present, text, written);
        if (present !== undefined && taken !== undefined) {
          written = taken;
          return;
        }
        made = shelf.putBeside(container);
        try {
          written = (await editor.write(made, text)) ?? text;
          copy = made;
        } catch (thrown) {
          made.Destroy();
          throw thrown;
        }
      });
      if (copy !== undefined) await editor.show(copy);
      return undoable;
    },
    async clear() {
      const present = untouched();
      copy = undefined;
      if (present !== undefined) await record("Close the disk's version", async () => present.Destroy());
    },
  };
}
