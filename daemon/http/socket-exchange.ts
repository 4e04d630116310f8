import type { Socket } from "node:net";
import { fail } from "../fail.js";
import type { SocketAsk } from "../upstream/dial.js";
import { accept, type Upgrade } from "./accept.js";
import { bridge } from "./bridge.js";
import { GONE } from "./life.js";
import { headersOf, protocolsOf, relayTargetOf } from "./relay-request.js";
import { checkScope } from "./scope.js";
import type { Open } from "./stream-exchange.js";

/** Notices a client that goes before it is answered; nobody else reads its socket then. Answers how to stop. */
function watchOver(socket: Socket): () => void {
  const end = () => socket.destroy();
  socket.on("data", end).on("end", end);
  return () => socket.off("data", end).off("end", end);
}

/** Serves a WebSocket: the upstream's first, and only where it is open the client's. @param start the part of the target before the upstream's name. */
export function socketExchange(start: string, open: Open<SocketAsk>): Upgrade {
  return async (request, socket, head, caller) => {
    const { upstream, rest } = relayTargetOf(request.url ?? "", start);
    checkScope(caller, `relay:${upstream}`);
    if (head.length > 0) fail("malformed-request", "A WebSocket sends nothing before it is answered.");
    const life = new AbortController();
    let isOpen = false;
    caller.signal.addEventListener("abort", () => {
      // Once it is open, the client's close says how it went.
      if (!isOpen || caller.signal.reason !== GONE) life.abort(caller.signal.reason);
    });
    const unwatch = watchOver(socket);
    const asked = { rest, headers: headersOf(request), protocols: protocolsOf(request), signal: life.signal };
    const stream = await open(upstream, asked, caller, () => socket.bytesWritten);
    unwatch();
    const protocol = stream.headers.find(([name]) => name === "sec-websocket-protocol")?.[1];
    const client = await accept(request, socket, protocol);
    isOpen = true;
    await bridge(client, socket, stream);
  };
}
