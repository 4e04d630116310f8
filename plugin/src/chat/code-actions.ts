import type { Editor } from "../editor.js";
import type { Record } from "../recording.js";
import { localProblem } from "../wire/problem.js";
import { activeScript } from "./active-script.js";
import { plainName } from "./given-text.js";
import type { CodeActions } from "./turn.js";
import { refuseUnseen } from "./unseen.js";

export interface CodeActionsOptions {
  readonly studio: StudioService;
  readonly service: ScriptEditorService;
  readonly editor: Editor;
  readonly record: Record;
  readonly selection: Selection;
  /** Where new scripts go. */
  readonly home: Instance;
}

const LUAU = ["", "lua", "luau", "rbxlua", "roblox"];

/** Whether the code ends as a module does: with a return at the beginning of a line. */
function isModule(code: string): boolean {
  const [last] = `\n${code}`.match("^.*\nreturn%f[^%w_](.-)$");
  return last !== undefined && `${last}`.find("\nend", 1, true)[0] === undefined;
}

/** The byte, counted from 1, of a place in a text. */
function byteAt(text: string, line: number, column: number): number {
  let at = 1;
  for (let passed = 1; passed < line; passed++) at = (text.find("\n", at, true)[0] ?? text.size()) + 1;
  return at + column - 1;
}

/** Puts code into the scripts of the place, at the user's word. */
export function createCodeActions(options: CodeActionsOptions): CodeActions {
  const { studio, service, editor, record, selection, home } = options;
  const active = () => activeScript(studio, service);

  return {
    async insertAtCursor(code) {
      refuseUnseen(code);
      const current = active();
      const at = current.cursor();
      await record("Insert code", () => current.edit(code, at, at));
    },
    async replaceSelection(code) {
      refuseUnseen(code);
      const current = active();
      const [from, to] = current.selection();
      if (from.line === to.line && from.column === to.column) throw localProblem("nothing-selected");
      await record("Replace with code", () => current.edit(code, from, to));
    },
    async newScript(code, language) {
      refuseUnseen(code);
      if (!LUAU.includes(language.lower())) throw localProblem("not-luau", `This is ${language}.`);
      let made: LuaSourceContainer | undefined;
      await record("New script", async () => {
        const fresh = new Instance(isModule(code) ? "ModuleScript" : "Script");
        try {
          fresh.Parent = home;
          await editor.write(fresh, code);
        } catch (thrown) {
          fresh.Destroy();
          throw thrown;
        }
        made = fresh;
      });
      if (made === undefined) return;
      selection.Set([made]);
      await editor.show(made);
    },
    async compareWith(code) {
      refuseUnseen(code);
      const current = active();
      const { container } = current;
      const before = editor.read(container);
      const [from, to] = current.selection();
      const [first, last] = [byteAt(before, from.line, from.column), byteAt(before, to.line, to.column)];
      // A block of code has no line end behind its last line; the script keeps the one it has.
      const whole = before.sub(-1) === "\n" && code.sub(-1) !== "\n" ? `${code}\n` : code;
      const after = first === last ? whole : before.sub(1, first - 1) + code + before.sub(last);
      return {
        target: plainName(container.GetFullName()),
        before,
        after,
        async apply(text) {
          let written: string | undefined;
          await record("Apply code", async () => {
            written = await editor.write(container, text, before);
          });
          if (written === undefined) throw localProblem("script-changed");
        },
      };
    },
  };
}
