import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import type { Caller } from "./bind.js";
import { GONE } from "./life.js";

/** Serves one upgrade that has passed the gate; resolves once its socket is over. Throws only before it has answered. */
export type Upgrade = (request: IncomingMessage, socket: Socket, head: Buffer, caller: Caller) => Promise<void>;

const OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: LIMITS.messageBytes,
  closeTimeout: LIMITS.socketCloseSeconds * 1000,
};
const NO_BYTES = Buffer.alloc(0);

/** Completes an upgrade that has passed the gate; rejects where the client has gone meanwhile. @param protocol the subprotocol, where one is spoken. */
export function accept(request: IncomingMessage, socket: Socket, protocol: string | undefined): Promise<WebSocket> {
  const server = new WebSocketServer({ ...OPTIONS, handleProtocols: () => protocol ?? false });
  return new Promise((resolve, reject) => {
    const gone = () => reject(GONE);
    socket.once("close", gone);
    server.handleUpgrade(request, socket, NO_BYTES, (ws) => {
      socket.off("close", gone);
      resolve(ws);
    });
  });
}
