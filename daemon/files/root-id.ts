import { hashOf } from "./hash.js";

/** In front of what is hashed, so that the id is no hash of a path that somebody else has made. */
const LABEL = "puente root\0";
const ID_DIGITS = 32;

/**
 * Which folder a root is, for whoever must not take it for another of the same name: a plugin that comes back to the
 * daemon of another project would save into it. The rule: the same for the same real path, so that it outlives the
 * daemon. Not protected: another folder that was put at the same path, and the path itself from who can guess it.
 */
export function rootId(folder: string): string {
  return hashOf(Buffer.from(LABEL + folder)).slice(0, ID_DIGITS);
}
