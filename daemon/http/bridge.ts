import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { WebSocket } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream, StreamSocket } from "../stream.js";
import { messageFlow } from "../upstream/message-flow.js";
import { onStall } from "../upstream/outlet.js";
import { GONE } from "./life.js";

const TRY_LATER = 1013;
/** How a client is told of what ends its socket from here; what is not listed breaks it off, so that nobody takes it for a clean end. */
const CLOSE_CODES = new Map<string, number>([
  ["shutting-down", 1001],
  ["unauthorized", 1008],
  ["upstream-timeout", TRY_LATER],
]);

/** Pings a client, and breaks off once it has answered none in two intervals: a process that is stopped keeps its connection. */
function pingWatch(client: WebSocket): NodeJS.Timeout {
  let isHeard = true;
  client.on("pong", () => {
    isHeard = true;
  });
  return setInterval(() => {
    if (!isHeard) client.terminate();
    // What waits to be sent is in the way of a ping; what waits to be read, in that of its answer, but not of the
    // system's that there is nobody any more.
    else if (client.bufferedAmount === 0) {
      isHeard = client.isPaused;
      client.ping();
    }
  }, LIMITS.socketPingSeconds * 1000);
}

async function carry(from: Readable, to: StreamSocket): Promise<void> {
  for await (const message of from as AsyncIterable<string | Uint8Array>) await to.send(message);
}

/** Closes one side as the other one was closed. */
async function closeAs(closed: StreamSocket, other: StreamSocket): Promise<void> {
  const { code, reason } = await closed.closed;
  other.close(code, reason);
}

/** Carries messages both ways between a client and a stream, each at the other's pace; resolves once both are closed. */
export async function bridge(client: WebSocket, connection: Socket, { body, socket }: OpenStream): Promise<void> {
  if (socket === undefined) throw new Error("a stream that is no socket cannot be bridged");
  // Its upstream has gone by then, and its place is free: there is time for the last of its data.
  const near = messageFlow(client, GONE, LIMITS.socketStallSeconds);
  const pings = pingWatch(client);
  const upstreamClosed = new Promise<void>((resolve) => body.once("close", resolve));
  // What a client breaks, its own close tells.
  client.on("error", () => undefined);
  onStall(client, connection, () => {
    client.close(TRY_LATER, "Nothing was taken for too long.");
    body.destroy();
  });

  carry(body, near.socket)
    .then(() => closeAs(socket, near.socket))
    .catch((error: unknown) => {
      if (client.readyState !== client.OPEN) return;
      const code = error instanceof Failure ? CLOSE_CODES.get(error.problem.code) : undefined;
      if (code === undefined) client.terminate();
      else client.close(code, (error as Failure).problem.detail);
    });
  carry(near.body, socket)
    .then(() => closeAs(near.socket, socket))
    .catch(() => body.destroy());

  await Promise.all([near.socket.closed, upstreamClosed]);
  clearInterval(pings);
}
