import { lineOf } from "../fail.js";
import { type Note, readNotes } from "../note.js";
import { connect } from "./client.js";
import { type Command, openState, UsageError } from "./context.js";

async function statusOf(note: Note): Promise<string> {
  try {
    const { pairings } = await (await connect(note)).call("session/pairings", {});
    return `${note.url}  process ${note.pid}  ${pairings.length} waiting to be paired\n`;
  } catch (error) {
    return `${note.url}  process ${note.pid}  does not answer: ${lineOf(error)}\n`;
  }
}

/** `puente status`: the daemons of this user that run; exit code 1 where there is none. */
export const status: Command = async (args, context) => {
  if (args.length > 0) throw new UsageError("puente status takes nothing more");
  const notes = readNotes(openState(context), context.isAlive);
  if (notes.length === 0) context.out("No daemon runs.\n");
  for (const line of await Promise.all(notes.map(statusOf))) context.out(line);
  return notes.length === 0 ? 1 : 0;
};
