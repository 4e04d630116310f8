import { describe, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { event, relaying } from "../../support/relaying.js";
import { openBoth, PART, partsThatWait } from "./both-sides.js";

const much = relaying();
const little = relaying();
/** Two of the system's looks at the time: the first may come just before there is something to look at. */
const SECONDS = 2 * LIMITS.socketStallSeconds + 15;

describe(`a socket that takes nothing for ${LIMITS.socketStallSeconds} s is let go, and its upstream with it`, {
  concurrent: true,
}, () => {
  test("with much of its data waiting", async () => {
    const { client, upstream } = await openBoth(much);
    client.pause();
    const closed = event(upstream, "close", SECONDS);
    const more = () => {
      if (upstream.readyState === upstream.OPEN) upstream.send(PART, more);
    };
    more();
    await closed;
    client.terminate();
  });

  test("with a little of its data waiting", async () => {
    const total = await partsThatWait(little);
    const { client, upstream } = await openBoth(little);
    client.pause();
    for (let sent = 0; sent < total; sent += 1) upstream.send(PART);
    await event(upstream, "close", SECONDS);
    client.terminate();
  });
});
