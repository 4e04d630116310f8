import { SCOPES } from "../../shared/contract/index.js";

const ONE_RELAY = /^relay:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a token may be given this scope. */
export function isScope(scope: string): boolean {
  return (SCOPES as readonly string[]).includes(scope) || ONE_RELAY.test(scope);
}
