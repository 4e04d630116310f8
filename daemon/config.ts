import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { misfit } from "../shared/check.js";
import { DEFAULT_PORT, LIMITS } from "../shared/protocol.js";
import { choice, flag, type Infer, integer, list, record, text } from "../shared/schema.js";
import { lineOf } from "./fail.js";
import { runtime } from "./http/runtime.js";
import type { Upstream } from "./upstream/upstream.js";
import { resolveUpstreams, SILENCE_SECONDS, UPSTREAM_SETTING } from "./upstream-settings.js";

export interface Root {
  readonly name: string;
  /** Absolute, all links resolved. */
  readonly folder: string;
  readonly access: "read" | "write";
}

export interface Config {
  readonly port: number;
  readonly roots: readonly Root[];
  readonly upstreams: readonly Upstream[];
  /** Whether local model servers are looked for. */
  readonly discovery: boolean;
  /** The config file, absolute. */
  readonly path?: string;
  /** Patterns of what list, watch and search pass over, besides the default ones. */
  readonly ignore: readonly string[];
  /** Streams that one token may hold open outside of the link. */
  readonly streamCap: number;
  /** Whether links are followed as far as they stay in their root. */
  readonly followLinks: boolean;
  /** How long a client may take nothing of what waits for it. */
  readonly clientStallMs: number;
  /** What is kept of each root's history. */
  readonly history: { readonly bytes: number; readonly days: number; readonly operations: number };
}

/** Unless the configuration says otherwise. */
export const HISTORY = {
  bytes: LIMITS.historyBytes,
  days: LIMITS.historyDays,
  operations: LIMITS.historyOperations,
} as const;

/** A setting that cannot be used; the message is one line for the user. */
class ConfigError extends Error {}

const FILE = record(
  {},
  {
    port: integer(0, 65_535),
    roots: list(record({ name: text(64), folder: text(4096) }, { access: choice("read", "write") }), 256),
    upstreams: list(UPSTREAM_SETTING, LIMITS.upstreams),
    ignore: list(text(1024), 1000),
    streamCap: integer(1, LIMITS.allStreams),
    followLinks: flag(),
    discovery: flag(),
    clientStallSeconds: SILENCE_SECONDS,
    historyBytes: integer(0, Number.MAX_SAFE_INTEGER),
    historyDays: integer(1, 36_500),
  },
);
type ConfigFile = Infer<typeof FILE>;

const ROOT_NAME = /^[^\p{C}/\\:]{1,64}$/u;

