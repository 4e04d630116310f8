import ignore, { type Ignore as Matcher } from "ignore";

/**
 * What list, watch and search pass over though it may be read. It is no protection: a path that is named exactly is
 * read, written, and listed all the same. What nobody may touch is in denied.ts.
 */
export interface Ignore {
  /** In the language of .gitignore, relative to the root; a later one counts more. For a search that hands them on. */
  readonly patterns: readonly string[];
  /** Whether a path below a root is passed over, because of itself or of a folder on its way. Never of "". */
  hides(path: string, kind: "file" | "folder"): boolean;
}

/** Passed over unless a pattern of the user's says otherwise (`!dist/`). */
export const DEFAULT_IGNORED: readonly string[] = [".git", "node_modules/", "dist/", "build/", "out/"];

/** The library keeps an answer for each path it was asked about; this many. */
const ANSWERS_KEPT = 4096;
/** Stars make the library's expressions slow on names made for it: three of them 15 ms a name, four more than a second. */
const STARS = 2;
/** `**` stands for folders, of which a path has few. */
const DOUBLE_STARS = 3;

export function createIgnore(patterns: readonly string[]): Ignore {
  const test = matcherOf(patterns);
  return { patterns, hides: (path, kind) => path !== "" && test(path, kind) === "hidden" };
}

type Verdict = "hidden" | "shown" | undefined;

/** Of rules that stand in one folder, held against paths below it: the word of the last that matches. */
function matcherOf(patterns: readonly string[]): (path: string, kind: "file" | "folder") => Verdict {
  const simple = patterns.filter((pattern) => isSimple(pattern) && isReadable(pattern));
  const ends = endsOf(simple);
  let matcher: Matcher | undefined;
  let asked = 0;
  return (path, kind) => {
    // The library takes 4 µs to say so, as much as a look at the file.
    if (ends !== undefined && !path.split("/").some((name) => ends.has(name))) return undefined;
    if (matcher === undefined || asked === ANSWERS_KEPT) {
      // As git has it on Linux and ripgrep everywhere, case counts.
      matcher = ignore({ ignorecase: false }).add(simple);
      asked = 0;
    }
    asked += 1;
    const { ignored, unignored } = matcher.test(kind === "folder" ? `${path}/` : path);
    return ignored ? "hidden" : unignored ? "shown" : undefined;
  };
}

/**
 * The names that patterns end in, where all of them end in a name without wildcards: a path that matches one has its
 * end among its names, be it the path's own or a folder's on its way.
 */
function endsOf(patterns: readonly string[]): ReadonlySet<string> | undefined {
  const ends = patterns.map((pattern) => /^!?(?:.*\/)?([^/*?[\]\\!#\s]+)\/?$/u.exec(pattern)?.[1]);
  return ends.every((end) => end !== undefined) ? new Set(ends) : undefined;
}

/** Whether a pattern can be held against any name in no time. One that cannot is left out: it hides nothing. */
function isSimple(pattern: string): boolean {
  const doubles = pattern.match(WHOLE_NAMES)?.length ?? 0;
  const stars = pattern.replace(WHOLE_NAMES, "").match(/\*+/gu)?.length ?? 0;
  return stars <= STARS && doubles <= DOUBLE_STARS;
}

/** Whether the library makes an expression of a pattern; of `[a/b` it makes one that has no end, and throws at the first test. */
function isReadable(pattern: string): boolean {
  try {
    ignore().add(pattern.replace(/^!/u, "")).test("a");
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const WHOLE_NAMES = /(?<=^!?|\/)\*\*(?=\/|$)/gu;

/**
 * The rules of .gitignore files, each for what is below its folder, the nearest first. For one walk through a root: a
 * file is read when the first name of its folder is asked about, and forgotten when the walk has left the folder.
 * @param read the text of the .gitignore in a folder ("" is the root), or undefined.
 */
export function createGitIgnore(read: (folder: string) => string | undefined): Pick<Ignore, "hides"> {
  /** The root, and the folders from there to where the walk is. */
  const way: { readonly folder: string; readonly test?: ReturnType<typeof matcherOf> }[] = [];

  function goTo(folder: string): void {
    while (way.length > 0 && !isWithin(folder, way.at(-1)?.folder ?? "")) way.pop();
    let at = way.at(-1)?.folder;
    while (at !== folder) {
      at = at === undefined ? "" : folder.slice(0, endOfName(folder, at === "" ? 0 : at.length + 1));
      const text = read(at);
      way.push({ folder: at, ...(text !== undefined && { test: matcherOf(text.split(/\r?\n/u)) }) });
    }
  }

  function verdictOn(path: string, kind: "file" | "folder"): boolean {
    goTo(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    for (const { folder, test } of way.toReversed()) {
      const verdict = test?.(folder === "" ? path : path.slice(folder.length + 1), kind);
      if (verdict !== undefined) return verdict === "hidden";
    }
    return false;
  }

  return { hides: (path, kind) => path !== "" && verdictOn(path, kind) };
}

function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** Where the name that begins at `from` ends. */
function endOfName(path: string, from: number): number {
  const slash = path.indexOf("/", from);
  return slash < 0 ? path.length : slash;
}
