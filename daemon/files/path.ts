import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { hasFreeNames } from "./system.js";

/**
 * The one parser for paths: text of the wire in, names of a walk out. No other code splits or joins a client's path.
 *
 * The danger: whatever is checked in one form and opened in another is a way out (`..`, `\`, drive letters, streams,
 * device names, short names). So a path is refused where a part of it has a meaning of its own on any system, this one
 * or a disk of Windows that is mounted here. What Windows merely cannot hold is a name like any other elsewhere: it can
 * be read, and no new one is made (`checkNewName`), since a project moves between systems.
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

/** Whether Windows can hold a name too. */
export function isPortable(name: string): boolean {
  return missOnWindows(name) === undefined;
}

/** Fails unless a new file or folder may have this name. @param at the client's path. */
export function checkNewName(name: string, at: string): void {
  const wrong = missOnWindows(name);
  if (wrong !== undefined) fail("invalid-path", wrong, { at });
}

/** Why Windows cannot hold a name, or undefined where it can. There, opening `aux.lua` or `a.` reaches a device or another file. */
function missOnWindows(name: string): string | undefined {
  if (FOREIGN.test(name)) return 'Windows cannot hold a name with one of < > " | ? *';
  if (LAST.test(name)) return "Windows cannot hold a name that ends in a dot or a space.";
  if (DEVICE.test(name)) return "A part of the path is the name of a device on Windows.";
  return undefined;
}

/** Why a name may not stand in a path, or undefined where it may. */
function misname(name: string): string | undefined {
  if (name === "") return "The path has an empty part.";
  if (DOTS.test(name)) return "The path has a part of dots and spaces only.";
  if (UNSAFE.test(name)) return "The path has a control character, a backslash or a colon.";
  if (SHORT.test(name)) return "A part of the path has the form of a short name on Windows.";
  // No name of this many UTF-16 units is too long, so that the bytes are counted for long names only.
  if (name.length * 3 > LIMITS.nameBytes && Buffer.byteLength(name) > LIMITS.nameBytes) {
    return `A part of the path is longer than ${LIMITS.nameBytes} bytes.`;
  }
  return hasFreeNames ? undefined : missOnWindows(name);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\:]/u;
const DOTS = /^[. ]+$/u;
const FOREIGN = /[<>"|?*]/u;
const LAST = /[. ]$/u;
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\.|$)/iu;
const SHORT = /^[^~.]{1,6}~[0-9]+(?:\.[^.~]{0,3})?$/u;
