import type { WebSocket } from "ws";
import { LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";

const BROKEN_OFF = 1006;
const NO_CODE = 1005;
const TRY_LATER = 1013;
/** How a client is told of what ends its socket from here; what is not listed breaks it off, so that nobody takes it for a clean end. */
const CLOSE_CODES = new Map<string, number>([
  ["shutting-down", 1001],
  ["unauthorized", 1008],
]);

/** Runs `onStall` once something has waited for LIMITS.socketStallSeconds without moving. */
function stallWatch(onStall: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    moved: () => void timer?.refresh(),
    waits() {
      timer ??= setTimeout(onStall, LIMITS.socketStallSeconds * 1000);
    },
    over() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Pings a client, and breaks off once it has answered none in two intervals: a process that is stopped keeps its connection. */
function pingWatch(client: WebSocket): NodeJS.Timeout {
  let isHeard = true;
  client.on("pong", () => {
    isHeard = true;
  });
  return setInterval(() => {
    if (!isHeard) client.terminate();
    // What waits to be sent is in the way of a ping; what waits to be read, in that of its answer.
    else if (client.bufferedAmount === 0 && !client.isPaused) {
      isHeard = false;
      client.ping();
    }
  }, LIMITS.socketPingSeconds * 1000);
}

/** Carries messages both ways between a client and a stream, each at the other's pace; resolves once both are closed. */
export async function bridge(client: WebSocket, { body, socket }: OpenStream): Promise<void> {
  if (socket === undefined) throw new Error("a stream that is no socket cannot be bridged");
  const giveUp = () => {
    client.close(TRY_LATER, "Nothing was taken for too long.");
    body.destroy();
  };
  const down = stallWatch(giveUp);
  const up = stallWatch(giveUp);
  const pings = pingWatch(client);
  let onWay = 0;

  body.on("data", (message: string | Uint8Array) => {
    if (client.readyState !== client.OPEN) return;
    client.send(message, () => {
      down.moved();
      if (!body.isPaused() || client.bufferedAmount >= LIMITS.socketBufferBytes) return;
      down.over();
      body.resume();
    });
    if (client.bufferedAmount < LIMITS.socketBufferBytes) return;
    down.waits();
    body.pause();
  });
  client.on("message", (data: Buffer, isBinary: boolean) => {
    onWay += 1;
    client.pause();
    up.waits();
    const arrived = () => {
      onWay -= 1;
      up.moved();
      if (onWay > 0) return;
      up.over();
      client.resume();
    };
    socket.send(isBinary ? data : data.toString()).then(arrived, arrived);
  });

  body.once("error", (error) => {
    const code = error instanceof Failure ? CLOSE_CODES.get(error.problem.code) : undefined;
    if (code === undefined) client.terminate();
    else client.close(code, (error as Failure).problem.detail);
  });
  body.once("end", () => {
    void socket.closed.then(({ code, reason }) => (code === undefined ? client.close() : client.close(code, reason)));
  });
  // What a client breaks, its own close tells.
  client.on("error", () => undefined);
  const clientClosed = new Promise<void>((resolve) => {
    client.once("close", (code: number, reason: Buffer) => {
      clearInterval(pings);
      down.over();
      up.over();
      if (code === BROKEN_OFF) body.destroy();
      else socket.close(code === NO_CODE ? undefined : code, reason.toString());
      body.resume(); // What nobody takes any more must not keep the upstream from closing.
      resolve();
    });
  });
  const upstreamClosed = new Promise<void>((resolve) => body.once("close", resolve));
  await Promise.all([clientClosed, upstreamClosed]);
}
