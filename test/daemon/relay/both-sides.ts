import { LIMITS } from "../../../shared/protocol.js";
import { event, openSocket, type Relaying, until } from "../../support/relaying.js";

export const PART = "x".repeat(8192);

/** Both sides of a relayed socket. */
export async function openBoth({ daemon, origin }: Relaying) {
  const client = openSocket(daemon, "up/x");
  const [upstream] = await Promise.all([origin.nextSocket(), event(client, "open")]);
  return { client, upstream };
}

/** As many parts as leave a little waiting in the daemon, for one side that reads nothing. No other stream may be open. */
export async function partsThatWait(scene: Relaying): Promise<number> {
  const { client, upstream } = await openBoth(scene);
  client.pause();
  const more = () => {
    if (upstream.readyState === upstream.OPEN) upstream.send(PART, more);
  };
  more();
  let bytes = 0;
  const look = async () => {
    const who = (await (await scene.daemon.call("session/who", {})).json()) as { streams: { bytes: number }[] };
    const now = who.streams[0]?.bytes ?? 0;
    const isStill = now === bytes && now > 0;
    bytes = now;
    if (!isStill) await new Promise((resolve) => setTimeout(resolve, 500));
    return isStill;
  };
  await until("the daemon's buffer is full", look, 20);
  client.terminate();
  await until("no connection is left", () => scene.origin.connections() === 0, 5);
  return Math.floor((bytes - LIMITS.socketBufferBytes / 2) / PART.length);
}
