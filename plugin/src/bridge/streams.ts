import { PROBLEMS } from "../../../shared/problem.js";
import { isUtf8 } from "../utf8-text.js";
import type { Carrier } from "../wire/carrier.js";
import type { LinkHeaders, LinkStream } from "../wire/link-stream.js";
import type { AnyProblem } from "../wire/problem.js";
import { kindOf, optionsOf, relayRequest, type StreamOptions } from "./relay-request.js";
import { relayTarget, type StreamKind } from "./relay-target.js";

/** A stream over the link, with the surface of Studio's own WebStreamClient. */
interface BridgeStreamClient {
  readonly ConnectionState: Enum.WebStreamClientState;
  readonly Opened: RBXScriptSignal<(responseStatusCode: number, headers: string) => void>;
  readonly MessageReceived: RBXScriptSignal<(message: string) => void>;
  readonly Error: RBXScriptSignal<(responseStatusCode: number, errorMessage: string) => void>;
  readonly Closed: RBXScriptSignal<() => void>;
  /** A message of a WebSocket; nothing on the other types, and nothing once it is over. Throws where it is no UTF-8. */
  Send(data: string): void;
  Close(): void;
  /** Studio's classes took it in lower case once, and a sample of its page for this class still writes it so. */
  close(): void;
}

type StreamType = CastsToEnum<Enum.WebStreamClientType>;

export interface Streams {
  /**
   * Opens a stream to an upstream of the daemon's, over the link: as many at once as are wanted. `Url` is
   * `puente://UPSTREAM/PATH`, or the address of the daemon's relay, `http://127.0.0.1:27183/v1/relay/KIND/UPSTREAM/PATH`.
   * Throws where type or options are mistaken. What fails later is an Error: the HTTP status of the problem or -1, and
   * `CODE: DETAIL`.
   */
  readonly createWebStreamClient: (streamClientType: StreamType, requestOptions: object) => BridgeStreamClient;
  /** Opens one of Studio's own clients, of which there are six. Throws `too-many-streams`, naming who holds them. */
  readonly openDirect: (streamClientType: StreamType, requestOptions: object) => WebStreamClient;
}

const State = Enum.WebStreamClientState;

/** As Studio hands them over: one text. */
function rawHeaders(headers: LinkHeaders): string {
  return headers.map(({ name, value }) => `${name}: ${value}\r\n`).join("");
}

function isEventStream(headers: LinkHeaders): boolean {
  return headers.some(
    ({ name, value }) => name.lower() === "content-type" && value.lower().find("text/event-stream", 1, true)[0] === 1,
  );
}

function statusOf(problem: AnyProblem): number {
  const { status } = problem as { readonly status?: number };
  const known = (PROBLEMS as { readonly [code: string]: { readonly status: number } | undefined })[problem.code];
  return status ?? known?.status ?? -1;
}

function signal<Handler extends Callback>() {
  return new Instance("BindableEvent") as BindableEvent<Handler>;
}

function openOverLink({ link, url }: Carrier, kind: StreamKind, options: StreamOptions): BridgeStreamClient {
  const target = relayTarget(kind, options.Url, url());
  const { input, body } = relayRequest(target, options);
  const opened = signal<(responseStatusCode: number, headers: string) => void>();
  const received = signal<(message: string) => void>();
  const failed = signal<(responseStatusCode: number, errorMessage: string) => void>();
  const closed = signal<() => void>();
  let stream: LinkStream | undefined;

  function enter(state: Enum.WebStreamClientState): void {
    (client as { ConnectionState: Enum.WebStreamClientState }).ConnectionState = state;
  }

  function fail(status: number, says: string): void {
    enter(State.Error);
    failed.Fire(status, says);
  }

  const client: BridgeStreamClient = {
    ConnectionState: State.Connecting,
    Opened: opened.Event,
    MessageReceived: received.Event,
    Error: failed.Event,
    Closed: closed.Event,
    Send(data) {
      if (kind !== "WebSocket") return;
      if (!isUtf8(data)) throw "Send takes UTF-8 text.";
      stream?.send(data);
    },
    Close() {
      stream?.dismiss();
    },
    close() {
      stream?.dismiss();
    },
  };
  // One that is down tries again by itself, in its own time.
  if (link.state().stage === "resting") link.wake();
  stream = link.open({
    op: target.op,
    input,
    body,
    label: target.upstream,
    owner: "caller",
    onOpened: (status, headers) => {
      if (kind === "SSE" && !isEventStream(headers)) {
        stream?.close();
        fail(status, "Invalid Content-Type header for SSE client");
        return;
      }
      enter(State.Open);
      opened.Fire(status, rawHeaders(headers));
    },
    onMessage: (message) => received.Fire(message),
    onClosed: () => {
      enter(State.Closed);
      closed.Fire();
    },
    onProblem: (problem) => fail(statusOf(problem), `${problem.code}: ${problem.detail}`),
  });
  return client;
}

export function createStreams(carrier: Carrier): Streams {
  return {
    createWebStreamClient: (streamClientType, requestOptions) =>
      openOverLink(carrier, kindOf(streamClientType), optionsOf(requestOptions)),
    openDirect: (streamClientType, requestOptions) => {
      const kind = kindOf(streamClientType);
      const { Url } = requestOptions as StreamOptions;
      const holder = typeIs(Url, "string")
        ? `a ${kind} stream to ${Url.match("^%a+://([^/?#]+)")[0] ?? Url}`
        : `a ${kind} stream`;
      return carrier.clients.open(Enum.WebStreamClientType[kind], requestOptions as StreamOptions, holder);
    },
  };
}
