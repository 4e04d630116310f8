import { COMMAND } from "../../shared/protocol.js";
import { readNotes } from "../note.js";
import { type Client, connect } from "./client.js";
import { type Command, type Context, openState, printable, UsageError } from "./context.js";

async function connectAll(context: Context): Promise<Client[]> {
  const notes = readNotes(openState(context), context.isAlive);
  if (notes.length === 0) throw new UsageError(`no daemon runs; start one with ${COMMAND} serve`);
  const attempts = await Promise.allSettled(notes.map(connect));
  const clients = attempts.filter((attempt) => attempt.status === "fulfilled").map(({ value }) => value);
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  // A daemon that does not answer, or whose number another process has by now, keeps nobody from the others.
  if (clients.length === 0 && failed !== undefined) throw failed.reason;
  return clients;
}

async function list(context: Context): Promise<void> {
  const answers = await Promise.all((await connectAll(context)).map((client) => client.call("session/pairings", {})));
  const pairings = answers.flatMap((answer) => answer.pairings);
  if (pairings.length === 0) context.out("Nothing waits to be paired.\n");
  for (const { code, client, scopes, expiresInSeconds } of pairings) {
    context.out(`${code}  ${printable(client)}  ${scopes.join(", ")}  (${expiresInSeconds} s left)\n`);
  }
}

async function answer(code: string, verdict: "approve" | "refuse", context: Context): Promise<void> {
  const clients = await connectAll(context);
  const outcomes = await Promise.allSettled(clients.map((client) => client.call("session/answer", { code, verdict })));
  const settled = outcomes.find((outcome) => outcome.status === "fulfilled");
  if (settled === undefined) {
    throw outcomes.find((outcome) => outcome.status === "rejected")?.reason;
  }
  const { client, scopes } = settled.value;
  context.out(
    verdict === "approve"
      ? `Paired: ${printable(client)}, for ${scopes.join(", ")}.\n`
      : `Refused: ${printable(client)}.\n`,
  );
}

/** `puente pair`: lists what waits to be paired; `approve CODE` and `refuse CODE` answer. */
export const pair: Command = async ([verb, code, ...more], context) => {
  if (verb === undefined) {
    await list(context);
    return 0;
  }
  if ((verb !== "approve" && verb !== "refuse") || code === undefined || more.length > 0) {
    throw new UsageError("write it as: puente pair, puente pair approve CODE or puente pair refuse CODE");
  }
  await answer(code, verb, context);
  return 0;
};
