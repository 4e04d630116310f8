import type { Upgrade } from "../http/accept.js";
import type { Exchange } from "../http/bind.js";
import { socketExchange } from "../http/socket-exchange.js";
import { type Open, streamExchange } from "../http/stream-exchange.js";
import type { Targets } from "../http/targets.js";
import type { OpenStream } from "../stream.js";
import type { Relays } from "./relays.js";
import type { Holder, StreamCap } from "./stream-cap.js";

const START = { raw: "/v1/relay/raw/", sse: "/v1/relay/sse/", socket: "/v1/relay/socket/" } as const;

/** The relays over HTTP; what is opened so counts against the cap. */
export function relayRoutes(
  relays: Relays,
  cap: StreamCap,
): { readonly streams: Targets<Exchange>; readonly upgrades: Targets<Upgrade> } {
  function counted<Asked>(
    operation: Holder["operation"],
    open: (upstream: string, asked: Asked) => Promise<OpenStream>,
  ): Open<Asked> {
    return (upstream, asked, { token }, bytes) =>
      cap.hold({ token: token?.id ?? "", operation, upstream, bytes }, () => open(upstream, asked));
  }
  return {
    streams: new Map([
      [START.raw, streamExchange(START.raw, counted("relay/raw", relays.raw))],
      [START.sse, streamExchange(START.sse, counted("relay/sse", relays.sse))],
    ]),
    upgrades: new Map([[START.socket, socketExchange(START.socket, counted("relay/socket", relays.socket))]]),
  };
}
