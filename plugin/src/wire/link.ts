import type { DaemonHeader } from "../../../shared/contract/link.js";
import { createAlarm } from "../alarm.js";
import { createRetreat } from "../retreat.js";
import type { LinkReply } from "./link-calls.js";
import { connectLink, type LinkConnection } from "./link-connection.js";
import { decodeLinkFrame, encodeLinkFrame } from "./link-frame.js";
import { keepLink } from "./link-pulse.js";
import { createLinkSession } from "./link-session.js";
import type { LinkOpening, LinkStream } from "./link-stream.js";
import { type AnyProblem, localProblem, problemOf } from "./problem.js";
import type { StreamClients } from "./stream-clients.js";

/** After so many tries in vain the link is down, and what waited for it is told. */
const PATIENCE = 2;

export interface LinkState {
  /** `resuming` is the first try after a loss, or after the end that was planned. `down` tries again by itself. */
  readonly stage: "resting" | "opening" | "resuming" | "up" | "down";
  /** Of `up`: it goes on where it was. If not, there may be another daemon than before. */
  readonly isResumed?: boolean;
  /** Why it is not up. */
  readonly cause?: AnyProblem;
}

/** The one WebSocket that carries calls and streams, through every loss of it. */
export interface Link {
  state(): LinkState;
  /** Connects, now and until it rests. */
  wake(): void;
  /** Ends the connection and all that it carries: it is to be another daemon's, or nobody's. */
  rest(): void;
  /** Resolves once it is up or down, where it is being resumed; at once where it is not. */
  settled(): Promise<void>;
  /** Whether a call with so many bytes can be made over it now. */
  takes(bytes: number): boolean;
  /** @param payload UTF-8. */
  call(op: string, input: object, payload: string, seconds: number): Promise<LinkReply>;
  /** Opens a stream, once the link is there. No callback is called before the caller's resumption ends. */
  open(opening: LinkOpening): LinkStream;
  streams(): readonly LinkStream[];
  /** Tells whenever the state changes; answers how to end that. */
  watch(hear: (state: LinkState) => void): () => void;
  /** Says goodbye and frees Studio's client, before it returns. */
  close(): void;
}

export interface LinkOptions {
  readonly http: HttpService;
  readonly clients: StreamClients;
  readonly url: () => string;
  /** Resolves with the token once the daemon has proved that it knows it. */
  readonly authorize: () => Promise<string>;
  /** The connection was lost: whoever is on the port now has to prove himself anew. */
  readonly doubt: () => void;
  /** Seconds. */
  readonly clock: () => number;
  readonly ageSeconds?: number;
}

