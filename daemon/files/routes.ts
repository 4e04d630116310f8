import { fail } from "../fail.js";
import type { Caller, Handlers } from "../http/bind.js";
import type { BeginOwnWrite } from "../own-write.js";
import type { Files } from "./files.js";
import { changeOwn, writeOwn } from "./own.js";

function nameOf(token: Caller["token"]): string {
  return token?.name ?? fail("unauthorized", "No token.");
}

export function filesRoutes(
  files: Files,
  begin: BeginOwnWrite,
): Handlers<
  | "files/roots"
  | "files/list"
  | "files/stream"
  | "files/stat"
  | "files/read"
  | "files/read-many"
  | "files/write"
  | "files/apply"
  | "files/undo"
  | "files/history"
> {
  return {
    "files/roots": () => files.roots(),
    "files/list": (input, { signal }) => files.list(input, signal),
    "files/stream": (input, { signal }) => files.stream(input, signal),
    "files/stat": (input, { signal }) => files.stat(input, signal),
    "files/read": (input, { signal }) => files.read(input, signal),
    "files/read-many": (input, { signal }) => files.readMany(input, signal),
    "files/write": ({ root, ...writing }, body, { signal, token }) =>
      writeOwn(files, begin(root, token?.id ?? "", [writing.path]), root, {
        ...writing,
        body,
        signal,
        by: nameOf(token),
      }),
    "files/apply": (input, { signal, token }) => {
      const paths = input.edits.flatMap(({ path, to }) => (to === undefined ? [path] : [path, to]));
      return changeOwn(begin(input.root, token?.id ?? "", paths), () =>
        files.apply(input, { signal, by: nameOf(token) }),
      );
    },
    "files/undo": (input, { signal, token }) => {
      const { root, paths } = files.changedBy(input.undo);
      return changeOwn(begin(root, token?.id ?? "", paths), () => files.undo(input, { signal, by: nameOf(token) }));
    },
    "files/history": (input) => files.history(input),
  };
}
