import { Readable } from "node:stream";
import { misfit } from "../../shared/check.js";
import { CONTRACT, type Input } from "../../shared/contract/index.js";
import { fail } from "../fail.js";
import type { Upgrade } from "../http/accept.js";
import type { Caller, Exchange } from "../http/bind.js";
import { runtime } from "../http/runtime.js";
import { checkScope } from "../http/scope.js";
import { socketExchange } from "../http/socket-exchange.js";
import { type Open, streamExchange } from "../http/stream-exchange.js";
import type { Targets } from "../http/targets.js";
import type { OpenStream } from "../stream.js";
import type { Ask } from "../upstream/request.js";
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

type Name = "relay/raw" | "relay/sse" | "relay/socket";
type RequestInput = Input<"relay/raw">;

/** Opens a stream for a caller. @param body what came with the asking; it goes to the upstream. */
type Opener = (input: unknown, caller: Caller, body: Uint8Array) => Promise<OpenStream>;

function checked<Of extends Name>(name: Of, input: unknown, caller: Caller): Input<Of> {
  const wrong = misfit(runtime, CONTRACT[name].input, input);
  if (wrong !== undefined) fail("invalid-input", wrong);
  checkScope(caller, `relay:${(input as { upstream: string }).upstream}`);
  return input as Input<Of>;
}

function headersOf(headers: RequestInput["headers"]): [name: string, value: string][] {
  return (headers ?? []).map(({ name, value }) => [name, value]);
}

/** What is asked of the upstream. A body of bytes counts more than one that is written in the input. */
function askOf(
  { rest, method = "GET", headers, body = "" }: RequestInput,
  bytes: Uint8Array,
  signal: AbortSignal,
): Ask {
  const content = bytes.length > 0 ? Buffer.from(bytes) : Buffer.from(body);
  return {
    rest,
    method,
    headers: headersOf(headers),
    signal,
    ...(content.length > 0 && { body: Readable.from([content]), bodyBytes: content.length }),
  };
}

/** The relays as the link opens them: no stream there takes one of Studio's six. */
export function relayOpeners(relays: Relays): ReadonlyMap<string, Opener> {
  return new Map<Name, Opener>([
    [
      "relay/raw",
      async (input, caller, body) => {
        const asked = checked("relay/raw", input, caller);
        return await relays.raw(asked.upstream, askOf(asked, body, caller.signal));
      },
    ],
    [
      "relay/sse",
      async (input, caller, body) => {
        const asked = checked("relay/sse", input, caller);
        return await relays.sse(asked.upstream, askOf(asked, body, caller.signal));
      },
    ],
    [
      "relay/socket",
      async (input, caller) => {
        const { upstream, rest, headers, protocols = [] } = checked("relay/socket", input, caller);
        const asked = { rest, headers: headersOf(headers), protocols: [...protocols], signal: caller.signal };
        return await relays.socket(upstream, asked);
      },
    ],
  ]);
}
