import type { Caller, TokenCaller } from "./caller.js";
import { createLink, type Link } from "./link.js";
import { createLinkCaller } from "./link-caller.js";
import type { StreamClients } from "./stream-clients.js";

/** What carries the calls and streams of one plugin: the link, and requests while there is none. */
export interface Carrier {
  readonly http: HttpService;
  readonly caller: Caller;
  readonly link: Link;
  readonly clients: StreamClients;
  /** The address of the daemon, `http://127.0.0.1:27183`. */
  readonly url: () => string;
  /** Ends the link and every stream client of this plugin, before it returns. */
  close(): void;
}

export interface CarrierOptions {
  readonly http: HttpService;
  readonly clients: StreamClients;
  /** Makes the requests, and has the daemon prove itself before the link sends it the token. */
  readonly requests: TokenCaller;
  readonly url: () => string;
  /** Seconds. */
  readonly clock: () => number;
}

export function createCarrier({ http, clients, requests, url, clock }: CarrierOptions): Carrier {
  const link = createLink({
    http,
    clients,
    url,
    authorize: () => requests.authorize(),
    doubt: () => requests.doubt(),
    clock,
  });
  return {
    http,
    caller: createLinkCaller(link, requests),
    link,
    clients,
    url,
    close() {
      link.close();
      clients.close();
    },
  };
}
