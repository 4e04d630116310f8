import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, resolve, sep } from "node:path";
import { misfit } from "../shared/check.js";
import { DEFAULT_PORT } from "../shared/protocol.js";
import { choice, type Infer, integer, list, record, text } from "../shared/schema.js";
import { runtime } from "./http/runtime.js";

export interface Root {
  readonly name: string;
  /** Absolute, all links resolved. */
  readonly folder: string;
  readonly access: "read" | "write";
}

export interface Config {
  readonly port: number;
  readonly roots: readonly Root[];
}

/** A setting that cannot be used; the message is one line for the user. */
class ConfigError extends Error {}

const FILE = record(
  {},
  {
    port: integer(0, 65_535),
    roots: list(record({ name: text(64), folder: text(4096) }, { access: choice("read", "write") }), 256),
  },
);
type ConfigFile = Infer<typeof FILE>;

const ROOT_NAME = /^[^\p{C}/\\:]{1,64}$/u;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readFile(file: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file}: ${messageOf(error).replaceAll("\n", " ")}`);
  }
  const wrong = misfit(runtime, FILE, value, "config");
  if (wrong !== undefined) throw new ConfigError(`${file}: ${wrong}`);
  return value as ConfigFile;
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new ConfigError(`--port ${value}: a port is 0 to 65535`);
  return port;
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

function resolveRoot(name: string, folder: string, access: "read" | "write", base: string): Root {
  if (!ROOT_NAME.test(name)) throw new ConfigError(`a root cannot be named ${JSON.stringify(name)}`);
  const path = isAbsolute(folder) ? folder : resolve(base, folder);
  try {
    if (!statSync(path).isDirectory()) throw new ConfigError(`${folder} is not a folder`);
    return { name, folder: realpathSync(path), access };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`the folder ${folder} cannot be served: ${messageOf(error)}`);
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
  readonly port?: string;
  readonly config?: string;
}

/**
 * What to serve, from flags and the config file; flags count more.
 * @param cwd what relative paths of flags start from; those of the file start from its folder.
 */
export function loadConfig(flags: Flags, cwd: string): Config {
  const configPath = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  const file: ConfigFile = configPath === undefined ? {} : readFile(configPath);
  const fileRoots = Array.isArray(file.roots) ? file.roots : [];
  const roots = [
    ...flags.folders.map((folder) => resolveRoot(basename(resolve(cwd, folder)), folder, "write", cwd)),
    ...flags.roots.map(parseRoot).map((root) => resolveRoot(root.name, root.folder, root.access, cwd)),
    ...fileRoots.map((root) =>
      resolveRoot(root.name, root.folder, root.access ?? "write", resolve(configPath ?? cwd, "..")),
    ),
  ];
  refuseOverlap(roots);
  return { port: flags.port === undefined ? (file.port ?? DEFAULT_PORT) : parsePort(flags.port), roots };
}
