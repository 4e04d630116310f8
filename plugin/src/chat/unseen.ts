import { localProblem } from "../wire/problem.js";

/** U+202A to U+202E and U+2066 to U+2069: what follows is shown in another order than it stands in. */
const TURNS = [
  `${string.char(0xe2, 0x80)}[${string.char(0xaa)}-${string.char(0xae)}]`,
  `${string.char(0xe2, 0x81)}[${string.char(0xa6)}-${string.char(0xa9)}]`,
];

/**
 * Refuses what a model has written and nobody sees as it is. The danger: a carriage return ends a comment of Luau's, and
 * a mark of direction moves code into one or out of it, so that a user accepts another text than they have read.
 * Throws `unseen-characters`.
 */
export function refuseUnseen(written: string): void {
  const text = written.gsub("\r\n", "\n")[0];
  // Control characters, other than those that divide lines and words.
  const isUnseen = text.find("[^%C\n\t]")[0] !== undefined || TURNS.some((turn) => text.find(turn)[0] !== undefined);
  if (isUnseen) throw localProblem("unseen-characters");
}
