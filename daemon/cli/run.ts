import { DEFAULT_PORT, VERSION } from "../../shared/protocol.js";
import { lineOf } from "../fail.js";
import type { Command, Context } from "./context.js";
import { models } from "./models.js";
import { pair } from "./pair.js";
import { plugin } from "./plugin.js";
import { serve } from "./serve.js";
import { status } from "./status.js";
import { token } from "./token.js";
import { undo } from "./undo.js";

const COMMANDS = new Map<string, Command>([
  ["serve", serve],
  ["token", token],
  ["pair", pair],
  ["status", status],
  ["models", models],
  ["plugin", plugin],
  ["undo", undo],
]);

const HELP = `puente: a bridge between Roblox Studio and this machine

  puente serve [FOLDER…] [--root NAME=PATH[:read]] [--upstream NAME=[DIALECT+]URL]
               [--no-discovery] [--ignore PATTERN] [--port N] [--stream-cap N] [--follow-links]
               [--config FILE] [--json]
  puente pair [approve CODE | refuse CODE]
  puente token create --name NAME --scope SCOPE[,SCOPE…]
  puente token list
  puente token revoke NAME
  puente plugin build
  puente plugin install [--to FOLDER] [--port N]
  puente plugin uninstall [--to FOLDER]
  puente status
  puente models [--json]
  puente undo [ID] [--json]

Scopes: files:read, files:write, relay:UPSTREAM, relay:*, llm, all. An upstream that has models
says how it is spoken to: ollama, openai, anthropic or gemini. The port is ${DEFAULT_PORT} unless you choose another, in serve and in plugin install alike.
Tokens are kept in the folder PUENTE_HOME, by default in the system's place for a program's state.
`;

/** Carries out one command line; answers the exit code. A command that fails says why in one line. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  const [name = "help", ...rest] = args;
  if (name === "help" || name === "--help" || name === "-h") {
    context.out(HELP);
    return 0;
  }
  if (name === "--version") {
    context.out(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    context.err(`puente: there is no command ${JSON.stringify(name)}; see puente help\n`);
    return 1;
  }
  try {
    return await command(rest, context);
  } catch (error) {
    context.err(`puente: ${lineOf(error)}\n`);
    return 1;
  }
}
