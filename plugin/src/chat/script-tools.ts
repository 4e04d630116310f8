import type { Editor } from "../editor.js";
import { localProblem } from "../wire/problem.js";
import { boundedLines, boundedText } from "./bounded-text.js";
import type { ToolInput } from "./tool-input.js";

/** Where a place has its scripts. */
const SERVICES = [
  "Workspace",
  "ReplicatedFirst",
  "ReplicatedStorage",
  "ServerScriptService",
  "ServerStorage",
  "StarterGui",
  "StarterPack",
  "StarterPlayer",
  "Lighting",
  "SoundService",
  "Chat",
  "TextChatService",
] as const;
/** Instances that are looked at in one frame, and scripts that are told. */
const INSTANCES_A_FRAME = 4000;
const SCRIPTS = 1000;

/** The scripts of the place, as a model sees them. */
export interface ScriptTools {
  list(input: ToolInput<"list_scripts">): Promise<string>;
  /** Rejects with `tool-failed` where there is none of this name, or several. */
  read(input: ToolInput<"read_script">): Promise<string>;
  find(name: string): LuaSourceContainer;
}

/** Everything below `parent` that has this full name; a name may hold dots. */
function named(parent: Instance, rest: string): Instance[] {
  const found: Instance[] = [];
  for (const child of parent.GetChildren()) {
    const { Name: name } = child;
    if (rest === name) found.push(child);
    else if (rest.sub(1, name.size() + 1) === `${name}.`) {
      for (const below of named(child, rest.sub(name.size() + 2))) found.push(below);
    }
  }
  return found;
}

export function createScriptTools(place: DataModel, editor: Editor): ScriptTools {
  function services(): readonly Instance[] {
    return SERVICES.map((name) => place.GetService(name));
  }

  function all(name: string): Instance[] {
    const found: Instance[] = [];
    for (const service of services()) {
      if (name === service.Name) found.push(service);
      else if (name.sub(1, service.Name.size() + 1) === `${service.Name}.`) {
        for (const below of named(service, name.sub(service.Name.size() + 2))) found.push(below);
      }
    }
    return found;
  }

  function find(name: string): LuaSourceContainer {
    const scripts = all(name).filter((one): one is LuaSourceContainer => one.IsA("LuaSourceContainer"));
    if (scripts.size() === 1) return scripts[0];
    throw localProblem(
      "tool-failed",
      scripts.isEmpty() ? `There is no script ${name}.` : `There are ${scripts.size()} scripts of the name ${name}.`,
    );
  }

  return {
    find(name) {
      return find(name);
    },
    async list({ under }) {
      const lines: string[] = [];
      let count = 0;
      const waiting = [...(under === undefined ? services() : all(under))];
      while (!waiting.isEmpty() && lines.size() < SCRIPTS) {
        const instance = waiting.pop() as Instance;
        if (instance.IsA("LuaSourceContainer")) lines.push(`${instance.GetFullName()} (${instance.ClassName})`);
        for (const child of instance.GetChildren()) waiting.push(child);
        count += 1;
        if (count % INSTANCES_A_FRAME === 0) task.wait();
      }
      return boundedLines(
        lines.sort((left, right) => left < right),
        !waiting.isEmpty(),
      );
    },
    async read({ name, from_line }) {
      return boundedText(editor.read(find(name)), from_line);
    },
  };
}
