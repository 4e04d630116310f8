import { misfit } from "../../../shared/check.js";
import { flag, type Infer, integer, type RecordSchema, record, text } from "../../../shared/schema.js";
import type { ChatRequest } from "../bridge/models.js";
import { localProblem } from "../wire/problem.js";
import { LUAU_RUNTIME } from "../wire/runtime.js";

type Definition = NonNullable<ChatRequest["tools"]>[number];

const NAME = text(8192);
const LINE = integer(1, 1_000_000_000);
const WHOLE = text(64 * 1024);

interface Tool {
  readonly does: string;
  readonly input: RecordSchema;
  /** What each field is. */
  readonly fields: { readonly [name: string]: string };
}

/** What a model may ask for. */
const TOOLS = {
  list_files: {
    does: "Lists a folder of the developer's files. Without a root it lists the roots.",
    input: record({}, { root: NAME, path: NAME }),
    fields: { root: "name of a root", path: "folder below the root, divided by /; the root itself if absent" },
  },
  read_file: {
    does: "Reads a text file.",
    input: record({ root: NAME, path: NAME }, { from_line: LINE }),
    fields: { root: "name of a root", path: "file below the root", from_line: "first line that is wanted" },
  },
  search_files: {
    does: "Finds lines in the files of one root, or of all.",
    input: record({ pattern: text(4096) }, { root: NAME, include: text(1024), regex: flag() }),
    fields: {
      pattern: "what is searched for",
      root: "name of a root",
      include: "glob of the files that are looked at, such as **/*.luau",
      regex: "whether the pattern is a regular expression",
    },
  },
  list_scripts: {
    does: "Lists the scripts of the place that is open in Studio, by their full names.",
    input: record({}, { under: NAME }),
    fields: { under: "full name of what the scripts are in, such as ReplicatedStorage" },
  },
  read_script: {
    does: "Reads a script of the place, as it stands in the editor.",
    input: record({ name: NAME }, { from_line: LINE }),
    fields: { name: "full name, such as ServerScriptService.Main", from_line: "first line that is wanted" },
  },
  propose_edit: {
    does: "Proposes an edit of one file or of one script. The user sees the difference, and accepts or refuses it. Give either root and path, or script.",
    input: record({ new_text: WHOLE }, { root: NAME, path: NAME, script: NAME, old_text: WHOLE }),
    fields: {
      root: "name of a root",
      path: "file below the root; one that does not exist is made",
      script: "full name of a script of the place",
      old_text: "the text that is replaced, exactly as it stands there, and there only once; all of it if absent",
      new_text: "the text that takes its place",
    },
  },
} as const satisfies { readonly [name: string]: Tool };

export type ToolName = keyof typeof TOOLS;
export type ToolInput<Name extends ToolName> = Infer<(typeof TOOLS)[Name]["input"]>;

/** The schema of a tool's input as JSON Schema has it. */
function jsonSchema({ input, fields }: Tool): object {
  const properties: { [name: string]: object } = {};
  const required: string[] = [];
  for (const [name, description] of pairs(fields)) {
    const needed = input.required[name];
    if (needed !== undefined) required.push(name as string);
    properties[name] = { type: (needed ?? input.optional[name]).type, description };
  }
  return { type: "object", properties, required };
}

/** The tools as a model is told of them. */
export const TOOL_DEFINITIONS: Definition[] = [];
for (const [name, tool] of pairs(TOOLS as { readonly [name: string]: Tool })) {
  TOOL_DEFINITIONS.push({ name: name as string, description: tool.does, parameters: jsonSchema(tool) });
}

/** Whether a name is a tool's. */
export function isTool(name: string): name is ToolName {
  return (TOOLS as { readonly [name: string]: unknown })[name] !== undefined;
}

/** The input that a model has written, as JSON, for a tool. Throws in words that the model understands. */
export function toolInput(http: HttpService, name: ToolName, json: string): unknown {
  const [ok, value] = pcall(() => http.JSONDecode(json === "" ? "{}" : json));
  if (!ok) throw localProblem("tool-failed", "The arguments are no JSON.");
  const wrong = misfit(LUAU_RUNTIME, TOOLS[name].input, value, "arguments");
  if (wrong !== undefined) throw localProblem("tool-failed", wrong);
  return value;
}