export function createLink({ http, clients, url, authorize, doubt, clock, ageSeconds }: LinkOptions): Link {
  const session = createLinkSession(http, clock);
  const retreat = createRetreat();
  const alarm = createAlarm();
  const listeners = new Set<(state: LinkState) => void>();
  let state: LinkState = { stage: "resting" };
  let connection: LinkConnection | undefined;
  /** Address and token that the session is with. */
  let partner = "";
  let failures = 0;
  let isAwake = false;
  let isRunning = false;
  let closed = false;

  function enter(entered: LinkState): void {
    state = entered;
    const present: ((state: LinkState) => void)[] = [];
    for (const hear of listeners) present.push(hear);
    for (const hear of present) hear(entered);
  }

  function watch(hear: (state: LinkState) => void): () => void {
    listeners.add(hear);
    return () => listeners.delete(hear);
  }

  function greeted(header: Extract<DaemonHeader, { t: "welcome" }>, present: LinkConnection): void {
    failures = 0;
    retreat.reset();
    present.welcomed();
    const isResumed = session.attach(header, (message) => present.send(message));
    // It may have ended while it was sent what was waiting.
    if (connection === present) enter({ stage: "up", isResumed });
  }

  /** Connects, and resolves with why it has ended. Rejects where it could not even begin. */
  async function attempt(): Promise<AnyProblem> {
    const token = await authorize();
    if (closed || !isAwake) return localProblem("closed-early");
    const wanted = `${url()} ${token}`;
    if (wanted !== partner) session.lose("The daemon is another one now.");
    partner = wanted;
    return new Promise<AnyProblem>((resolve) => {
      let isOver = false;
      let isGreeted = false;
      let heardAt = clock();
      let farewell: AnyProblem | undefined;

      function hear(message: string, present: LinkConnection): void {
        heardAt = clock();
        if (isGreeted) {
          const wrong = session.take(message);
          if (wrong?.code === "link-ended") farewell = wrong;
          else if (wrong !== undefined) {
            session.lose(wrong.detail);
            present.drop(wrong);
          }
          return;
        }
        const header = decodeLinkFrame(http, message)?.header;
        if (header?.t === "welcome") {
          isGreeted = true;
          greeted(header, present);
          const beatSeconds = header.heartbeatMs / 1000;
          const pulse = { connection: present, heardAt: () => heardAt, isOver: () => isOver, beatSeconds, ageSeconds };
          void keepLink({ http, session, clock, ...pulse });
        } else if (header?.t === "bye") farewell = localProblem("link-ended", header.detail);
      }

      const present: LinkConnection = connectLink({
        clients,
        url: url(),
        token,
        onOpened: () => present.send(session.hello()),
        onMessage: (message) => hear(message, present),
        onGone: (problem) => {
          isOver = true;
          connection = undefined;
          session.detach();
          // A planned renewal, too: whoever has the port by then is nobody we know.
          doubt();
          resolve(farewell ?? problem);
        },
      });
      connection = present;
    });
  }

  function lost(problem: AnyProblem): void {
    if (session.isStale()) session.lose("The link was down for too long.");
    failures += 1;
    if (state.stage === "up") enter({ stage: "resuming", cause: problem });
    else if (failures < PATIENCE) enter({ stage: state.stage, cause: problem });
    else {
      enter({ stage: "down", cause: problem });
      session.giveUpWaiting(problem);
    }
  }

  /** The goodbye is queued before the client is closed; whether it arrives, the daemon finds out by itself. */
  function part(detail: string): void {
    connection?.send(encodeLinkFrame(http, { t: "bye", reason: "leaving" }));
    connection?.drop(localProblem("closed-early"));
    session.lose(detail);
  }

  async function run(): Promise<void> {
    while (!closed) {
      if (!isAwake) {
        await alarm.sleep();
        continue;
      }
      if (state.stage === "resting") enter({ stage: "opening" });
      let problem: AnyProblem;
      try {
        problem = (await attempt()) as AnyProblem;
      } catch (thrown) {
        problem = problemOf(thrown);
      }
      if (closed) return;
      if (!isAwake) continue;
      if (problem.code === "link-renewed") enter({ stage: "resuming" });
      else {
        lost(problem);
        await alarm.sleep(retreat.seconds());
      }
    }
  }

  return {
    state() {
      return state;
    },
    wake() {
      if (closed) return;
      if (isAwake && state.stage !== "down") return;
      isAwake = true;
      if (isRunning) alarm.ring();
      // It rejects with nothing: every failure becomes the cause of a state.
      else task.defer(run);
      isRunning = true;
    },
    rest() {
      if (!isAwake) return;
      isAwake = false;
      part("The link is with nobody now.");
      enter({ stage: "resting" });
    },
    async settled() {
      if (state.stage !== "resuming") return;
      await new Promise<void>((resolve) => {
        const stop = watch(({ stage }) => {
          if (stage === "resuming") return;
          stop();
          resolve();
        });
      });
    },
    takes(bytes) {
      return session.isAttached() && session.fits(bytes);
    },
    call(op, input, payload, seconds) {
      return session.call(op, input, payload, seconds);
    },
    open(opening) {
      const stream = session.open(opening);
      const { stage, cause } = state;
      // A frame later: whoever opens anew as he hears of it would else never let go of Studio.
      if (closed || stage === "down") task.delay(0, () => stream.fail(cause ?? localProblem("closed-early")));
      return stream;
    },
    streams() {
      return session.streams();
    },
    watch(hear) {
      return watch(hear);
    },
    close() {
      if (closed) return;
      closed = true;
      alarm.ring();
      part("The plugin is closing.");
      enter({ stage: "resting", cause: localProblem("closed-early") });
      listeners.clear();
    },
  };
}
