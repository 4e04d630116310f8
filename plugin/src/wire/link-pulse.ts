import { LIMITS } from "../../../shared/protocol.js";
import type { LinkConnection } from "./link-connection.js";
import { encodeLinkFrame } from "./link-frame.js";
import type { LinkSession } from "./link-session.js";
import { localProblem } from "./problem.js";

/** Studio ends a stream client after 30 minutes; ours goes before. */
const AGE_SECONDS = 28 * 60;
const TICK_SECONDS = 1;

export interface PulseOptions {
  readonly http: HttpService;
  readonly connection: LinkConnection;
  readonly session: LinkSession;
  /** Seconds. */
  readonly clock: () => number;
  /** When the daemon was last heard. */
  readonly heardAt: () => number;
  readonly isOver: () => boolean;
  readonly beatSeconds: number;
  /** 28 minutes if absent. */
  readonly ageSeconds?: number;
}

/** Beats and acks until the connection is over; drops it where the daemon is silent, and before Studio would. */
export async function keepLink(options: PulseOptions): Promise<void> {
  const { http, connection, session, clock, heardAt, isOver, beatSeconds, ageSeconds = AGE_SECONDS } = options;
  const since = clock();
  let beatAt = since;
  while (!isOver()) {
    task.wait(TICK_SECONDS);
    if (isOver()) return;
    const now = clock();
    session.ack();
    if (now - heardAt() > LIMITS.linkSilenceSeconds) {
      connection.drop(localProblem("link-broken", "The daemon has gone silent."));
    } else if (session.isStale()) {
      session.lose("The daemon does not ack what it is sent.");
      connection.drop(localProblem("link-broken", "The daemon does not ack what it is sent."));
    } else if (now - since > ageSeconds) {
      connection.drop(localProblem("link-renewed"));
    } else if (now - beatAt >= beatSeconds) {
      beatAt = now;
      connection.send(encodeLinkFrame(http, { t: "beat" }));
    }
  }
}
