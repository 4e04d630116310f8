import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { LIMITS } from "../../shared/protocol.js";

const OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: LIMITS.messageBytes,
  closeTimeout: LIMITS.socketCloseSeconds * 1000,
};
const NO_BYTES = Buffer.alloc(0);

/** Completes an upgrade that has passed the gate. @param protocol the subprotocol, where one is spoken. */
export function accept(request: IncomingMessage, socket: Duplex, protocol: string | undefined): Promise<WebSocket> {
  const server = new WebSocketServer({ ...OPTIONS, handleProtocols: () => protocol ?? false });
  return new Promise((resolve) => server.handleUpgrade(request, socket, NO_BYTES, resolve));
}
