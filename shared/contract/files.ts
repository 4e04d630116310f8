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

/** Which operation of the history: opaque. */
const undo = text(64);

const edit = record(
  { kind: choice("write", "remove", "move", "folder"), path },
  { to: path, text: text(LIMITS.applyBytes), expect: hash },
);

/** What an operation that can be undone answers: for each path, what stands there now. */
const undoable = record({
  undo,
  results: list(record({ path, kind: choice("file", "folder", "nothing") }, { hash, bytes }), LIMITS.applyEdits * 2),
});

/** `name`: Windows cannot hold the name; it is read and not made. */
const warning = choice("name");

/** `to`: where a path leads that goes through links, where they are followed: the path of the same without them. */
const entry = record(
  { path, kind: choice("file", "folder", "link", "other"), bytes, modifiedMs: bytes },
  { hash, warning, to: path },
);

/** The problems of whatever changes files. */
const WRITING = [
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
] as const;

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
    does: 'Lists a folder, `depth` levels deep (1 if absent), each folder before what it holds, siblings in byte order. `path` "" is the root. A further page is asked for with the `after` of the one before. `skipped` counts what cannot be shown: names that no path can say, not being UTF-8 or not being plain, and folders that the system does not open. An entry with the `warning` "name" cannot be on Windows: it is read, and no new one is made. Links are listed and not gone into; where the daemon follows links, `to` is the path of what one leads to. `ignore` says what is passed over (`default` if absent): the ignore list, the .gitignore files too, or nothing. A folder that is ignored itself is listed whole.',
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
    does: "Says what stands at a path; a regular file with its hash. `warning` and `to` as in files/list, `to` for any path that leads through a link.",
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
    output: record({ hash, bytes }, { undo }),
    does: "Writes a whole file, and its folders where they are missing. A new name must be one that Windows can hold, too. `expect` is the hash the file has, `absent`, or `any`. The answer comes when the bytes are safe on disk. `undo` is for `files/undo`.",
    problems: WRITING,
  },
  "files/apply": {
    form: "call",
    scope: "files:write",
    inputBytes: LIMITS.applyBytes,
    input: record({ root, edits: list(edit, LIMITS.applyEdits) }),
    output: undoable,
    does: "Carries out all edits or none, also if the daemon or the machine dies meanwhile. `write` takes `text`; `remove` a file or an empty folder; `move` a file, or a folder with all that is in it, to the free path `to`; `folder` makes one; folders on the way are made where they are missing. `expect`, which each edit has, is the hash of the file at `path`, `absent`, or `any`; of a folder `absent` or `any`, and of one that is moved `any`, for nothing of what is in it can be lost. All edits are held against what stands there before the first change, and no path may stand in two of them, or below a folder that is moved. A folder that holds what Puente never touches is not moved, and one that somebody writes to just now is busy. New names are as in files/write; a link is neither removed nor moved by itself. `results` names every path that was changed, without links, also the folders on the way, in the order in which they were; of a moved folder its two paths, and not what is in it. A removed file's content is kept for `files/undo`.",
    problems: [...WRITING, "not-found"],
  },
  "files/undo": {
    form: "call",
    scope: "files:write",
    input: record({ undo }),
    output: undoable,
    does: "Puts back what an operation changed, all of it or nothing, as an operation that can itself be undone. Fails with `changed` where a file is no longer as the operation left it, one that was deleted since included. A folder that it made stays where it holds something else by now; one that it moved goes back with all that is in it by now, unless another folder stands there.",
    problems: [...WRITING, "no-undo"],
  },
  "files/history": {
    form: "call",
    scope: "files:read",
    input: record({}, { root, after: undo, limit: integer(1, LIMITS.historyPage) }),
    output: record(
      {
        operations: list(
          record({
            undo,
            timeMs: bytes,
            root,
            kind: choice("write", "remove", "move", "folder", "apply", "undo"),
            by: text(64),
            paths: list(path, LIMITS.historyPaths),
            changed: bytes,
            canUndo: flag(),
          }),
          LIMITS.historyPage,
        ),
      },
      { after: undo },
    ),
    does: "Lists what was done, the newest first, of one root or of all that are served. `by` is the name of the token, `paths` the first of the paths and `changed` how many there are. `canUndo` says whether what it takes is kept and it is not undone already; whether a file has changed since is seen when it is undone. A further page is asked for with the `after` of the one before.",
    problems: ["no-root", "no-undo"],
  },
} as const satisfies { readonly [name: string]: Operation };
