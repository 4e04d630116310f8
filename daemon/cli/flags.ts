import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./context.js";

/** Parses a command's flags; an unknown one, or one without its value, is a one-line error. */
export function parseFlags<const T extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/[.\n]/)[0] ?? message);
  }
}
