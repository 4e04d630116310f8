import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, flag, integer, list, record, text } from "../schema.js";

/** 2^53 - 1, the largest whole number of the wire. */
const MOST = 9_007_199_254_740_991;

export const root = text(64);
/** Longer than any valid path, so that the path parser, not the schema, is the one to refuse a path. */
export const path = text(LIMITS.pathBytes * 2);
/** Which folder a root is, without saying where: 32 hex digits. */
const rootId = text(32);
/** SHA-256 of the content, 64 hex digits. */
export const hash = text(64);
const bytes = integer(0, MOST);

/** `default`: the ignore list of the daemon's configuration. `gitignore`: the .gitignore files of the root too. `none`: nothing. */
const ignore = choice("default", "gitignore", "none");

const entry = record({ path, kind: choice("file", "folder", "link", "other"), bytes, modifiedMs: bytes }, { hash });

export const files = {
  "files/roots": {
    form: "call",
    scope: "files:read",
    input: record({}),
    output: record({ roots: list(record({ name: root, access: choice("read", "write"), id: rootId }), 256) }),
    does: "Lists the roots by name. `id` is opaque: the same for the same absolute folder as long as it keeps its name, another for another folder, also where the root's name is the same.",
    problems: [],
  },
  "files/list": {
    form: "call",
    scope: "files:read",
    input: record(
      { root, path },
      { depth: integer(1, LIMITS.depth), hashes: flag(), ignore, after: path, limit: integer(1, LIMITS.listEntries) },
    ),
    output: record({ entries: list(entry, LIMITS.listEntries) }, { after: path, skipped: bytes }),
    does: 'Lists a folder, `depth` levels deep (1 if absent), each folder before what it holds, siblings in byte order. `path` "" is the root. A further page is asked for with the `after` of the one before. `skipped` counts what cannot be shown: names that no path can say, not being UTF-8 or not being plain, and folders that the system does not open. `ignore` says what is passed over (`default` if absent): the ignore list, the .gitignore files too, or nothing. A folder that is ignored itself is listed whole.',
    problems: ["no-root", "not-found", "not-a-folder", "outside-root", "denied-path", "no-permission"],
  },
  "files/stream": {
    form: "frames",
    scope: "files:read",
    input: record({ root, path }, { depth: integer(1, LIMITS.depth), hashes: flag(), texts: flag(), ignore }),
    output: record({}),
    does: 'Lists a folder like files/list, but all of it and as it is found, 64 levels deep unless `depth` says otherwise: frames one after another, each a line of JSON and as many bytes as its `payload` says. A line holds `entry`, and with `texts` the payload is the file\'s content and the entry has its hash; a file that is not UTF-8 text, is too large or cannot be read has a `problem` instead of a payload. The last line is `{"end":true,"skipped":n}`: without it the answer is not whole.',
    problems: ["no-root", "not-found", "not-a-folder", "outside-root", "denied-path", "no-permission"],
  },
  "files/stat": {
    form: "call",
    scope: "files:read",
    input: record({ root, path }),
    output: record({ entry }),
    does: "Says what stands at a path; a regular file with its hash.",
    problems: ["no-root", "not-found", "not-a-folder", "outside-root", "denied-path", "too-large", "no-permission"],
  },
  "files/read": {
    form: "download",
    scope: "files:read",
    input: record({ root, path }, { range: record({ offset: bytes, bytes: integer(0, LIMITS.fileBytes) }) }),
    output: record({}),
    does: "Answers a file's bytes. The header ETag holds the SHA-256 of the whole file, in quotes; a range has no ETag.",
    problems: [
      "no-root",
      "not-found",
      "not-regular",
      "not-a-folder",
      "outside-root",
      "denied-path",
      "too-large",
      "no-permission",
    ],
  },
  "files/read-many": {
    form: "call",
    scope: "files:read",
    input: record({ root, paths: list(path, LIMITS.readManyPaths) }),
    output: record({
      files: list(
        record(
          { path },
          {
            text: text(LIMITS.readManyBytes),
            hash,
            problem: record({ code: text(64), detail: text(1024) }, { at: path }),
          },
        ),
        LIMITS.readManyPaths,
      ),
      leftOut: list(path, LIMITS.readManyPaths),
    }),
    does: "Reads text files: for each path its text and hash, or a problem. Stops before the answer's text would pass its limit and names in `leftOut` the paths it did not come to.",
    problems: ["no-root"],
  },
  "files/write": {
    form: "upload",
    scope: "files:write",
    input: record({ root, path }, { expect: hash }),
    output: record({ hash, bytes }),
    does: "Writes a whole file, and its folders where they are missing. `expect` is the hash the file has, `absent`, or `any`. The answer comes when the bytes are safe on disk.",
    problems: [
      "no-root",
      "read-only",
      "expect-missing",
      "changed",
      "is-a-folder",
      "not-regular",
      "not-a-folder",
      "outside-root",
      "denied-path",
      "no-permission",
      "too-large",
      "disk-full",
      "disk-error",
      "file-busy",
    ],
  },
} as const satisfies { readonly [name: string]: Operation };
