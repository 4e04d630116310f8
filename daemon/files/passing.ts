import type { Input } from "../../shared/contract/index.js";
import { Failure } from "../fail.js";
import type { Hashes } from "./hash-cache.js";
import { createGitIgnore, type Ignore } from "./ignore.js";
import { lookAt } from "./leaf.js";
import { readSmall } from "./read.js";
import type { Visit } from "./sandbox.js";

/** Longer ones are left unread: nobody writes them by hand, and their rules would be held against every name. */
const GIT_IGNORE_BYTES = 64 * 1024;

/** What a listing has of the daemon's. */
export interface Means {
  readonly ignore: Ignore;
  readonly hashes: Hashes;
}

/**
 * What a tour from a folder passes over. Whoever names an ignored folder wants what is in it: all of it is shown then.
 * @param rule of the contract.
 */
export function passing(
  visit: Visit,
  from: readonly string[],
  { ignore, hashes }: Means,
  rule: Input<"files/list">["ignore"] = "default",
): Ignore["hides"] {
  if (rule === "none") return () => false;
  const git = rule === "gitignore" ? createGitIgnore((folder) => gitIgnoreIn(visit, folder, hashes)) : undefined;
  const hides: Ignore["hides"] = (path, kind) => ignore.hides(path, kind) || git?.hides(path, kind) === true;
  return hides(from.join("/"), "folder") ? () => false : hides;
}

/** Through no link, as git has it. One that cannot be read hides nothing. */
function gitIgnoreIn(visit: Visit, folder: string, hashes: Hashes): string | undefined {
  try {
    const spot = visit.spotIn([...(folder === "" ? [] : folder.split("/")), ".gitignore"]);
    if (lookAt(spot)?.isFile() !== true) return undefined;
    return readSmall(spot, Buffer.allocUnsafe(GIT_IGNORE_BYTES), hashes)?.bytes.toString("utf8");
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
