import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

/**
 * The one parser for paths: text of the wire in, names of a walk out. No other code splits or joins a client's path.
 *
 * The danger: whatever is checked in one form and opened in another is a way out (`..`, `\`, drive letters, streams,
 * device names, short names). So a path is refused unless it is plain in the eyes of every system at once: a project
 * moves between them, and a rule that held only on this one would be found out on the next.
 * Not protected here: links and races, which are the sandbox's, and names that a system holds to be equal, which are
 * the deny list's.
 */
export function parsePath(path: string): readonly string[] {
  const refuse = (reason: string) => fail("invalid-path", reason, { at: path.slice(0, 256).toWellFormed() });
  if (path === "") return [];
  if (!path.isWellFormed()) refuse("The path is not well-formed Unicode.");
  if (Buffer.byteLength(path) > LIMITS.pathBytes) refuse(`The path is longer than ${LIMITS.pathBytes} bytes.`);
  if (path.startsWith("/")) refuse("The path starts with a slash; paths are relative to their root.");
  if (path.startsWith("~")) refuse("The path starts with a tilde.");
  const names = path.split("/");
  if (names.length > LIMITS.depth) refuse(`The path is more than ${LIMITS.depth} folders deep.`);
  for (const name of names) {
    const wrong = misname(name);
    if (wrong !== undefined) refuse(wrong);
  }
  return names;
}

/** Whether a path could name this, of which all names but the last are known to be in order. */
export function isSayable(names: readonly string[]): boolean {
  const [first = "", last = first] = [names[0], names.at(-1)];
  if (misname(last) !== undefined || first.startsWith("~") || names.length > LIMITS.depth) return false;
  return names.length * LIMITS.nameBytes < LIMITS.pathBytes || Buffer.byteLength(names.join("/")) <= LIMITS.pathBytes;
}

/**
 * Why a name may not stand in a path, or undefined where it may.
 * The rules of Windows hold everywhere and for every operation, reads too: opening `aux.lua` or `a.` reaches a device
 * or another file there, and a name that reads on one machine only is a name that a project loses on the other.
 */
function misname(name: string): string | undefined {
  if (name === "") return "The path has an empty part.";
  if (name === "." || name === "..") return "The path has a part `.` or `..`.";
  if (UNSAFE.test(name)) return 'The path has a control character or one of \\ : < > " | ? *';
  if (LAST.test(name)) return "A part of the path ends in a dot or a space.";
  if (DEVICE.test(name)) return "A part of the path is the name of a device on Windows.";
  if (SHORT.test(name)) return "A part of the path has the form of a short name on Windows.";
  // No name of this many UTF-16 units is too long, so that the bytes are counted for long names only.
  if (name.length * 3 > LIMITS.nameBytes && Buffer.byteLength(name) > LIMITS.nameBytes) {
    return `A part of the path is longer than ${LIMITS.nameBytes} bytes.`;
  }
  return undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\:<>"|?*]/u;
const LAST = /[. ]$/u;
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\.|$)/iu;
const SHORT = /^[^~.]{1,6}~[0-9]+(?:\.[^.~]{0,3})?$/u;
