import { fail } from "../fail.js";
import type { Caller, Handlers } from "../http/bind.js";
import type { Watch } from "./watch.js";

export function watchRoutes(watch: Watch): Handlers<"watch/changes" | "watch/stream"> {
  const holder = ({ token }: Caller) => token?.id ?? fail("unauthorized", "No token.");
  return {
    "watch/changes": (input, caller) => watch.changes(input, caller.signal, holder(caller)),
    "watch/stream": (input, caller) => watch.stream(input, caller.signal, holder(caller)),
  };
}
