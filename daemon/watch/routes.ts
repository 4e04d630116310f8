import { fail } from "../fail.js";
import type { Handlers } from "../http/bind.js";
import type { Watch } from "./watch.js";

export function watchRoutes(watch: Watch): Handlers<"watch/changes" | "watch/stream"> {
  return {
    "watch/changes": (input, { signal, token }) =>
      watch.changes(input, signal, token?.id ?? fail("unauthorized", "No token.")),
    "watch/stream": (input, { signal }) => watch.stream(input, signal),
  };
}
