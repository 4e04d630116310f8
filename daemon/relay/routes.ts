import type { Upgrade } from "../http/accept.js";
import { type Exchange, type Opener, openerOf } from "../http/bind.js";
import { socketExchange } from "../http/socket-exchange.js";
import { type Open, streamExchange } from "../http/stream-exchange.js";
import type { Targets } from "../http/targets.js";
import type { OpenStream } from "../stream.js";
import { askOf, socketAskOf } from "./ask.js";
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

/** The relays as the link opens them: no stream there takes one of Studio's six. */
export function relayOpeners({ raw, sse, socket }: Relays): ReadonlyMap<string, Opener> {
  return new Map([
    ["relay/raw", openerOf("relay/raw", (input, body, signal) => raw(input.upstream, askOf(input, body, signal)))],
    ["relay/sse", openerOf("relay/sse", (input, body, signal) => sse(input.upstream, askOf(input, body, signal)))],
    [
      "relay/socket",
      openerOf("relay/socket", (input, _body, signal) => socket(input.upstream, socketAskOf(input, signal))),
    ],
  ]);
}
