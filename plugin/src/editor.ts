import { sameText } from "./script-text.js";
import { localProblem } from "./wire/problem.js";

/** Both from 1; a column counts bytes. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Studio's script editor, as far as files are concerned. */
export interface Editor {
  /** What the user sees, saved into the script or not. */
  read(container: LuaSourceContainer): string;
  /**
   * Replaces the text and resolves with what the editor made of it. Where `unless` is given and the user has another
   * text than that by now, nothing is replaced, and it resolves with undefined. Rejects with `studio-refused`, also
   * where Studio took another text than the one it was given; the old text is then put back.
   */
  write(container: LuaSourceContainer, text: string, unless?: string): Promise<string | undefined>;
  /** Opens a tab with the script, and puts the cursor at a place in it, or at the end where there is no such place. */
  show(container: LuaSourceContainer, at?: Position): Promise<void>;
  /** Calls back after each change of the text, by the user or by anybody. */
  watch(container: LuaSourceContainer, onEdit: () => void): { close(): void };
}

export function createEditor(service: ScriptEditorService): Editor {
  function replace(container: LuaSourceContainer, give: (old: string) => string | undefined): void {
    const [ok, thrown] = pcall(() => service.UpdateSourceAsync(container, give));
    if (!ok) throw localProblem("studio-refused", tostring(thrown));
  }

  /** The script may be shorter by now. That the cursor is not where it was wanted is no failure of opening. */
  function putCursor(document: ScriptDocument, { line, column }: Position): void {
    const row = math.clamp(line, 1, document.GetLineCount());
    const character = math.clamp(row === line ? column : 1, 1, document.GetLine(row).size() + 1);
    const [ok, thrown] = pcall(() => document.RequestSetSelectionAsync(row, character));
    if (!ok) warn(`[Puente] ${tostring(thrown)}`);
  }

  return {
    read(container) {
      return service.GetEditorSource(container);
    },
    async write(container, text, unless) {
      let before: string | undefined;
      replace(container, (old) => {
        before = unless === undefined || old === unless ? old : undefined;
        return before === undefined ? undefined : text;
      });
      if (before === undefined) return undefined;
      const shown = service.GetEditorSource(container);
      if (!sameText(shown, text)) {
        replace(container, (now) => (now === shown ? before : undefined));
        throw localProblem("studio-refused", "Studio changed the text while taking it.");
      }
      return shown;
    },
    async show(container, at) {
      const [ok, shown, reason] = pcall(
        () => service.OpenScriptDocumentAsync(container) as LuaTuple<[boolean, string?]>,
      );
      if (!ok) throw localProblem("studio-refused", tostring(shown));
      if (shown === false) throw localProblem("studio-refused", tostring(reason));
      const document = at === undefined ? undefined : service.FindScriptDocument(container);
      if (at !== undefined && document !== undefined) putCursor(document, at);
    },
    watch(container, onEdit) {
      const connections = [
        service.TextDocumentDidChange.Connect((document) => {
          if (document.GetScript() === container) onEdit();
        }),
        container.GetPropertyChangedSignal("Source" as never).Connect(onEdit),
      ];
      return {
        close() {
          for (const connection of connections) connection.Disconnect();
        },
      };
    },
  };
}
