import { randomUUID } from "node:crypto";
import { misfit } from "../../shared/check.js";
import { CONTRACT, type Input } from "../../shared/contract/index.js";
import { fail } from "../fail.js";
import type { Caller, Handlers } from "../http/bind.js";
import { runtime } from "../http/runtime.js";
import { checkScope } from "../http/scope.js";
import type { OpenStream } from "../stream.js";
import { watchStream } from "./stream.js";
import type { Watch } from "./watch.js";

export function watchRoutes(watch: Watch): Handlers<"watch/changes"> {
  return {
    "watch/changes": (input, { signal, token }) =>
      watch.changes(input, signal, token?.id ?? fail("unauthorized", "No token.")),
  };
}

/** The watch as the link opens it. */
export function watchOpeners(
  watch: Watch,
): ReadonlyMap<string, (input: unknown, caller: Caller) => Promise<OpenStream>> {
  return new Map([
    [
      "watch/stream",
      async (input, caller) => {
        const { scope, input: schema } = CONTRACT["watch/stream"];
        checkScope(caller, scope);
        const wrong = misfit(runtime, schema, input);
        if (wrong !== undefined) fail("invalid-input", wrong);
        // Counted by the link, as every stream: the long polls of its token have nothing to do with it.
        return await watchStream(watch, input as Input<"watch/stream">, caller.signal, `feed ${randomUUID()}`);
      },
    ],
  ]);
}
