import type { Input, Output } from "../../../shared/contract/index.js";
import type { Caller } from "../wire/caller.js";
import { localProblem } from "../wire/problem.js";

export type Root = Output<"files/roots">["roots"][number];
export type Entry = Output<"files/list">["entries"][number];

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
}

export function createFiles(caller: Caller): Files {
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
  };
}
