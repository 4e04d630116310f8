import type { Input } from "../../../shared/contract/index.js";
import { fail } from "../../fail.js";
import { inRust, literalInRust } from "./dialect.js";
import { type Glob, parseGlob } from "./glob.js";

export type SearchInput = Input<"files/search">;

/** What a search looks for: plain data, for the worker too. */
export interface Pattern {
  /** The regular expression and its flags as JavaScript writes them: the one that decides. */
  readonly source: string;
  readonly flags: string;
  /** For ripgrep; fits wherever the other one does. */
  readonly rust: string;
}

/** A letter beside which no word ends. */
const WORD = "[\\p{L}\\p{M}\\p{N}_]";

/** Reads the pattern of a search that is no glob. Fails with `bad-pattern`. */
export function parsePattern({ pattern, kind, ignoreCase, wholeWord }: SearchInput): Pattern {
  if (pattern === "") fail("bad-pattern", "The pattern is empty.");
  if (!pattern.isWellFormed()) fail("bad-pattern", "The pattern is not well-formed Unicode.");
  if (kind !== "regex" && pattern.includes("\n")) fail("bad-pattern", "A search looks at one line at a time.");
  const rust = kind === "regex" ? inRust(pattern) : literalInRust(pattern);
  const plain = kind === "regex" ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
  const source = wholeWord === true ? `(?<!${WORD})(?:${plain})(?!${WORD})` : plain;
  const flags = ignoreCase === true ? "giu" : "gu";
  try {
    new RegExp(source, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    fail("bad-pattern", "The pattern is no regular expression.");
  }
  return { source, flags, rust };
}

/** Which paths are searched, by the globs of a search; a folder that is excluded is excluded whole. Fails with `bad-pattern`. */
export interface Choice {
  includes(path: string): boolean;
  excludes(path: string): boolean;
}

export function parseChoice({ include = [], exclude = [], pattern, kind }: SearchInput): Choice {
  const included = include.map(parseGlob);
  const excluded = exclude.map(parseGlob);
  const wanted = kind === "glob" ? parseGlob(pattern) : undefined;
  const anyFits = (globs: readonly Glob[], path: string) => globs.some((glob) => glob.fits(path));
  return {
    includes: (path) =>
      (included.length === 0 || anyFits(included, path)) && (wanted === undefined || wanted.fits(path)),
    excludes: (path) => anyFits(excluded, path),
  };
}
