import type { Switches } from "../switches.ts";
import type { Message } from "./messages.ts";
import { NO_STATUS, type StreamEvents, type StreamSource } from "./streams-source.ts";
import { studioMilliseconds } from "./studio-time.ts";

/** Above this a socket is not read until Luau has seen what was read. */
const UNDELIVERED_BYTES = 1_048_576;

interface Made {
  id: number;
  type: "SSE" | "RawStream" | "WebSocket";
  url: string;
  madeBy: string;
  owner: string;
}

interface Surroundings {
  /** Runs when Luau's turn comes. */
  post(send: () => void): void;
  /** Resolves once Luau has dealt with it. */
  toLuau(message: Message): Promise<void>;
  /** It has no socket, nothing to tell and no slot any more. */
  gone(): void;
}

type State = "Connecting" | "Open" | "Error" | "Closed";

/** One stream client's life: its socket, its slot, its two clocks, and its events on their way to Luau. */
export function startClient(made: Made, switches: Switches, { post, toLuau, gone }: Surroundings) {
  const isSocket = made.type === "WebSocket";
  const over = Promise.withResolvers<void>();
  let source: StreamSource | undefined;
  let state: State = "Connecting";
  let status = NO_STATUS;
  let undelivered = 0;
  let paused = false;
  let ended = false;
  let closed = false;
  let leaked = false;
  let slot = true;
  let unsent: Uint8Array[] = [];
  let idle: NodeJS.Timeout | undefined;
  let age: NodeJS.Timeout | undefined;

  const tell = (event: string, next: State, fields: object = {}, body?: Uint8Array): void => {
    const bytes = body?.length ?? 0;
    undelivered += bytes;
    if (undelivered > UNDELIVERED_BYTES && !paused && !ended) {
      paused = true;
      clearTimeout(idle);
      source?.pause();
    }
    post(() => {
      if (closed) return;
      state = next;
      if (next === "Error" || next === "Closed") release("end");
      const head = { kind: "stream", id: made.id, event, state: next, ...fields };
      void toLuau(body === undefined ? { head } : { head, body }).then(() => seen(bytes));
    });
  };
  const seen = (bytes: number): void => {
    undelivered -= bytes;
    if (!paused || undelivered > UNDELIVERED_BYTES || ended) return;
    paused = false;
    watchIdle();
    source?.resume();
  };

  const release = (by: "end" | "Close"): void => {
    if (by === "end" && (leaked || switches.streamSlotFreedBy === "Close")) return;
    slot = false;
    gone();
  };
  const finish = (): void => {
    ended = true;
    clearTimeout(idle);
    clearTimeout(age);
    over.resolve();
  };

  const watchIdle = (): void => {
    clearTimeout(idle);
    if (ended || paused || (isSocket && !switches.webSocketInactivity)) return;
    if (status === NO_STATUS && !switches.inactivityBeforeOpened) return;
    idle = setTimeout(
      () => expire("Error", "InactivityTimeout"),
      studioMilliseconds(switches, switches.inactivitySeconds),
    );
  };
  const expire = (how: "Error" | "Closed", name: string): void => {
    source?.destroy();
    if (how === "Error") events.failed(isSocket ? switches.webSocketErrorStatus : status, `HttpError: ${name}`);
    else events.ended();
  };

  const events: StreamEvents = {
    opened(given, headers) {
      status = given;
      watchIdle();
      tell("Opened", "Open", { status }, Buffer.from(headers, "latin1"));
    },
    message: (bytes) => tell("MessageReceived", "Open", {}, bytes),
    active: watchIdle,
    ended() {
      if (ended) return;
      finish();
      tell("Closed", "Closed", { last: true });
    },
    failed(given, text) {
      if (ended) return;
      finish();
      const order = switches.streamFailure;
      if (order === "ClosedThenError") tell("Closed", "Error");
      tell("Error", "Error", { status: given, last: order !== "ErrorThenClosed" }, Buffer.from(text));
      if (order === "ErrorThenClosed") tell("Closed", "Error", { last: true });
    },
  };

  if (switches.webSocketAges || !isSocket)
    age = setTimeout(
      () => expire(switches.streamAgeEnds, "Timedout"),
      studioMilliseconds(switches, switches.streamAgeSeconds),
    );

  return {
    events,
    /** Resolves once there is no connection any more. */
    over: over.promise,
    begin(connect: (events: StreamEvents) => StreamSource): void {
      if (ended) return;
      source = connect(events);
      watchIdle();
      for (const bytes of unsent.splice(0)) source.send(bytes);
    },
    send(bytes: Uint8Array): void {
      if (source === undefined) unsent.push(bytes);
      else if (!ended) source.send(bytes);
    },
    /** Luau's Close: nothing is told any more, unless the end is already on its way. */
    close(): void {
      if (!ended) {
        closed = true;
        finish();
        unsent = [];
        source?.close();
      }
      release("Close");
    },
    destroy(): void {
      closed = true;
      finish();
      source?.destroy();
    },
    leakOf(owner: string): void {
      leaked ||= made.owner === owner && slot;
    },
    holdsSlot: () => slot,
    stats: () => ({
      type: made.type,
      url: made.url,
      state,
      madeBy: made.madeBy,
      leaked,
      undeliveredBytes: undelivered,
    }),
  };
}
