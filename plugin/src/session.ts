import { createAlarm } from "./alarm.js";
import { createLogin, type LoginOptions } from "./login.js";
import { pairWith, type Scopes } from "./pairing.js";
import { createRetreat } from "./retreat.js";
import { type Carrier, createCarrier } from "./wire/carrier.js";
import { losesConnection } from "./wire/failure.js";
import { guard } from "./wire/guard.js";
import { type AnyProblem, localProblem, problemOf, reasonOf } from "./wire/problem.js";
import type { StreamClients } from "./wire/stream-clients.js";

/** While nothing else is asked, how often a silent loss of the connection is looked for. */
const HEARTBEAT_SECONDS = 20;

export interface SessionState {
  /** `unpaired` waits for the user; `away` tries again by itself. */
  readonly stage: "connecting" | "unpaired" | "pairing" | "online" | "away";
  readonly address: string;
  /** The number of the attempt that comes next or is under way. */
  readonly attempt: number;
  readonly cause?: AnyProblem;
  /** On the clock of the session, in seconds: the next attempt, and the end of the code. */
  readonly nextTryAt?: number;
  readonly code?: string;
  readonly codeEndsAt?: number;
  /** How long it was away and why, once it is back. */
  readonly back?: string;
}

export interface Session {
  state(): SessionState;
  /** Its caller makes calls while online; at any other time they reject at once with the reason. */
  readonly carrier: Carrier;
  tryNow(): void;
  pair(): void;
  cancelPairing(): void;
  /** False where the text is not an address of this machine. */
  moveTo(address: string): boolean;
  /** Frees Studio's stream clients, before it returns. */
  close(): void;
}

export interface SessionOptions extends LoginOptions {
  readonly clients: StreamClients;
  /** Shown in the terminal when pairing. */
  readonly client: string;
  /** What a pairing asks for; shown there, too. */
  readonly scopes: Scopes;
  readonly onChange: (state: SessionState) => void;
}

/** Keeps one connection for ever: greet, have the daemon prove itself, be online, and after every loss again. */
export function createSession(options: SessionOptions): Session {
  const { http, clients, credentials, clock } = options;
  const login = createLogin(options);
  const carrier = createCarrier({
    http,
    clients,
    requests: {
      ...login.caller,
      authorize() {
        return authorize();
      },
    },
    url: () => credentials.address(),
    clock,
  });
  const retreat = createRetreat();
  const alarm = createAlarm();
  let state: SessionState = { stage: "connecting", address: credentials.address(), attempt: 1 };
  let awaySince: number | undefined;
  let wantsPairing = false;
  let cancel: (() => void) | undefined;
  let closed = false;

  function enter(stage: SessionState["stage"], more: Partial<SessionState>): void {
    if (closed) return;
    state = { stage, address: credentials.address(), attempt: state.attempt, ...more };
    options.onChange(state);
  }

  function lose(problem: AnyProblem): void {
    if (state.stage !== "online" || !losesConnection(problem)) return;
    awaySince = clock();
    enter("away", { cause: problem });
    alarm.ring();
  }

  function admit(): void {
    if (closed) throw localProblem("closed-early");
    if (state.stage !== "online") throw state.cause ?? localProblem("not-paired");
  }

  /** The link gets the token of a login that stands; while there is none, its cause is that of the absence. */
  async function authorize(): Promise<string> {
    admit();
    try {
      return (await login.caller.authorize()) as string;
    } catch (thrown) {
      admit();
      throw thrown;
    }
  }

  const caller = guard(carrier.caller, { admit, onProblem: lose });

  async function stayOnline(): Promise<void> {
    const seconds = math.max(1, math.round(clock() - (awaySince ?? clock())));
    const cause = state.cause;
    const back =
      awaySince !== undefined && cause !== undefined ? `Back after ${seconds} s: ${reasonOf(cause)}` : undefined;
    awaySince = undefined;
    retreat.reset();
    enter("online", { attempt: 1, back });
    carrier.link.wake();
    while (!closed && state.stage === "online") {
      await alarm.sleep(HEARTBEAT_SECONDS);
      if (state.stage === "online") await caller.call("session/who", {});
    }
    if (state.stage === "away" && state.cause !== undefined) throw state.cause;
  }

  async function stayAway(problem: AnyProblem): Promise<void> {
    if (problem.code === "not-paired" || (problem.code === "unauthorized" && credentials.all().isEmpty())) {
      // Why there is no token any more is worth keeping; that the daemon was away before is not.
      const known = state.stage === "unpaired" || state.cause?.code === "unauthorized" ? state.cause : undefined;
      enter("unpaired", { attempt: 1, cause: problem.code === "not-paired" ? known : problem });
      awaySince = undefined;
      await alarm.sleep();
      return;
    }
    awaySince ??= clock();
    const seconds = retreat.seconds();
    enter("away", { attempt: state.attempt + 1, cause: problem, nextTryAt: clock() + seconds });
    await alarm.sleep(seconds);
  }

  async function pair(): Promise<void> {
    let wanted = true;
    wantsPairing = false;
    enter("pairing", {});
    try {
      const cancelled = new Promise<undefined>((resolve) => {
        cancel = () => resolve(undefined);
      });
      const answered = pairWith(login.caller, {
        client: options.client,
        scopes: options.scopes,
        onCode: ({ code, expiresInSeconds }) => enter("pairing", { code, codeEndsAt: clock() + expiresInSeconds }),
        isWanted: () => wanted,
      });
      const token = await Promise.race([answered, cancelled]);
      if (token !== undefined) credentials.keep(token);
      enter("connecting", { cause: undefined });
    } catch (thrown) {
      enter("unpaired", { cause: problemOf(thrown) });
    } finally {
      wanted = false;
      cancel = undefined;
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      if (wantsPairing) await pair();
      try {
        await login.enter();
        await stayOnline();
      } catch (thrown) {
        if (!closed) await stayAway(problemOf(thrown));
      }
    }
  }

  // A link that breaks and is not resumed: the daemon is gone, or another one, with other folders, is in its place.
  let isResuming = false;
  carrier.link.watch(({ stage, isResumed, cause }) => {
    const hasFailed = isResuming && (stage === "down" || (stage === "up" && isResumed !== true));
    isResuming = stage === "resuming";
    if (hasFailed) lose(cause !== undefined && losesConnection(cause) ? cause : localProblem("connection-lost"));
  });
  // Once whoever creates the session has it in hand. It never rejects: what fails becomes the cause of an absence.
  task.defer(run);
  return {
    state() {
      return state;
    },
    carrier: { ...carrier, caller },
    tryNow() {
      alarm.ring();
    },
    pair() {
      if (state.stage === "pairing" || state.stage === "online") return;
      wantsPairing = true;
      alarm.ring();
    },
    cancelPairing() {
      cancel?.();
    },
    moveTo(address) {
      if (!credentials.moveTo(address)) return false;
      carrier.link.rest();
      if (state.stage === "online") enter("connecting", {});
      alarm.ring();
      return true;
    },
    close() {
      closed = true;
      carrier.close();
      alarm.ring();
      cancel?.();
    },
  };
}
