import type { ToolCall } from "../bridge/chat-event.js";
import type { ChatRequest } from "../bridge/models.js";
import { wholeCharacters } from "../utf8-text.js";
import { explain, problemOf } from "../wire/problem.js";
import type { Propose } from "./edits.js";
import type { FileTools } from "./file-tools.js";
import { plainName } from "./given-text.js";
import type { ScriptTools } from "./script-tools.js";
import { isTool, TOOL_DEFINITIONS, type ToolInput, type ToolName, toolInput } from "./tool-input.js";
import { createUse, type Use } from "./tool-use.js";

/** A subject is one line of the panel. */
const SUBJECT_BYTES = 200;
/** What a model may write for one call; it is told again in each round. */
const INPUT_BYTES = 64 * 1024;

/** What a model may do, where the user lets it. It changes nothing by itself, and runs nothing. */
export interface Toolbox {
  readonly definitions: NonNullable<ChatRequest["tools"]>;
  /** Shows a call. */
  begin(call: ToolCall): Use;
  /** Resolves once the model can be told what came of it; never rejects. */
  carryOut(use: Use): Promise<void>;
}

export interface ToolboxOptions {
  readonly http: HttpService;
  readonly files: FileTools;
  readonly scripts: ScriptTools;
  readonly propose: Propose;
}

function subjectOf(http: HttpService, { arguments: json }: ToolCall): string {
  const [ok, value] = pcall(() => http.JSONDecode(json));
  if (!ok || !typeIs(value, "table")) return "";
  const fields = value as { readonly [name: string]: unknown };
  const told = [fields.pattern ?? fields.script ?? fields.name ?? fields.under, fields.root, fields.path];
  const words: string[] = [];
  for (const each of told as defined[]) if (typeIs(each, "string") && each !== "") words.push(each);
  const subject = plainName(words.join("/"));
  return subject.sub(1, wholeCharacters(subject, SUBJECT_BYTES));
}

export function createToolbox({ http, files, scripts, propose }: ToolboxOptions): Toolbox {
  async function proposed(use: Use, input: ToolInput<"propose_edit">): Promise<void> {
    const proposal = await propose(input);
    const { target, before, after } = proposal;
    if (before === after) {
      use.settle("done", "That is how it stands already. Nothing was changed.");
      return;
    }
    if (!(await use.propose({ target, before, after }))) {
      use.settle("refused", "The user refused this edit. Nothing was changed.");
      return;
    }
    await proposal.make();
    use.settle("accepted", "The user accepted this edit, and it is done.");
  }

  function told(use: Use, name: Exclude<ToolName, "propose_edit">, input: unknown): Promise<string> {
    if (name === "list_files") return files.list(input as ToolInput<"list_files">);
    if (name === "read_file") return files.read(input as ToolInput<"read_file">);
    if (name === "list_scripts") return scripts.list(input as ToolInput<"list_scripts">);
    if (name === "read_script") return scripts.read(input as ToolInput<"read_script">);
    return files.search(input as ToolInput<"search_files">, (stop) => use.onAbandon(stop));
  }

  return {
    definitions: TOOL_DEFINITIONS,
    begin(call) {
      const subject = subjectOf(http, call);
      if (call.arguments.size() <= INPUT_BYTES) return createUse(call, subject);
      return createUse({ ...call, arguments: "{}", invalid: "The arguments are too long. Do less at once." }, subject);
    },
    async carryOut(use) {
      const { name, arguments: json, invalid } = use.call;
      if (invalid !== undefined) {
        use.fail(invalid);
        return;
      }
      if (!isTool(name)) {
        use.fail(`There is no tool ${name}.`);
        return;
      }
      try {
        const input = toolInput(http, name, json);
        if (name === "propose_edit") await proposed(use, input as ToolInput<"propose_edit">);
        else use.settle("done", await told(use, name, input));
      } catch (thrown) {
        use.fail(explain(problemOf(thrown)));
      }
    },
  };
}
