import { type AnyProblem, localProblem } from "./problem.js";

/** Studio's documented cap, of all plugins together. The engine may give fewer: then it throws, and that counts. */
export const MOST_CLIENTS = 6;
/** What the engine throws when it has no client left, in lower case. */
const NONE_LEFT = "too many webstreamclients";

/** As RequestAsync takes them. */
interface StreamRequest {
  readonly Url: string;
  readonly Method?: string;
  readonly Headers?: object;
  readonly Body?: string;
}

/** One of Studio's stream clients that this plugin holds. */
export interface Holding {
  /** What for, in words that follow "held by". */
  readonly holder: string;
  readonly state: "connecting" | "open";
}

/** Studio's stream clients, as far as this plugin holds them. */
export interface StreamClients {
  /**
   * Connects; its signals come later. Throws `too-many-streams`, naming the holders, where there is none left, and
   * `no-streams` where this Studio gives none at all.
   */
  open(kind: Enum.WebStreamClientType, request: StreamRequest, holder: string): WebStreamClient;
  holdings(): readonly Holding[];
  /** Closes all of them before it returns: what an unloaded plugin leaves open is lost until Studio restarts. */
  close(): void;
}

interface Held {
  readonly client: WebStreamClient;
  readonly holder: string;
}

function isOver({ client }: Held): boolean {
  const state = client.ConnectionState;
  return state === Enum.WebStreamClientState.Closed || state === Enum.WebStreamClientState.Error;
}

/** Studio may keep the slot of a client that has ended until it is closed; closing twice does no harm. */
function release({ client }: Held): void {
  const [ok, thrown] = pcall(() => client.Close());
  if (!ok) warn(`[Puente] ${tostring(thrown)}`);
}

/** The only caller of CreateWebStreamClient. */
export function createStreamClients(http: HttpService): StreamClients {
  let held: Held[] = [];
  let closed = false;

  function sweep(): void {
    const over = held.filter(isOver);
    if (over.isEmpty()) return;
    held = held.filter((each) => !over.includes(each));
    for (const each of over) release(each);
  }

  function tooMany(says: string): AnyProblem {
    const holders = held.map(({ holder }) => holder);
    const mine = holders.isEmpty() ? "None of them is this plugin's." : `Held by this plugin: ${holders.join(", ")}.`;
    return localProblem("too-many-streams", `${says} ${mine}`);
  }

  return {
    open(kind, request, holder) {
      if (closed) throw localProblem("closed-early");
      sweep();
      if (held.size() >= MOST_CLIENTS) throw tooMany(`Studio allows ${MOST_CLIENTS} stream clients at a time.`);
      const [ok, client] = pcall(() => http.CreateWebStreamClient(kind, request));
      if (!ok) {
        const text = tostring(client);
        if (text.lower().find(NONE_LEFT, 1, true)[0] !== undefined) throw tooMany("Studio has no stream client left.");
        throw localProblem("no-streams", text);
      }
      const each = { client, holder };
      held.push(each);
      // After whoever asked for it has heard the same.
      const ended = () => task.defer(sweep);
      client.Error.Connect(ended);
      client.Closed.Connect(ended);
      return client;
    },
    holdings() {
      sweep();
      return held.map(({ client, holder }) => ({
        holder,
        state: client.ConnectionState === Enum.WebStreamClientState.Open ? "open" : "connecting",
      }));
    },
    close() {
      closed = true;
      const all = held;
      held = [];
      for (const each of all) release(each);
    },
  };
}
