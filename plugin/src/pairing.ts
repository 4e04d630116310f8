import type { Input } from "../../shared/contract/index.js";
import { LIMITS, LONG_POLL_MARGIN_SECONDS } from "../../shared/protocol.js";
import type { Caller } from "./wire/caller.js";
import { localProblem, problemOf } from "./wire/problem.js";

interface Code {
  /** As `123-456`. */
  readonly code: string;
  readonly expiresInSeconds: number;
}

/** `files:read`, `files:write`, `relay:UPSTREAM` or `relay:*`, `llm`, and `all`. */
export type Scopes = Input<"session/pair">["scopes"];

export interface PairingOptions {
  /** Who asks, at most 64 bytes. The user sees it in the terminal, and the scopes with it. */
  readonly client: string;
  /** What the token is to allow, and no more than is needed. */
  readonly scopes: Scopes;
  /** The code to be shown; the user types it in the terminal. */
  readonly onCode: (code: Code) => void;
  /** Whether the verdict still matters to anybody. */
  readonly isWanted: () => boolean;
}

/**
 * Asks for a pairing, tells its code, waits for the verdict and resolves with the token. Rejects with
 * `pairing-refused`, `pairing-expired`, `too-many-tries`, or what the wire says.
 * That the code in the terminal is the one shown here is what ties this Studio to that daemon; nothing else does.
 */
export async function pairWith(caller: Caller, options: PairingOptions): Promise<string> {
  const { client, scopes, onCode, isWanted } = options;
  const { pairing, code, expiresInSeconds } = await caller.call("session/pair", { client, scopes });
  onCode({ code, expiresInSeconds });
  while (isWanted()) {
    try {
      const seconds = LIMITS.longPollSeconds + LONG_POLL_MARGIN_SECONDS;
      const verdict = await caller.call("session/pairing", { pairing }, seconds);
      if (verdict.state === "refused") throw localProblem("pairing-refused");
      if (verdict.token !== undefined) return verdict.token;
    } catch (thrown) {
      const problem = problemOf(thrown);
      throw problem.code === "no-pairing" ? localProblem("pairing-expired") : problem;
    }
  }
  throw localProblem("closed-early");
}
