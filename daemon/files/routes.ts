import { fail } from "../fail.js";
import type { Caller, Handlers } from "../http/bind.js";
import type { Files } from "./files.js";

function nameOf(token: Caller["token"]): string {
  return token?.name ?? fail("unauthorized", "No token.");
}

export function filesRoutes(
  files: Files,
): Handlers<
  | "files/roots"
  | "files/list"
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
    "files/stat": (input, { signal }) => files.stat(input, signal),
    "files/read": (input, { signal }) => files.read(input, signal),
    "files/read-many": (input, { signal }) => files.readMany(input, signal),
    "files/write": ({ root, ...writing }, body, { signal, token }) =>
      files.write(root, { ...writing, body, signal, by: nameOf(token) }),
    "files/apply": (input, { signal, token }) => files.apply(input, { signal, by: nameOf(token) }),
    "files/undo": (input, { signal, token }) => files.undo(input, { signal, by: nameOf(token) }),
    "files/history": (input) => files.history(input),
  };
}
