import type { EventEmitter } from "node:events";
import { Failure } from "../fail.js";

/** Why a signal is aborted whose client has gone. */
export const GONE = new Failure({ code: "internal", detail: "The client has gone." });
const REVOKED = new Failure({ code: "unauthorized", detail: "The token was revoked." });

/**
 * The signal of one call: aborted, with the failure to answer, once nobody wants its outcome.
 * @param carrier the response, or the socket of an upgrade; it emits `close` at its end.
 */
export function lifeOf(
  carrier: EventEmitter,
  revoked: AbortSignal | undefined,
): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const gone = () => controller.abort(GONE);
  const refused = () => controller.abort(REVOKED);
  carrier.once("close", gone);
  if (revoked?.aborted) refused();
  revoked?.addEventListener("abort", refused, { once: true });
  return {
    signal: controller.signal,
    release() {
      carrier.off("close", gone);
      revoked?.removeEventListener("abort", refused);
    },
  };
}
