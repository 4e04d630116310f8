import type { Files } from "../bridge/files.js";
import type { Editor } from "../editor.js";
import type { Record } from "../recording.js";
import { bytesFor, textIn } from "../script-text.js";
import { localProblem, problemOf } from "../wire/problem.js";
import { plainName } from "./given-text.js";
import type { ToolInput } from "./tool-input.js";
import { refuseUnseen } from "./unseen.js";

/** A larger text is not edited by a model. */
const MOST_BYTES = 1024 * 1024;

/** An edit that is not made yet. */
interface Proposal {
  /** A file, or a script's full name. */
  readonly target: string;
  readonly before: string;
  readonly after: string;
  /** Makes it, provided that what it was made for is still there. Rejects with `changed`, `script-changed` and the like. */
  make(): Promise<void>;
}

/** Rejects where the edit cannot be, in words that a model understands. */
export type Propose = (input: ToolInput<"propose_edit">) => Promise<Proposal>;

export interface EditsOptions {
  readonly files: Files;
  readonly editor: Editor;
  readonly record: Record;
  readonly findScript: (name: string) => LuaSourceContainer;
}

function invalid(detail: string): never {
  throw localProblem("tool-failed", detail);
}

/** The text with `old` replaced, which must stand there once. */
function edited(before: string, old: string | undefined, fresh: string): string {
  if (old === undefined || old === "") return fresh;
  const [from, to] = before.find(old, 1, true);
  if (from === undefined || to === undefined) return invalid("old_text does not stand there. Read it again.");
  if (before.find(old, from + 1, true)[0] !== undefined) return invalid("old_text stands there more than once.");
  return before.sub(1, from - 1) + fresh + before.sub(to + 1);
}

export function createPropose({ files, editor, record, findScript }: EditsOptions): Propose {
  async function present(root: string, path: string): Promise<{ bytes: string; expect: string }> {
    try {
      const { bytes } = await files.stat(root, path);
      if (bytes > MOST_BYTES) invalid(`It has ${bytes} bytes: too many to be edited so.`);
      const found = await files.read(root, path);
      return { bytes: found.bytes, expect: found.hash };
    } catch (thrown) {
      if (problemOf(thrown).code === "not-found") return { bytes: "", expect: "absent" };
      throw thrown;
    }
  }

  async function ofFile(root: string, path: string, old: string | undefined, fresh: string): Promise<Proposal> {
    const { bytes, expect } = await present(root, path);
    // A model knows of no carriage returns: the file keeps its own.
    const before = textIn(bytes).gsub("\r\n", "\n")[0];
    const after = edited(before, old, fresh);
    return {
      target: `${root}/${path}`,
      before,
      after,
      async make() {
        await files.write(root, path, bytesFor(bytes, after), expect);
      },
    };
  }

  function ofScript(name: string, old: string | undefined, fresh: string): Proposal {
    const container = findScript(name);
    const before = editor.read(container);
    const after = edited(before, old, fresh);
    return {
      target: plainName(name),
      before,
      after,
      async make() {
        if (!container.IsDescendantOf(game)) throw localProblem("tool-failed", `There is no script ${name} any more.`);
        let written: string | undefined;
        await record("Accept a model's edit", async () => {
          written = await editor.write(container, after, before);
        });
        if (written === undefined) throw localProblem("script-changed");
      },
    };
  }

  return async (input) => {
    const { root, path, old_text } = input;
    refuseUnseen(input.new_text);
    const new_text = input.new_text.gsub("\r\n", "\n")[0];
    if (input.script !== undefined && path === undefined) return ofScript(input.script, old_text, new_text);
    if (input.script === undefined && root !== undefined && path !== undefined) {
      return ofFile(root, path, old_text, new_text);
    }
    return invalid("Give either root and path, or script.");
  };
}
