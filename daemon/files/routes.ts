import type { Handlers } from "../http/bind.js";
import type { BeginOwnWrite } from "../own-write.js";
import type { Files } from "./files.js";
import { writeOwn } from "./own.js";

export function filesRoutes(
  files: Files,
  begin: BeginOwnWrite,
): Handlers<"files/roots" | "files/list" | "files/stat" | "files/read" | "files/read-many" | "files/write"> {
  return {
    "files/roots": () => files.roots(),
    "files/list": (input, { signal }) => files.list(input, signal),
    "files/stat": (input, { signal }) => files.stat(input, signal),
    "files/read": (input, { signal }) => files.read(input, signal),
    "files/read-many": (input, { signal }) => files.readMany(input, signal),
    "files/write": ({ root, ...writing }, body, { signal, token }) =>
      writeOwn(files, begin(root, token?.id ?? "", [writing.path]), root, { ...writing, body, signal }),
  };
}
