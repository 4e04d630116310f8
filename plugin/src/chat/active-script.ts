import { localProblem } from "../wire/problem.js";

/** The editor is a moment ahead of what a plugin sees of it: an edit that missed it is tried again. */
const TRIES = 3;

/** A place in a text: both from 1, a column counts bytes. */
interface Spot {
  readonly line: number;
  readonly column: number;
}

/** The script that is active in the editor, as far as code is put into it. */
export interface ActiveScript {
  readonly container: LuaSourceContainer;
  /** Where the cursor is. */
  cursor(): Spot;
  /** From where to where it is selected; both the same where nothing is. */
  selection(): readonly [Spot, Spot];
  /** Replaces what stands between two places. Rejects with `script-refused`. */
  edit(text: string, from: Spot, to: Spot): Promise<void>;
}

function isBefore(left: Spot, right: Spot): boolean {
  return left.line < right.line || (left.line === right.line && left.column < right.column);
}

/** Throws `no-script` where none is active. */
export function activeScript(studio: StudioService, service: ScriptEditorService): ActiveScript {
  // The types of Studio's services leave this property out.
  const container = (studio as StudioService & { readonly ActiveScript?: LuaSourceContainer }).ActiveScript;
  if (container === undefined) throw localProblem("no-script");
  const found = service.FindScriptDocument(container) as ScriptDocument | undefined;
  if (found === undefined) throw localProblem("no-script");
  const document = found;

  function spots(): readonly [Spot, Spot] {
    const [line, column, anchorLine, anchorColumn] = document.GetSelection() as LuaTuple<
      [number, number, number, number]
    >;
    return [
      { line, column },
      { line: anchorLine, column: anchorColumn },
    ];
  }

  return {
    container,
    cursor() {
      return spots()[0];
    },
    selection() {
      const [cursor, anchor] = spots();
      return isBefore(anchor, cursor) ? [anchor, cursor] : [cursor, anchor];
    },
    async edit(text, from, to) {
      let why: unknown;
      for (const _ of $range(1, TRIES)) {
        const [ok, taken, reason] = pcall(
          () =>
            document.EditTextAsync(text, from.line, from.column, to.line, to.column) as LuaTuple<[boolean, string?]>,
        );
        if (ok && taken) return;
        why = ok ? reason : taken;
        // What is thrown is a mistake that no second try mends.
        if (!ok) break;
      }
      throw localProblem("script-refused", tostring(why));
    },
  };
}
