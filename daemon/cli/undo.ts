import type { Output } from "../../shared/contract/index.js";
import type { Problem } from "../../shared/problem.js";
import { readNotes } from "../note.js";
import { type Client, connect } from "./client.js";
import { type Command, type Context, openState, printable, UsageError } from "./context.js";
import { parseFlags } from "./flags.js";

type Operation = Output<"files/history">["operations"][number];

const DEFAULT_LIMIT = 20;

function lineFor({ undo, timeMs, root, kind, by, paths, changed, canUndo }: Operation): string {
  const more = changed > paths.length ? ` and ${changed - paths.length} more` : "";
  const what = `${kind} ${root}: ${paths.join(", ")}${more}`;
  return `${undo}  ${new Date(timeMs).toISOString()}  ${printable(`${by}  ${what}`)}${canUndo ? "" : "  (not to be undone)"}\n`;
}

async function clients(context: Context): Promise<Client[]> {
  const notes = readNotes(openState(context), context.isAlive);
  if (notes.length === 0) throw new UsageError("no daemon runs; start one with puente serve");
  return await Promise.all(notes.map(connect));
}

async function list(daemons: readonly Client[], limit: number): Promise<Operation[]> {
  const pages = await Promise.all(daemons.map((daemon) => daemon.call("files/history", { limit })));
  // Two daemons that serve one folder tell of the same operations.
  const operations = new Map(pages.flatMap((page) => page.operations.map((one) => [one.undo, one] as const)));
  return [...operations.values()].sort((one, other) => (one.undo < other.undo ? 1 : -1)).slice(0, limit);
}

/** Which daemon knows an operation is found by asking them in turn. */
async function undoAt(daemons: readonly Client[], id: string): Promise<Output<"files/undo">> {
  for (const daemon of daemons) {
    try {
      return await daemon.call("files/undo", { undo: id });
    } catch (error) {
      const problem = error instanceof Error ? (error.cause as Problem | undefined) : undefined;
      if (problem === undefined) throw error;
      if (problem.code !== "no-undo") throw new UsageError(`${printable(problem.at ?? id)}: ${problem.detail}`);
    }
  }
  throw new UsageError(`${id}: there is no such operation, or it is kept no longer`);
}

/** `puente undo`: lists what was done, the newest first; `puente undo ID` puts back what that operation changed. */
export const undo: Command = async (args, context) => {
  const { values, positionals } = parseFlags(args, { json: { type: "boolean", default: false } }, 1);
  const daemons = await clients(context);
  const [id] = positionals;
  if (id !== undefined) {
    const undone = await undoAt(daemons, id);
    if (values.json) context.out(`${JSON.stringify(undone)}\n`);
    else
      context.out(`Put back ${undone.results.length} paths. To have it as it was before: puente undo ${undone.undo}\n`);
    return 0;
  }
  const operations = await list(daemons, DEFAULT_LIMIT);
  if (operations.length === 0 && !values.json) context.out("Nothing was done yet.\n");
  for (const operation of operations) context.out(values.json ? `${JSON.stringify(operation)}\n` : lineFor(operation));
  return 0;
};
