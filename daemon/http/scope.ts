import { COMMAND } from "../../shared/protocol.js";
import { fail } from "../fail.js";

/** Whether scopes allow what needs one. `all` stands for all but the operator's, `relay:*` for the relay to every upstream. */
function allows(scopes: readonly string[], needed: string): boolean {
  if (scopes.includes(needed)) return true;
  if (needed === "operator") return false;
  return scopes.includes("all") || (needed.startsWith("relay:") && scopes.includes("relay:*"));
}

/** Fails unless the caller may. @param needed a scope, or `none` or `any`, as an operation of the contract says it. */
export function checkScope(caller: { readonly token?: { readonly scopes: readonly string[] } }, needed: string): void {
  if (needed === "none") return;
  const isAllowed = caller.token !== undefined && (needed === "any" || allows(caller.token.scopes, needed));
  if (isAllowed) return;
  const advice =
    needed === "operator"
      ? "It is for the command line alone."
      : `Make a token that has it, with \`${COMMAND} token create --name NAME --scope ${needed}\`, or pair again and ask for it.`;
  fail("scope-missing", `The token lacks the scope ${needed}. ${advice}`);
}
