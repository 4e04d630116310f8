import { PROTOCOL, VERSION } from "../../shared/protocol.js";
import type { Credentials } from "./credentials.js";
import type { SessionState } from "./session.js";
import type { AnyProblem } from "./wire/problem.js";

/** How many entries are kept. */
const ENTRIES = 30;

export interface Diary {
  note(entry: string): void;
  /** The whole diagnosis: what the session is at and what came before. It never holds a token. */
  text(state: SessionState, credentials: Credentials): string;
}

export function describe(problem: AnyProblem): string {
  return `${problem.code}: ${problem.detail}`;
}

/** `clock` answers the time of day in seconds since the epoch. */
export function createDiary(clock: () => number): Diary {
  const entries: string[] = [];

  return {
    note(entry) {
      entries.push(`${os.date("!%H:%M:%S", clock())} ${entry}`);
      if (entries.size() > ENTRIES) entries.shift();
    },
    text(state, credentials) {
      const kinds = credentials.all().map((credential) => credential.from);
      return [
        `Puente plugin ${VERSION}, protocol ${PROTOCOL.min}-${PROTOCOL.max}`,
        `address: ${state.address}`,
        `stage: ${state.stage}, attempt ${state.attempt}`,
        `last cause: ${state.cause === undefined ? "none" : describe(state.cause)}`,
        `tokens: ${kinds.isEmpty() ? "none" : kinds.join(", ")}`,
        "last events (UTC):",
        ...entries,
      ].join("\n");
    },
  };
}
