import { isAscii } from "./ascii.js";

/**
 * Names that no operation touches and no listing shows, at any depth: what holds secrets, the installed plugin with its
 * token among them, what makes git run programs, and our own unfinished writes.
 *
 * The danger: a system may hold two names to be equal that differ in case, in Unicode form or in letters it ignores.
 * The rule: a name is folded further than any system folds it before it is compared, so a name refused too much is the
 * only error left. Not protected: the same content under another name, by a hard link or as a copy.
 */
export function isDenied(name: string): boolean {
  const folded = fold(name);
  return (
    folded === ".git" ||
    BEGINNINGS.some((beginning) => folded.startsWith(beginning)) ||
    SECRET.test(folded) ||
    TEMPORARY.test(folded)
  );
}

/** The form in which names are compared: no case, no composition, no letters that cannot be seen, and none of the dots and spaces at the end that a disk of Windows drops. */
export function fold(name: string): string {
  const folded = isAscii(name)
    ? name.toLowerCase()
    : name.normalize("NFKD").replace(UNSEEN, "").toUpperCase().toLowerCase().normalize("NFC");
  return folded.replace(DROPPED, "");
}

/** The name of an unfinished write: our prefix and 128 random bits. */
export function temporaryName(random: string): string {
  return `.puente-${random}.tmp`;
}

export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** The second with what is behind it: the file that an installation is writing, and the copies that editors keep. */
const BEGINNINGS = [".env", "puente.rbxmx"];
const DROPPED = /[. ]+$/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const SECRET = /\.(?:pem|key)$/u;
const TEMPORARY = /^\.puente-[0-9a-f]{32}\.tmp$/u;
