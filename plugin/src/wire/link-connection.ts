import { type AnyProblem, localProblem } from "./problem.js";
import type { StreamClients } from "./stream-clients.js";

/** How long the daemon may take from the opening of the client to its welcome. */
const WELCOME_SECONDS = 10;

export interface LinkConnectionOptions {
  readonly clients: StreamClients;
  /** `http://127.0.0.1:27183`. */
  readonly url: string;
  readonly token: string;
  /** The WebSocket is there: hello is to be sent. */
  readonly onOpened: () => void;
  readonly onMessage: (message: string) => void;
  /** Once, and nothing after it: why it has ended. */
  readonly onGone: (problem: AnyProblem) => void;
}

/** One WebSocket under the link. */
export interface LinkConnection {
  /** Queues a message; that it was queued says nothing of its arrival. */
  send(message: string): void;
  /** It has been welcomed: it may stay. */
  welcomed(): void;
  /** Ends it with a reason of ours, and frees Studio's client. */
  drop(problem: AnyProblem): void;
}

/** What Studio says of a WebSocket that has ended. An HTTP status is only in the words, if anywhere. */
function goneBecause(status: number, says: string): AnyProblem {
  const refusal = says.match("%f[%d]([45]%d%d)%f[%D]")[0] ?? (status >= 400 ? tostring(status) : undefined);
  if (refusal === "401") return localProblem("wrong-daemon", "The daemon does not know this Studio's token.");
  if (refusal === "429") return { code: "too-many-links", detail: "Too many Studios use this one's token at once." };
  if (refusal !== undefined) return localProblem("link-refused", `The daemon refused the link: HTTP ${refusal}.`);
  return localProblem("link-broken", `The link broke: ${says}.`);
}

/**
 * Studio says that a stream has ended by Error, by Closed, or by both in either order, and may say so after Close, too:
 * the first word counts, and whatever comes after it is not heard.
 */
export function connectLink(options: LinkConnectionOptions): LinkConnection {
  const { clients, url, token, onOpened, onMessage, onGone } = options;
  const client = clients.open(
    Enum.WebStreamClientType.WebSocket,
    {
      Url: `${url.gsub("^http", "ws", 1)[0]}/v1/link`,
      Headers: new Map([["Authorization", `Bearer ${token}`]]),
    },
    "the link",
  );
  let gone = false;
  let isWelcomed = false;
  const connections: RBXScriptConnection[] = [];

  function finish(problem: AnyProblem): void {
    if (gone) return;
    gone = true;
    for (const connection of connections) connection.Disconnect();
    // A client whose end has not been heard is open; a closed one has its slot given back.
    const [ok, thrown] = pcall(() => client.Close());
    onGone(ok ? problem : localProblem("fault", tostring(thrown)));
  }

  connections.push(
    client.Opened.Connect(() => {
      if (!gone) onOpened();
    }),
    client.MessageReceived.Connect((message) => {
      if (!gone) onMessage(message);
    }),
    client.Error.Connect((status, says) => finish(goneBecause(status, says))),
    client.Closed.Connect(() => finish(localProblem("link-broken"))),
  );
  task.delay(WELCOME_SECONDS, () => {
    if (!isWelcomed) finish(localProblem("link-broken", `No welcome within ${WELCOME_SECONDS} s.`));
  });

  return {
    send(message) {
      if (gone) return;
      const [ok, thrown] = pcall(() => client.Send(message));
      if (!ok) finish(localProblem("link-broken", tostring(thrown)));
    },
    welcomed() {
      isWelcomed = true;
    },
    drop(problem) {
      finish(problem);
    },
  };
}
