import type { Input, Output } from "../../../shared/contract/index.js";
import { BYTES_SECONDS } from "../wire/caller.js";
import type { Carrier } from "../wire/carrier.js";
import { localProblem } from "../wire/problem.js";
import { type Search, type SearchOptions, searchOverLink } from "./search.js";

export type Root = Output<"files/roots">["roots"][number];
export type Entry = Output<"files/list">["entries"][number];
type Edit = Input<"files/apply">["edits"][number];
/** What an operation has done: `undo` is for `undo`, `results` say what stands at each path now. */
type Done = Output<"files/apply">;
export type Operation = Output<"files/history">["operations"][number];

/**
 * The files of this machine, below the roots that the daemon serves. Paths are relative to their root and divided
 * by `/`; the root itself is `""`. Contents are byte strings. Hashes are SHA-256 in hex.
 * Every promise rejects with `{ code, detail, at? }`; the codes are listed in docs/protocol.md and wire/problem.ts.
 */
export interface Files {
  /** The roots by name, and whether they may be written. */
  roots(): Promise<Root[]>;
  /** One page of a folder, each folder before what it holds; ask again with `after` while the page has one. */
  list(
    root: string,
    path: string,
    options?: { readonly depth?: number; readonly hashes?: boolean; readonly after?: string; readonly limit?: number },
  ): Promise<Output<"files/list">>;
  /** What stands at a path; a file with its hash. Rejects with `not-found`. */
  stat(root: string, path: string): Promise<Entry>;
  /** A whole file, at most 64 MiB, and its hash. Rejects with `not-found`, `not-regular`, `too-large`. */
  read(root: string, path: string): Promise<{ readonly bytes: string; readonly hash: string }>;
  /** `bytes` bytes of a file from `offset`, counted from 0; fewer at its end. */
  readRange(root: string, path: string, offset: number, bytes: number): Promise<string>;
  /** Many text files at once; what does not fit in one answer is named in `leftOut`. */
  readMany(root: string, paths: string[]): Promise<Output<"files/read-many">>;
  /**
   * Replaces a file as a whole, or makes it and its folders. `expect` is the hash that the file must still have,
   * `absent` where it must not exist, or `any`. Rejects with `changed` and the present `hash`, the disk untouched.
   */
  write(root: string, path: string, bytes: string, expect: string): Promise<Output<"files/write">>;
  /**
   * Carries out all edits or none: `write` (takes `text`), `remove`, `move` (takes `to`; also of whole folders), `folder`. Each has its `expect`,
   * as of `write`. Rejects with `changed` and the path `at`, the disk untouched. At most 1,000 edits and 8 MiB.
   */
  apply(root: string, edits: Edit[]): Promise<Done>;
  /** Puts back what an operation changed, all or nothing. Rejects with `changed` where a file is another since, `no-undo`. */
  undo(undo: string): Promise<Done>;
  /** One page of what was done, the newest first; ask again with `after` while the page has one. */
  history(options?: {
    readonly root?: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<Output<"files/history">>;
  /** Searches in files, over the link: tells what is found as it is found. Close it when nobody wants more. */
  search(options: SearchOptions): Search;
}

export function createFiles(carrier: Carrier): Files {
  const { caller } = carrier;
  return {
    async roots() {
      return (await caller.call("files/roots", {})).roots;
    },
    list(root, path, options) {
      return caller.call("files/list", { root, path, ...options } as Input<"files/list">);
    },
    async stat(root, path) {
      return (await caller.call("files/stat", { root, path })).entry;
    },
    async read(root, path) {
      const { bytes, hash } = await caller.download("files/read", { root, path });
      if (hash === undefined) throw localProblem("wrong-answer", "answer: the header ETag is missing");
      return { bytes, hash };
    },
    async readRange(root, path, offset, bytes) {
      return (await caller.download("files/read", { root, path, range: { offset, bytes } })).bytes;
    },
    readMany(root, paths) {
      return caller.call("files/read-many", { root, paths });
    },
    write(root, path, bytes, expect) {
      return caller.upload("files/write", { root, path, expect }, bytes);
    },
    apply(root, edits) {
      return caller.call("files/apply", { root, edits }, BYTES_SECONDS);
    },
    undo(undo) {
      return caller.call("files/undo", { undo }, BYTES_SECONDS);
    },
    history(options) {
      return caller.call("files/history", { ...options } as Input<"files/history">);
    },
    search(options) {
      return searchOverLink(carrier, options);
    },
  };
}
