import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, flag, integer, list, record, text } from "../schema.js";
import { hash, path, root } from "./files.js";

const count = integer(0, 9_007_199_254_740_991);
const line = text(LIMITS.searchLineBytes);
const around = list(line, LIMITS.searchContext);
const globs = list(text(1024), LIMITS.searchGlobs);

/** As of `files/list`. */
const ignore = choice("default", "gitignore", "none");

const match = record(
  { line: integer(1, 2_147_483_647), column: count, bytes: count, text: line },
  { textColumn: count, before: around, after: around },
);

export const search = {
  "files/search": {
    form: "feed",
    scope: "files:read",
    input: record(
      { pattern: text(4096) },
      {
        kind: choice("literal", "regex", "glob"),
        root,
        path,
        include: globs,
        exclude: globs,
        ignore,
        ignoreCase: flag(),
        wholeWord: flag(),
        context: integer(0, LIMITS.searchContext),
        most: integer(1, LIMITS.searchMatches),
      },
    ),
    output: record(
      {
        files: list(record({ root, path, matches: list(match, LIMITS.searchMatches) }, { hash }), LIMITS.searchMatches),
      },
      {
        done: record({ more: flag(), notText: count }, { tooSlow: list(record({ root, path }), LIMITS.searchTooSlow) }),
      },
    ),
    does: "Searches the files below `path` of a root, or of all roots, and tells what it finds as it finds it: files in no order, what is in a file by line and column, a file with much of it in several messages. `kind` is `literal` if absent; of a `glob` the files are told whose path fits, without matches and hash. A match's `line` and `column` count from 1; `column` and `bytes` count bytes of UTF-8, and a byte order mark is none of them. `text` is the line without its end, of a long one the part that begins at `textColumn`; `hash` is the file's. The last message has `done`: whether there was `more` than `most` (1,000 if absent), how many files hold the pattern but are not UTF-8 text, and which ones took too long to search. `ignore` is as of `files/list`. docs/search.md says what patterns and globs are.",
    problems: [
      "no-root",
      "not-found",
      "not-a-folder",
      "outside-root",
      "denied-path",
      "no-permission",
      "bad-pattern",
      "too-many-searches",
    ],
  },
} as const satisfies { readonly [name: string]: Operation };