const REASONS = new Map([
  ["ENOENT", "it is not there"],
  ["EACCES", "you may not read it"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EISDIR", "it is a folder"],
]);

function reasonOf(error: unknown): string {
  return REASONS.get((error as NodeJS.ErrnoException).code ?? "") ?? lineOf(error);
}

function readFile(file: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file}: ${reasonOf(error)}`);
  }
  const wrong = misfit(runtime, FILE, value, "config");
  if (wrong !== undefined) throw new ConfigError(`${file}: ${wrong}`);
  return value as ConfigFile;
}

/** Studio reaches no port below 1024 and not 1194, whatever listens there. */
function checkPort(port: number): number {
  if (port > 65_535 || (port > 0 && port < 1024) || port === 1194) {
    throw new ConfigError(`port ${port}: Studio reaches ports from 1024 to 65535, except 1194`);
  }
  return port;
}

export function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new ConfigError(`--port ${value}: a port is a number from 1024 to 65535`);
  return checkPort(Number(value));
}

/** `NAME=PATH` or `NAME=PATH:read`. */
function parseRoot(value: string): { name: string; folder: string; access: "read" | "write" } {
  const equals = value.indexOf("=");
  if (equals < 1) throw new ConfigError(`--root ${value}: write it as NAME=PATH or NAME=PATH:read`);
  const path = value.slice(equals + 1);
  const isReadOnly = path.endsWith(":read");
  return {
    name: value.slice(0, equals),
    folder: isReadOnly ? path.slice(0, -":read".length) : path,
    access: isReadOnly ? "read" : "write",
  };
}

/** @param base what a relative folder starts from. @param home what `~/` stands for; shells leave it in `NAME=~/…`. */
function resolveRoot(
  { name, folder, access }: { name: string; folder: string; access: "read" | "write" },
  base: string,
  home: string,
): Root {
  if (!ROOT_NAME.test(name)) throw new ConfigError(`a root cannot be named ${JSON.stringify(name)}`);
  const path = /^~(?=$|[/\\])/.test(folder) ? join(home, folder.slice(1)) : resolve(base, folder);
  try {
    if (!statSync(path).isDirectory()) throw new ConfigError(`${folder} is not a folder`);
    return { name, folder: realpathSync(path), access };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`the folder ${folder} cannot be served: ${reasonOf(error)}`);
  }
}

/** Each byte of the disk has one root, so that one set of rules holds for it. */
function refuseOverlap(roots: readonly Root[]): void {
  for (const [index, root] of roots.entries()) {
    for (const other of roots.slice(0, index)) {
      if (other.name === root.name)
        throw new ConfigError(`two roots are named ${root.name}; name them with --root NAME=PATH`);
      const [outer, inner] = root.folder.length < other.folder.length ? [root, other] : [other, root];
      const within = outer.folder.endsWith(sep) ? outer.folder : outer.folder + sep;
      if (inner.folder === outer.folder || inner.folder.startsWith(within)) {
        throw new ConfigError(`the root ${inner.name} lies inside the root ${outer.name}`);
      }
    }
  }
}

export interface Flags {
  readonly folders: readonly string[];
  readonly roots: readonly string[];
  readonly upstreams: readonly string[];
  readonly port?: string;
  readonly ignore: readonly string[];
  readonly streamCap?: string;
  readonly followLinks?: boolean;
  readonly discovery?: boolean;
  readonly config?: string;
}

/** Where relative paths of flags start, and the user's own folder. */
export interface Whereabouts {
  readonly cwd: string;
  readonly homeFolder: string;
  /** Where the values of upstreams' headers may be. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

function parseStreamCap(value: string): number {
  const cap = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (cap < 1 || cap > LIMITS.allStreams) {
    throw new ConfigError(`--stream-cap ${value}: a number from 1 to ${LIMITS.allStreams}`);
  }
  return cap;
}

/** What to serve, from flags and the config file; flags count more. Relative paths of the file start from its folder. */
export function loadConfig(flags: Flags, whereabouts: Whereabouts): Config {
  const { cwd, homeFolder } = whereabouts;
  const configPath = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  const file: ConfigFile = configPath === undefined ? {} : readFile(configPath);
  const base = resolve(configPath ?? cwd, "..");
  const fileRoots = Array.isArray(file.roots) ? file.roots : [];
  const named = [
    ...flags.folders.map((folder) => ({ name: basename(resolve(cwd, folder)), folder, access: "write" as const })),
    ...flags.roots.map(parseRoot),
  ];
  const roots = [
    ...named.map((root) => resolveRoot(root, cwd, homeFolder)),
    ...fileRoots.map(({ access = "write", ...root }) => resolveRoot({ ...root, access }, base, homeFolder)),
  ];
  refuseOverlap(roots);
  return {
    port: flags.port === undefined ? checkPort(file.port ?? DEFAULT_PORT) : parsePort(flags.port),
    roots,
    ...(configPath !== undefined && { path: configPath }),
    discovery: flags.discovery ?? file.discovery ?? true,
    upstreams: resolveUpstreams(flags.upstreams, Array.isArray(file.upstreams) ? file.upstreams : [], {
      ...whereabouts,
      base,
    }),
    ignore: [...(Array.isArray(file.ignore) ? file.ignore : []), ...flags.ignore],
    streamCap: flags.streamCap === undefined ? (file.streamCap ?? LIMITS.streams) : parseStreamCap(flags.streamCap),
    followLinks: flags.followLinks ?? file.followLinks ?? false,
    clientStallMs: (file.clientStallSeconds ?? LIMITS.clientStallSeconds) * 1000,
    history: {
      ...HISTORY,
      ...(file.historyBytes !== undefined && { bytes: file.historyBytes }),
      ...(file.historyDays !== undefined && { days: file.historyDays }),
    },
  };
}
