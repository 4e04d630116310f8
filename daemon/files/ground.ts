import type { Journal } from "./journal.js";
import type { Pace } from "./pace.js";
import type { Visit } from "./sandbox.js";
import type { Temps } from "./temps.js";

/** Where a batch is carried out. Two visits, since a change may concern two folders at once. */
export interface Ground {
  readonly here: Visit;
  readonly there: Visit;
  readonly journal: Journal;
  readonly temps: Temps;
  readonly pace: Pace;
}

/** Waits for all of them, and then fails as the first that failed: nothing goes on behind a failure's back. */
export async function together(...works: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works)) if (outcome.status === "rejected") throw outcome.reason;
}
