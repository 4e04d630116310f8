import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DEFAULT_PORT } from "../../shared/protocol.js";
import { parsePort } from "../config.js";
import { createToken, revokeToken } from "../session/tokens.js";
import { bake } from "./bake.js";
import { type Command, type Context, openState, UsageError } from "./context.js";
import { parseFlags } from "./flags.js";
import { pluginsFolder } from "./studio-folder.js";

const FILE = "Puente.rbxmx";
const SCOPES = ["files:read", "files:write", "llm"];

function targetFolder(to: string | undefined, context: Context): string {
  return to === undefined ? pluginsFolder(context) : resolve(context.cwd, to);
}

/** One token for each place the plugin is installed in, found again by the place. */
function tokenName(folder: string): string {
  return `studio-plugin-${createHash("sha256").update(folder).digest("hex").slice(0, 8)}`;
}

function writePrivately(path: string, content: string): void {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: "wx", flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function build(args: string[], context: Context): number {
  if (args.length > 0) throw new UsageError("puente plugin build takes nothing more");
  const { status } = spawnSync("npm", ["run", "--silent", "build:plugin"], {
    cwd: context.packageFolder,
    stdio: "inherit",
    shell: context.platform === "win32",
  });
  return status ?? 1;
}

/** Puts the plugin where Studio looks, with a token of its own in it; an earlier one of the same place is revoked. */
function install(args: string[], context: Context): number {
  const { values } = parseFlags(args, { to: { type: "string" }, port: { type: "string", default: `${DEFAULT_PORT}` } });
  const port = parsePort(values.port);
  const packed = join(context.packageFolder, "dist", "puente.rbxmx");
  if (!existsSync(packed)) throw new UsageError("the plugin is not built; run npm run build");
  const folder = targetFolder(values.to, context);
  const state = openState(context);
  const name = tokenName(folder);
  // A path that was mistyped is not made.
  if (!existsSync(dirname(folder))) throw new UsageError(`the folder ${dirname(folder)} is not there`);
  mkdirSync(folder, { recursive: true });
  revokeToken(state, name);
  const token = createToken(state, name, SCOPES);
  try {
    const settings = { url: `http://127.0.0.1:${port}`, token };
    writePrivately(join(folder, FILE), bake(readFileSync(packed, "utf8"), settings));
  } catch (error) {
    revokeToken(state, name);
    throw error;
  }
  context.out(`Installed ${join(folder, FILE)}. Restart Studio, and click Puente in the Plugins tab.\n`);
  return 0;
}

function uninstall(args: string[], context: Context): number {
  const { values } = parseFlags(args, { to: { type: "string" } });
  const folder = targetFolder(values.to, context);
  const file = join(folder, FILE);
  const wasThere = existsSync(file);
  rmSync(file, { force: true });
  const wasKnown = revokeToken(openState(context), tokenName(folder));
  if (!wasThere) {
    throw new UsageError(`there is no plugin of ours in ${folder}${wasKnown ? "; its token is revoked" : ""}`);
  }
  context.out(`Removed ${file} and revoked its token.\n`);
  return 0;
}

const VERBS = new Map([
  ["build", build],
  ["install", install],
  ["uninstall", uninstall],
]);

/** `puente plugin build|install|uninstall`. */
export const plugin: Command = async ([verb = "", ...args], context) => {
  const carryOut = VERBS.get(verb);
  if (carryOut === undefined)
    throw new UsageError("write it as: puente plugin build, puente plugin install or puente plugin uninstall");
  return carryOut(args, context);
};
