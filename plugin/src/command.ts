import { COMMAND } from "../../shared/protocol.js";

/** What a user types in a terminal. */
export function command(words: string): string {
  return `${COMMAND} ${words}`;
}
