import { SCOPES } from "../../shared/contract/index.js";
import { UPSTREAM_NAME } from "../upstream/upstream.js";

const RELAY = "relay:";

/** Whether a token may be given this scope. */
export function isScope(scope: string): boolean {
  const isOneRelay = scope.startsWith(RELAY) && UPSTREAM_NAME.test(scope.slice(RELAY.length));
  return isOneRelay || (SCOPES as readonly string[]).includes(scope);
}
