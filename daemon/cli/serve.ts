import { join } from "node:path";
import { COMMAND, DEFAULT_PORT } from "../../shared/protocol.js";
import { type Config, loadConfig } from "../config.js";
import { LOCAL_SERVERS } from "../llm/local-servers.js";
import { createLog } from "../log.js";
import { start } from "../start.js";
import { type Command, type Context, openState, printable } from "./context.js";
import { parseFlags } from "./flags.js";
import { findRipgrep } from "./ripgrep.js";

const OPTIONS = {
  root: { type: "string", multiple: true, default: [] as string[] },
  upstream: { type: "string", multiple: true, default: [] as string[] },
  port: { type: "string" },
  ignore: { type: "string", multiple: true, default: [] as string[] },
  "stream-cap": { type: "string" },
  "follow-links": { type: "boolean" },
  "no-discovery": { type: "boolean" },
  config: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

type Pairing = { client: string; scopes: readonly string[]; code: string };

/** What `serve` tells the world: a person, or with --json a program, one object a line. */
interface Teller {
  listening(url: string, config: Config): void;
  pairing(pairing: Pairing): void;
  stopped(): void;
}

function portFlag(url: string): string {
  const { port } = new URL(url);
  return Number(port) === DEFAULT_PORT ? "" : ` --port ${port}`;
}

function tellPerson({ out }: Context): Teller {
  return {
    listening(url, { roots, upstreams }) {
      const lines = roots.map(
        ({ name, folder, access }) => `  ${name}  ${folder}${access === "read" ? "  (read only)" : ""}`,
      );
      const servers = upstreams.map(
        ({ name, base, dialect }) => `  ${name}  ${base.href}${dialect === undefined ? "" : `  (${dialect})`}`,
      );
      out(`Puente is listening on ${url}\n\nRoots:\n${lines.join("\n")}\n${
        servers.length === 0 ? "" : `\nUpstreams:\n${servers.join("\n")}\n`
      }
In Studio: install the plugin once (${COMMAND} plugin install${portFlag(url)}), restart Studio,
and click Puente in the Plugins tab. Ctrl-C ends the daemon.\n\n`);
    },
    pairing({ client, scopes, code }) {
      out(
        `${printable(client)} asks to pair, for ${scopes.join(", ")}. If Studio shows the code ${code}, run:\n  ${COMMAND} pair approve ${code}\n`,
      );
    },
    stopped: () => out("Stopped.\n"),
  };
}

function tellProgram({ out, pid }: Context): Teller {
  const line = (value: object) => out(`${JSON.stringify(value)}\n`);
  return {
    listening: (url, { roots, upstreams }) =>
      line({
        event: "listening",
        url,
        pid,
        roots: roots.map(({ name, access }) => ({ name, access })),
        upstreams: upstreams.map(({ name }) => ({ name })),
      }),
    pairing: (pairing) =>
      line({ event: "pairing", client: pairing.client, scopes: pairing.scopes, code: pairing.code }),
    stopped: () => line({ event: "stopped" }),
  };
}

/** Serves the example place where nothing else is named, so that a first try needs no folder. */
function foldersOf(
  positionals: string[],
  named: { root: string[]; config?: string | undefined },
  context: Context,
): string[] {
  if (positionals.length > 0 || named.root.length > 0 || named.config !== undefined) return positionals;
  return [join(context.packageFolder, "examples", "place")];
}

/** `puente serve`: runs the daemon until SIGINT or SIGTERM. */
export const serve: Command = async (args, context) => {
  const { values, positionals } = parseFlags(args, OPTIONS, Number.POSITIVE_INFINITY);
  const config = loadConfig(
    {
      folders: foldersOf(positionals, values, context),
      roots: values.root,
      upstreams: values.upstream,
      ignore: values.ignore,
      ...(values["stream-cap"] !== undefined && { streamCap: values["stream-cap"] }),
      ...(values["follow-links"] !== undefined && { followLinks: values["follow-links"] }),
      ...(values["no-discovery"] && { discovery: false }),
      ...(values.port !== undefined && { port: values.port }),
      ...(values.config !== undefined && { config: values.config }),
    },
    context,
  );
  const ripgrep = findRipgrep(context, config.roots);
  const teller = values.json ? tellProgram(context) : tellPerson(context);
  const stopped = context.untilStopped();
  const daemon = await start(config, {
    state: openState(context),
    log: createLog(context.err),
    pid: context.pid,
    isAlive: context.isAlive,
    searchTools: {
      worker: join(context.packageFolder, "dist", "search-worker.js"),
      ...(ripgrep !== undefined && { ripgrep }),
    },
    localServers: config.discovery ? LOCAL_SERVERS : [],
    announcePairing: teller.pairing,
  });
  teller.listening(daemon.url, config);
  await stopped;
  await daemon.close();
  teller.stopped();
  return 0;
};
