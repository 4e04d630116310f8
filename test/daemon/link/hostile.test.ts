import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { createLinkClient, type LinkClient } from "../../support/link-client.js";
import { tempRoot } from "../../support/temp-root.js";
import { clientOf, countingUpstream, hostOf, stuck } from "./upstreams.js";

const MIB = 1024 * 1024;

test("10,000 calls at once are each answered: done, or refused as too many; the link goes on", async () => {
  const link = clientOf(await hostOf({}));
  await link.connect();
  const calls = Array.from({ length: 10_000 }, () =>
    link.call("session/hello", {}).then(
      () => "done",
      (error: Error) => error.message,
    ),
  );
  const outcomes = new Set(await within(20, "the replies", Promise.all(calls)));
  outcomes.delete(`too-many-calls: ${LIMITS.linkCalls} calls are under way.`);
  expect(outcomes).toEqual(new Set(["done"]));
  await link.call("session/hello", {});
  expect({ violations: link.violations, losses: link.losses() }).toEqual({ violations: [], losses: 0 });
});

test("what follows a goodbye is not done", async () => {
  const root = tempRoot();
  const upstream = await countingUpstream();
  const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "write" }], upstream });
  const link = clientOf(host);
  await link.connect();
  link.raw('{"t":"bye","reason":"leaving"}\n');
  link.raw('{"t":"call","n":1,"id":"a","op":"files/write","input":{"root":"r","path":"late","expect":"any"}}\nx');
  link.raw('{"t":"open","n":2,"id":"s","op":"socket","input":{"path":"/late"},"credit":1}\n');
  link.raw('{"t":"hello","protocol":1}\n');
  expect(await within(2, "the close", link.gone())).toBe(1000);
  await setTimeout(100);
  expect(readdirSync(root.folder)).toEqual([]);
  expect(upstream.told.size).toBe(0);
  expect(host.logged).toEqual([]);
});

/** Opens a stuck stream; `said` resolves once the daemon has taken what was sent, with whether the stream goes on. */
function openStuck(link: LinkClient) {
  const stream = link.open("stuck", {});
  let isOver = false;
  void stream.over.then(() => {
    isOver = true;
  });
  return {
    stream,
    async said(bytes: number) {
      stream.send("x".repeat(bytes));
      await within(5, "a reply", link.call("session/hello", {}));
      return !isOver;
    },
  };
}

test("streams whose upstreams take nothing hold together no more than one link may, and none takes all of it", async () => {
  const link = clientOf(await hostOf({ openers: new Map([["stuck", stuck]]) }));
  await link.connect();
  const greedy = openStuck(link);
  let sent = 0;
  while (await greedy.said(MIB)) sent += MIB;
  expect((await greedy.stream.over).problem?.code).toBe("stream-overrun");
  expect(sent).toBe(LIMITS.linkSendBytes / 2);
  // What it held is free again: the others take all of that room but what the next may be left.
  const others = Array.from({ length: 16 }, () => openStuck(link));
  const outcomes: boolean[] = [];
  for (const each of others) outcomes.push(await each.said(MIB));
  expect(outcomes.filter(Boolean)).toHaveLength(LIMITS.linkSendBytes / MIB - 1);
  expect(await openStuck(link).said(1000)).toBe(true);
});

test("a daemon ends in time beside a client that acks nothing and has replies waiting", async () => {
  const root = tempRoot({ big: "x".repeat(3 * MIB) });
  const daemon = await startDaemon([{ name: "r", folder: root.folder, access: "read" }]);
  const link = createLinkClient({ port: daemon.port, token: daemon.token, mute: true });
  onTestFinished(() => link.close());
  await link.connect();
  const replies = Array.from({ length: 8 }, () => link.call("files/read", { root: "r", path: "big" }));
  const outcomes = Promise.allSettled(replies);
  await within(5, "a reply", Promise.race(replies));
  await within(5.5, "the end", daemon.close());
  await within(2, "the close", link.gone());
  link.close();
  void outcomes;
});
