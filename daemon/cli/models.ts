import type { Output } from "../../shared/contract/index.js";
import { COMMAND } from "../../shared/protocol.js";
import { LOCAL_SERVERS } from "../llm/local-servers.js";
import { readNotes } from "../note.js";
import { connect } from "./client.js";
import { type Command, openState, printable, UsageError } from "./context.js";
import { parseFlags } from "./flags.js";

type Listing = Output<"llm/models">;
type Model = Listing["models"][number];
type Provider = Listing["providers"][number];

const GB = 1e9;

function modelLine({ id, contextTokens, bytes, running, images, tools }: Model): string {
  const known = [
    running ? "running" : "",
    contextTokens === undefined ? "" : `${contextTokens} tokens`,
    bytes === undefined ? "" : `${(bytes / GB).toFixed(1)} GB`,
    images ? "images" : "",
    tools ? "tools" : "",
  ].filter((word) => word !== "");
  return `  ${printable(id)}${known.length === 0 ? "" : `  (${known.join(", ")})`}\n`;
}

function providerLine({ name, dialect, state, detail }: Provider): string {
  return `  ${name}  ${dialect}  ${state}${detail === undefined ? "" : `: ${printable(detail)}`}\n`;
}

function textOf({ models, providers }: Listing): string {
  if (providers.length === 0) {
    const titles = LOCAL_SERVERS.map(({ title }) => title).join(", ");
    return `No model server was found. Start one on this machine (${titles}) and ask again, or name one:\n  ${COMMAND} serve --upstream NAME=openai+http://HOST:PORT\n`;
  }
  const listed = models.length === 0 ? "  none\n" : models.map(modelLine).join("");
  return `Models:\n${listed}\nProviders:\n${providers.map(providerLine).join("")}`;
}

/** `puente models`: asks the running daemons anew for every model, and what is the matter with each provider; exit code 1 where there is no model. */
export const models: Command = async (args, context) => {
  const { values } = parseFlags(args, { json: { type: "boolean", default: false } });
  const notes = readNotes(openState(context), context.isAlive);
  if (notes.length === 0) throw new UsageError(`no daemon runs; start one with ${COMMAND} serve`);
  const answers = await Promise.all(
    notes.map(async (note) => ({
      url: note.url,
      listing: await (await connect(note)).call("llm/models", { again: true }),
    })),
  );
  for (const { url, listing } of answers) {
    if (values.json) context.out(`${JSON.stringify({ url, ...listing })}\n`);
    else context.out(`${answers.length > 1 ? `${url}\n` : ""}${textOf(listing)}`);
  }
  return answers.some(({ listing }) => listing.models.length > 0) ? 0 : 1;
};
