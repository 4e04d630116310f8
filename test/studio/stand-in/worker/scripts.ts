import type { Item } from "../rbxmx.ts";
import type { Vm } from "./vm.ts";

/**
 * The locals that each script begins with, in the line of its first statement, so that line numbers stay. Those of
 * script, plugin, require and typeof are its own. The others may change inside: Luau reads `shared.x` of a global once,
 * when the script is loaded, unless its compiler is told otherwise, which luau-web's is not.
 */
const PRELUDE = "local script,plugin,require,typeof,game,workspace,shared,_G=...;";
const HOT_COMMENTS = /^(?:--![^\n]*\n)*/;

type Compiled = Item & { chunk?: string; complaint?: string | undefined };

let serial = 0;

function source(vm: Vm, chunk: string, text: string, name: string): Promise<string | undefined> {
  const comments = HOT_COMMENTS.exec(text)?.[0] ?? "";
  return vm.install(chunk, comments + PRELUDE + text.slice(comments.length), name);
}

/** Compiles every script of a model under its full name, and notes in each item where its chunk or complaint is. */
async function items(vm: Vm, list: Compiled[], path: string): Promise<void> {
  for (const item of list) {
    const name = `${path}.${String(item.properties["Name"]?.value ?? item.class)}`;
    const text = item.properties["Source"]?.value;
    if (typeof text === "string") {
      item.chunk = `script ${++serial}`;
      item.complaint = await source(vm, item.chunk, text, name);
    }
    await items(vm, item.children, name);
  }
}

/** A command is an expression or a block. */
async function command(vm: Vm, chunk: string, text: string): Promise<string | undefined> {
  const expression = await source(vm, chunk, `return ${text}`, "command");
  return expression === undefined ? undefined : source(vm, chunk, text, "command");
}

export const installTree = { source, items, command };
