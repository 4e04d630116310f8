import type { Handlers } from "../http/bind.js";
import { checkScope } from "../http/scope.js";
import type { Chats } from "./chat.js";
import type { Models } from "./models.js";

export function llmRoutes(models: Models, chats: Chats): Handlers<"llm/models" | "llm/chat"> {
  return {
    "llm/models": ({ again = false }) => models.list(again),
    "llm/chat": (input, caller) =>
      chats.open(input, { signal: caller.signal, demand: (scope) => checkScope(caller, scope) }),
  };
}
