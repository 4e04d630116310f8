import { type ParseArgsConfig, parseArgs } from "node:util";
import { lineOf } from "../fail.js";
import { UsageError } from "./context.js";

/**
 * Parses a command's flags; an unknown one, one without its value, or a word too many is a one-line error.
 * @param words how many words there may be besides the flags.
 */
export function parseFlags<const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: T,
  words = 0,
) {
  const parsed = parse(args, options);
  const [extra] = parsed.positionals.slice(words);
  if (extra !== undefined) throw new UsageError(`what is ${JSON.stringify(extra)} for? See puente help`);
  return parsed;
}

function parse<const T extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(lineOf(error).split(". ")[0] ?? "");
  }
}
