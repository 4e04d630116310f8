import { fail } from "../../fail.js";

/** A glob, read once. Matching takes time in proportion to glob and path, whatever they are. */
export interface Glob {
  fits(path: string): boolean;
}

/** Ways that braces may multiply to. */
const MOST_WAYS = 64;

/**
 * Reads a glob: `*` and `?` within a name, `**` for any number of whole names, `{a,b}` for one of several; everything
 * else stands for itself, and case counts. Without a slash it fits a name at any depth, with one a path from the root.
 * Fails with `bad-pattern`.
 */
export function parseGlob(text: string): Glob {
  const refuse = (reason: string) => fail("bad-pattern", `${reason}: ${text}`);
  if (text === "") refuse("A glob is empty");
  if (!text.isWellFormed() || text.includes("\\")) refuse("A glob has no backslash, and is well-formed Unicode");
  const ways = expand(text, refuse).map((way) => {
    const names = way.split("/");
    if (names.includes("")) refuse("A glob neither begins nor ends with a slash, and has no two in a row");
    if (names.some((name) => name.includes("**") && name !== "**")) refuse("`**` is a whole name of a glob");
    return names.length === 1 && way !== "**" ? ["**", way] : names;
  });
  const parts = ways.map((names) => names.map((name) => (name === "**" ? "**" : Array.from(name))));
  return {
    fits(path) {
      const names = path.split("/").map((name) => Array.from(name));
      return parts.some((way) => isFit(way, names, (part) => part === "**", fitsName));
    },
  };
}

function expand(text: string, refuse: (reason: string) => never): string[] {
  let ways = [""];
  let rest = text;
  for (let open = rest.indexOf("{"); open >= 0; open = rest.indexOf("{")) {
    const close = rest.indexOf("}", open);
    const inner = rest.slice(open + 1, close);
    if (close < 0 || inner.includes("{") || rest.slice(0, open).includes("}"))
      refuse("Braces of a glob come in pairs, none inside another");
    ways = ways.flatMap((way) => inner.split(",").map((choice) => way + rest.slice(0, open) + choice));
    if (ways.length > MOST_WAYS) refuse(`Braces of a glob multiply to ${MOST_WAYS} ways at most`);
    rest = rest.slice(close + 1);
  }
  if (rest.includes("}")) refuse("Braces of a glob come in pairs, none inside another");
  return ways.map((way) => way + rest);
}

function fitsName(part: "**" | readonly string[], name: readonly string[]): boolean {
  return isFit(
    Array.from(part),
    name,
    (letter) => letter === "*",
    (letter, other) => letter === "?" || letter === other,
  );
}

/** Whether items fit a pattern of which some parts stand for any number of items: only the last such part is ever gone back to. */
function isFit<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isAny: (part: Part) => boolean,
  fits: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let item = 0;
  let any = -1;
  let from = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part !== undefined && isAny(part)) {
      any = at;
      from = item;
      at += 1;
    } else if (part !== undefined && fits(part, items[item] as Item)) {
      at += 1;
      item += 1;
    } else if (any >= 0) {
      at = any + 1;
      from += 1;
      item = from;
    } else return false;
  }
  return pattern.slice(at).every(isAny);
}
