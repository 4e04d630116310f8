import { DEFAULT_PORT } from "../../../shared/protocol.js";
import { type PairingOptions, pairWith } from "../pairing.js";
import { createTurns } from "../turns.js";
import { createBudget } from "../wire/budget.js";
import { createCaller } from "../wire/call.js";
import type { TokenCaller } from "../wire/caller.js";
import { type Carrier, createCarrier } from "../wire/carrier.js";
import { greet } from "../wire/greeting.js";
import { createStreamClients } from "../wire/stream-clients.js";
import { createFiles, type Files } from "./files.js";
import { createModels, type Models } from "./models.js";
import { createStreams, type Streams } from "./streams.js";
import { createWatch, type Watch } from "./watch.js";
import type { WatchOptions } from "./watch-poll.js";

export { createEventReader, createLineReader } from "../wire/frames.js";
export type { ChatEvent, ToolCall } from "./chat-event.js";
export type { Chat, ChatOptions, ChatRequest, ModelList, Models } from "./models.js";

/** Long polls held at once: Studio has five places for the requests of all plugins together. */
const POLLS = 2;

/** What a plugin does with the files and models of this machine, and with the servers that the daemon relays. */
export interface Bridge extends Streams {
  readonly files: Files;
  readonly models: Models;
  watch(options: WatchOptions): Watch;
  /**
   * Ends the link and every stream, before it returns. A plugin that uses watch, chat or streams calls it when it is
   * unloaded: a stream client that is left open is lost to Studio until it restarts.
   */
  close(): void;
}

export interface ConnectOptions {
  /** `<id>.<secret>`, from `puente token create` or `pair`. */
  readonly token: string;
  /** The address that `puente serve` prints; `http://127.0.0.1:27183` if absent. */
  readonly url?: string;
  /** The signal Unloading of the plugin: closes the bridge. With it the link is there from the start, without it from the first stream. */
  readonly unloading?: RBXScriptSignal;
}

export function createBridge(carrier: Carrier): Bridge {
  const turns = createTurns(POLLS);
  return {
    ...createStreams(carrier),
    files: createFiles(carrier),
    models: createModels(carrier),
    watch(options) {
      return createWatch(carrier, turns, options);
    },
    close() {
      carrier.close();
    },
  };
}

const OWN_URL = `http://127.0.0.1:${DEFAULT_PORT}`;

function requestsTo(http: HttpService, url: string, token: string | undefined): TokenCaller {
  return createCaller({
    http,
    encoding: game.GetService("EncodingService"),
    budget: createBudget(os.clock),
    url: () => url,
    token: () => token,
    clock: os.clock,
  });
}

export interface PairOptions extends PairingOptions {
  /** As for `connect`. */
  readonly url?: string;
}

/**
 * A token for another plugin, without the user making one: shows a code by `onCode`, and resolves with the token once
 * the user has approved that code in a terminal, where they see who asks for which scopes. Keep it in the plugin's
 * settings, and give it to `connect`. Rejects with `pairing-refused`, `pairing-expired`, `too-many-tries`,
 * `daemon-offline` and the like, and with `closed-early` once `isWanted` says no.
 */
export async function pair(options: PairOptions): Promise<string> {
  const { url = OWN_URL } = options;
  const requests = requestsTo(game.GetService("HttpService"), url, undefined);
  await greet(requests);
  return pairWith(requests, options);
}

/**
 * The bridge for another plugin: copy the packed model into it and require this module. Resolves once the daemon has
 * proved that it knows the token, which is not sent before; after a loss of the connection it has to prove it again.
 * Rejects with `daemon-offline`, `wrong-daemon` and the like.
 */
export async function connect(options: ConnectOptions): Promise<Bridge> {
  const { token, url = OWN_URL, unloading } = options;
  const http = game.GetService("HttpService");
  const requests = requestsTo(http, url, token);
  const clients = createStreamClients(http);
  const carrier = createCarrier({ http, clients, requests, url: () => url, clock: os.clock });
  unloading?.Once(() => carrier.close());
  await greet(requests);
  await requests.prove();
  if (unloading !== undefined) carrier.link.wake();
  return createBridge(carrier);
}
