import type { Handlers } from "../http/bind.js";
import type { Files } from "./files.js";

export function filesRoutes(
  files: Files,
): Handlers<
  "files/roots" | "files/list" | "files/stream" | "files/stat" | "files/read" | "files/read-many" | "files/write"
> {
  return {
    "files/roots": () => files.roots(),
    "files/list": (input, { signal }) => files.list(input, signal),
    "files/stream": (input, { signal }) => files.stream(input, signal),
    "files/stat": (input, { signal }) => files.stat(input, signal),
    "files/read": (input, { signal }) => files.read(input, signal),
    "files/read-many": (input, { signal }) => files.readMany(input, signal),
    "files/write": ({ root, ...writing }, body, { signal }) => files.write(root, { ...writing, body, signal }),
  };
}
