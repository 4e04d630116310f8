import { join } from "node:path";
import { openStateFolder, type StateFolder } from "../state.js";

/** What a command may know of the process it runs in. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly cwd: string;
  readonly homeFolder: string;
  /** Puente's own folder, where `dist` and `examples` are. */
  readonly packageFolder: string;
  out(text: string): void;
  err(text: string): void;
  isAlive(pid: number): boolean;
  untilStopped(): Promise<void>;
}

/** A command that cannot be carried out; the message is one line for the user. */
export class UsageError extends Error {}

/** One command: answers the exit code. */
export type Command = (args: string[], context: Context) => Promise<number>;

/** PUENTE_HOME, or the platform's place for state. */
function stateFolderOf({ env, platform, homeFolder }: Context): string {
  const named = env["PUENTE_HOME"];
  if (named !== undefined && named !== "") return named;
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homeFolder, "AppData", "Local"), "Puente");
  if (platform === "darwin") return join(homeFolder, "Library", "Application Support", "Puente");
  return join(env["XDG_STATE_HOME"] ?? join(homeFolder, ".local", "state"), "puente");
}

export function openState(context: Context): StateFolder {
  return openStateFolder(stateFolderOf(context), context.platform);
}

/** Text that came from outside, safe for a terminal: no control or format characters. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}
