import { DEFAULT_PORT } from "../../../shared/protocol.js";
import { createBudget } from "../wire/budget.js";
import { createCaller } from "../wire/call.js";
import type { Caller } from "../wire/caller.js";
import { greet } from "../wire/greeting.js";
import { createFiles, type Files } from "./files.js";
import { createTurns } from "./turns.js";
import { createWatch, type Watch, type WatchOptions } from "./watch.js";

/** Long polls held at once: Studio has five places for the requests of all plugins together. */
const POLLS = 2;

/** What a plugin does with the files of this machine. */
export interface Bridge {
  readonly files: Files;
  watch(options: WatchOptions): Watch;
}

export interface ConnectOptions {
  /** `<id>.<secret>`, from `puente token create`. */
  readonly token: string;
  /** The address that `puente serve` prints; `http://127.0.0.1:27183` if absent. */
  readonly url?: string;
}

export function createBridge(caller: Caller): Bridge {
  const turns = createTurns(POLLS);
  return {
    files: createFiles(caller),
    watch(options) {
      return createWatch(caller, turns, options);
    },
  };
}

/**
 * The bridge for another plugin: copy the packed model into it and require this module. Resolves once the daemon has
 * proved that it knows the token, which is not sent before; after a loss of the connection it has to prove it again.
 * Rejects with `daemon-offline`, `wrong-daemon` and the like.
 */
export async function connect({ token, url = `http://127.0.0.1:${DEFAULT_PORT}` }: ConnectOptions): Promise<Bridge> {
  const http = game.GetService("HttpService");
  const caller = createCaller({
    http,
    encoding: game.GetService("EncodingService"),
    budget: createBudget(os.clock),
    url: () => url,
    token: () => token,
    clock: os.clock,
  });
  await greet(caller);
  await caller.prove();
  return createBridge(caller);
}
