import type { DaemonHeader } from "../../../shared/contract/link.js";
import { LIMITS } from "../../../shared/protocol.js";
import { type AnyProblem, localProblem } from "./problem.js";

/** What a stream may be sent before there is a link. */
const EARLY_BYTES = LIMITS.linkKeptBytes / 4;
type Of<T extends DaemonHeader["t"]> = Extract<DaemonHeader, { t: T }>;
export type LinkHeaders = Of<"opened">["headers"];

/** What to open. */
export interface LinkOpening {
  readonly op: string;
  readonly input: object;
  /** UTF-8; empty where there is none. */
  readonly body: string;
  /** Bytes that may come before it is paid back; `linkCreditBytes` where absent. */
  readonly credit?: number;
  /** What it is, for a person: the upstream's name. */
  readonly label: string;
  /** Whose it is: `caller` may be closed by the user, `puente` is Puente's own. */
  readonly owner: "caller" | "puente";
  readonly onOpened?: (status: number, headers: LinkHeaders) => void;
  readonly onMessage: (message: string) => void;
  /** It is over, as the upstream had it. Nothing comes after it. */
  readonly onClosed: (code?: number, reason?: string) => void;
  /** It is over, as nobody wanted it. Nothing comes after it. */
  readonly onProblem: (problem: AnyProblem) => void;
  /** The link is down for longer than one try; the stream may still be resumed. */
  readonly onDown?: () => void;
}

/** One stream inside of the link, as far as it is open or about to be. */
export interface LinkStream {
  readonly label: string;
  readonly op: string;
  readonly owner: "caller" | "puente";
  /** Seconds, on the link's clock. */
  readonly since: number;
  state(): "connecting" | "open" | "over";
  /** Bytes that came and that were sent. */
  bytes(): number;
  /** A message for the upstream, UTF-8; nothing where it is over. */
  send(message: string): void;
  /** Ends it. No callback is called any more. */
  close(): void;
  /** Ends it as if the upstream had closed. */
  dismiss(): void;
}

/** What a stream asks of the link around it. */
export interface LinkStreamNeeds {
  /** Without `payload` a signal. False where the link has no room for it. Throws where it cannot be written. */
  readonly tell: (fields: object, payload?: string) => boolean;
  /** A message for the upstream. False where it is more than this stream's share of the link. */
  readonly send: (message: string) => boolean;
  readonly onOver: () => void;
  readonly now: () => number;
}

/** A stream, and how the link drives it. */
export interface DrivenStream extends LinkStream {
  readonly onDown?: () => void;
  /** Whether the daemon has been asked for it. */
  isAsked(): boolean;
  /** The link is there: asks for it, unless it has. */
  begin(): void;
  /** A message of the daemon's for this stream. */
  take(header: DaemonHeader, payload: string): void;
  fail(problem: AnyProblem): void;
}

export function createLinkStream(id: string, opening: LinkOpening, needs: LinkStreamNeeds): DrivenStream {
  const { tell, onOver, now } = needs;
  const { credit = LIMITS.linkCreditBytes } = opening;
  let state: "waiting" | "asked" | "open" | "over" = "waiting";
  let bytes = 0;
  let owed = 0;
  let parts: string[] = [];
  let early: string[] = [];

  const isOver = () => state === "over";

  function finish(): boolean {
    if (isOver()) return false;
    state = "over";
    parts = [];
    early = [];
    onOver();
    return true;
  }

  function fail(problem: AnyProblem): void {
    if (finish()) opening.onProblem(problem);
  }

  function close(): boolean {
    const wasAsked = state === "asked" || state === "open";
    if (!finish()) return false;
    if (wasAsked) tell({ t: "close", id });
    return true;
  }

  function receive(payload: string, isPart: boolean): void {
    const size = payload.size();
    bytes += size;
    owed += size;
    if (isPart) parts.push(payload);
    else if (parts.isEmpty()) opening.onMessage(payload);
    else {
      parts.push(payload);
      const whole = parts.join("");
      parts = [];
      opening.onMessage(whole);
    }
    // Its handler may have closed it. Only what was handed on is paid back; parts are, or a long message never ended.
    // By halves: often enough that the daemon need not wait, rarely enough to cost nothing.
    if (state !== "open" || owed < credit / 2) return;
    if (tell({ t: "credit", id, bytes: owed })) owed = 0;
  }

  function overflow(): void {
    close();
    // Not within Send: whoever sends anew as he hears of it would never end.
    task.delay(0, () => opening.onProblem(localProblem("stream-full")));
  }

  function send(message: string): void {
    if (state === "over") return;
    bytes += message.size();
    if (state !== "waiting") {
      if (!needs.send(message)) overflow();
    } else if (bytes > EARLY_BYTES) overflow();
    else early.push(message);
  }

  return {
    label: opening.label,
    op: opening.op,
    owner: opening.owner,
    since: now(),
    onDown: opening.onDown,
    state() {
      if (state === "over") return "over";
      return state === "open" ? "open" : "connecting";
    },
    bytes() {
      return bytes;
    },
    send(message) {
      send(message);
    },
    close() {
      close();
    },
    dismiss() {
      if (close()) opening.onClosed();
    },
    isAsked() {
      return state !== "waiting";
    },
    begin() {
      if (state !== "waiting") return;
      state = "asked";
      const { op, input, body } = opening;
      const [ok, told] = pcall(() => tell({ t: "open", id, op, input, credit }, body));
      if (!ok || !told) {
        const problem = ok ? localProblem("stream-full") : localProblem("fault", tostring(told));
        // Not before the resumption of its maker has ended.
        task.delay(0, () => fail(problem));
        return;
      }
      const messages = early;
      early = [];
      for (const message of messages) if (!isOver() && !needs.send(message)) overflow();
    },
    take(header, payload) {
      if (state === "over") return;
      if (header.t === "data") receive(payload, header.part === true);
      else if (header.t === "opened") {
        state = "open";
        opening.onOpened?.(header.status, header.headers);
      } else if (header.t === "problem") fail(header.problem as AnyProblem);
      else if (header.t === "closed" && finish()) opening.onClosed(header.code, header.reason);
    },
    fail(problem) {
      fail(problem);
    },
  };
}
