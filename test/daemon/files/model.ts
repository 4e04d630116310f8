import { createHash } from "node:crypto";
import type { Expectation } from "../../../daemon/files/expect.js";

/** What Windows cannot hold, and what nobody may see, among the names that the properties are tested with. */
const UNPORTABLE = ["con", "b."];
const DENIED = [".git", ".ENV"];
export const NAMES = ["a", "a-b", "b", "A", "\u00e9", "e\u0301", "\uff21", "🎮", ...UNPORTABLE, ...DENIED];

const FOLDER = Symbol("folder");
/** What stands at a path in the model: a file's content, a folder, or nothing. */
type Stand = string | typeof FOLDER | undefined;

export function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The order of listings: by the bytes of each name, a folder before what it holds. */
function byBytes(one: string, other: string): number {
  const [left, right] = [one, other].map((path) => path.split("/").map((name) => Buffer.from(name)));
  for (const [index, name] of (left ?? []).entries()) {
    const against = right?.[index];
    if (against === undefined) return 1;
    const order = Buffer.compare(name, against);
    if (order !== 0) return order;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

/** What the files are said to be, in the simplest form: each path with its content. Answers as the daemon is to answer. */
export class Model {
  private readonly at = new Map<string, Stand>([["", FOLDER]]);

  private look(path: string): Stand {
    return this.at.get(path);
  }

  /** The problem of a path itself: denied, or through what is no folder. */
  private wrongWith(path: string): string | undefined {
    const names = path.split("/");
    if (names.some((name) => DENIED.includes(name))) return "denied-path";
    for (const depth of names.slice(1).keys()) {
      const stand = this.look(names.slice(0, depth + 1).join("/"));
      if (stand === undefined) return "not-found";
      if (stand !== FOLDER) return "not-a-folder";
    }
    return undefined;
  }

  read(path: string): string {
    const wrong = this.wrongWith(path);
    if (wrong !== undefined) return wrong;
    const stand = this.look(path);
    if (stand === FOLDER) return "not-regular";
    return stand === undefined ? "not-found" : `ok: ${stand}`;
  }

  list(path: string, depth: number): string {
    const wrong = path === "" ? undefined : this.wrongWith(path);
    if (wrong !== undefined) return wrong;
    const stand = this.look(path);
    if (stand !== FOLDER) return stand === undefined ? "not-found" : "not-a-folder";
    const prefix = path === "" ? "" : `${path}/`;
    const found = [...this.at.keys()].filter((each) => each !== "" && each !== path && each.startsWith(prefix));
    const near = found.filter((each) => each.slice(prefix.length).split("/").length <= depth);
    return `ok: ${JSON.stringify(near.sort(byBytes).map((each) => [each, this.entry(each)]))}`;
  }

  /** As an entry says it: a file's hash or `folder`, and whether there is a warning. */
  private entry(path: string): [string, boolean] {
    const stand = this.look(path);
    const name = path.slice(path.lastIndexOf("/") + 1);
    return [typeof stand === "string" ? hashOf(stand) : "folder", UNPORTABLE.includes(name)];
  }

  write(path: string, content: string, expectation: Expectation): string {
    const wrong = this.wrongWith(path);
    if (wrong !== undefined && wrong !== "not-found") return wrong;
    const names = path.split("/");
    const made = names
      .slice(1)
      .map((_, depth) => names.slice(0, depth + 1).join("/"))
      .filter((way) => this.look(way) === undefined);
    if (made.some((way) => UNPORTABLE.includes(way.slice(way.lastIndexOf("/") + 1)))) return "invalid-path";
    const stand = this.look(path);
    if (stand === FOLDER) return "is-a-folder";
    const now = stand === undefined ? "absent" : hashOf(stand);
    if (expectation === "absent" && now !== "absent") return "changed";
    if (typeof expectation === "object" && now !== expectation.hash) return "changed";
    if (now === "absent" && UNPORTABLE.includes(names.at(-1) ?? "")) return "invalid-path";
    for (const way of made) this.at.set(way, FOLDER);
    this.at.set(path, content);
    return `ok: ${hashOf(content)}`;
  }

  /** What somebody else does beside the daemon; whether it can be done. */
  makeFolder(path: string): boolean {
    if (this.wrongWith(path) !== undefined || this.look(path) !== undefined) return false;
    this.at.set(path, FOLDER);
    return true;
  }

  putFile(path: string, content: string): boolean {
    if (this.wrongWith(path) !== undefined || this.look(path) === FOLDER) return false;
    this.at.set(path, content);
    return true;
  }

  remove(path: string): boolean {
    if (this.wrongWith(path) !== undefined || this.look(path) === undefined) return false;
    for (const each of [...this.at.keys()]) if (each === path || each.startsWith(`${path}/`)) this.at.delete(each);
    return true;
  }
}
