import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { Opener } from "../../../daemon/http/bind.js";
import { LIMITS } from "../../../shared/protocol.js";
import { startChaosProxy } from "../../support/chaos-proxy.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { createLinkClient } from "../../support/link-client.js";
import { manualClock } from "../../support/manual-clock.js";
import { tempRoot } from "../../support/temp-root.js";
import { clientOf, countingUpstream, hostOf, stuck, upTo } from "./upstreams.js";

/** A body as fast as it is read, that counts what was read of it. */
function endless(chunkBytes: number): { opener: Opener; read(): number } {
  let read = 0;
  const chunk = Buffer.alloc(chunkBytes, "e");
  return {
    opener: async () => ({
      status: 200,
      headers: [],
      body: new Readable({
        read() {
          read += chunk.length;
          this.push(chunk);
        },
      }),
    }),
    read: () => read,
  };
}

const MIB = 1024 * 1024;

describe("what is kept for a resume", () => {
  test("8 MiB unacked: the upstream is read no further, and goes on after the ack", async () => {
    const { opener, read } = endless(64 * 1024);
    const link = clientOf(await hostOf({ openers: new Map([["endless", opener]]) }), { mute: true });
    await link.connect();
    let bytes = 0;
    const onMessage = (message: Buffer) => {
      bytes += message.length;
    };
    const stream = link.open("endless", {}, { credit: 1024 * MIB, onMessage });
    await expect.poll(() => bytes).toBeGreaterThan(LIMITS.linkKeptBytes - 2 * MIB);
    await setTimeout(100);
    expect(bytes).toBeLessThanOrEqual(LIMITS.linkKeptBytes);
    expect(read()).toBeLessThan(LIMITS.linkKeptBytes + MIB);
    const reached = bytes;
    // A signal finds its way all the same.
    expect((await within(2, "a reply", link.call<{ name: string }>("session/hello", {}))).output.name).toBe("puente");
    link.raw(`{"t":"ack","seen":${link.seen()}}\n`);
    await expect.poll(() => bytes).toBeGreaterThan(reached + MIB);
    stream.close();
    await within(5, "the end", stream.over);
  });

  test("a long reply finds its room beside a stream that takes all there is", async () => {
    const root = tempRoot({ big: "x".repeat(3 * MIB) });
    const roots = [{ name: "r", folder: root.folder, access: "read" as const }];
    const host = await hostOf({ roots, openers: new Map([["endless", endless(64 * 1024).opener]]) });
    const link = clientOf(host, { mute: true });
    await link.connect();
    let bytes = 0;
    const onMessage = (message: Buffer) => {
      bytes += message.length;
    };
    const stream = link.open("endless", {}, { credit: 1024 * MIB, onMessage });
    await expect.poll(() => bytes).toBeGreaterThan(LIMITS.linkKeptBytes - 2 * MIB);
    let payload: Buffer | undefined;
    void link.call("files/read", { root: "r", path: "big" }).then((reply) => {
      payload = reply.payload;
    });
    let acked = 0;
    while (payload === undefined && acked < 400) {
      acked += 2;
      link.raw(`{"t":"ack","seen":${acked}}\n`);
      await expect.poll(() => link.seen(), { interval: 1 }).toBeGreaterThan(acked);
      await setTimeout(1);
    }
    expect(payload).toHaveLength(3 * MIB);
    stream.close();
  });

  test("short replies that nobody acks end the session once they pass 8 MiB", async () => {
    const path = Array.from({ length: 15 }, () => "x".repeat(200)).join("/");
    const root = tempRoot({ [path]: "text" });
    const clock = manualClock();
    const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "read" }], clock });
    const link = clientOf(host, { mute: true });
    await link.connect();
    let answered = 0;
    const ask = () =>
      link.call("files/stat", { root: "r", path }).then(
        () => (answered += 1),
        () => undefined, // It was under way when the session was lost.
      );
    while (link.byes.length === 0) {
      clock.pass(1);
      link.raw('{"t":"beat"}\n');
      await Promise.race([Promise.all(Array.from({ length: 60 }, ask)), link.gone()]);
    }
    expect(answered * path.length).toBeGreaterThan(LIMITS.linkKeptBytes - MIB);
    expect(answered * path.length).toBeLessThan(LIMITS.linkKeptBytes + MIB);
    expect(link.byes).toEqual(["session-lost"]);
    expect((await link.connect()).resumed).toBe(false);
  });

  test("120 s unacked: the session is lost, with a goodbye, and its upstreams end", async () => {
    const clock = manualClock();
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream, clock });
    const link = clientOf(host, { mute: true });
    await link.connect();
    const stream = link.open("socket", { path: "/" });
    await stream.opened;
    for (let second = 0; second < LIMITS.linkKeptSeconds; second += 1) {
      clock.pass(1);
      link.raw('{"t":"beat"}\n');
      await link.call("session/hello", {});
    }
    expect(link.byes).toEqual([]);
    clock.pass(1);
    expect(await within(2, "the close", link.gone())).toBe(1008);
    expect(link.byes).toEqual(["session-lost"]);
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
    expect((await link.connect()).resumed).toBe(false);
    expect((await stream.over).problem?.code).toBe("session-lost");
  });

  test("a client that comes back within 120 s goes on, and later it does not", async () => {
    const clock = manualClock();
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream, clock });
    const link = clientOf(host);
    await link.connect();
    const heard: string[] = [];
    const stream = link.open("socket", { path: "/a" }, { onMessage: (message) => heard.push(message.toString()) });
    await stream.opened;
    link.cut();
    await link.gone();
    upstream.count("/a", 1000);
    clock.pass(LIMITS.linkKeptSeconds - 2);
    expect(upstream.open()).toBe(1);
    expect((await link.connect()).resumed).toBe(true);
    await expect.poll(() => heard.length).toBe(1000);
    expect(heard).toEqual(upTo(1000));
    link.cut();
    await link.gone();
    clock.pass(LIMITS.linkKeptSeconds + 2);
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
    expect((await link.connect()).resumed).toBe(false);
    expect((await stream.over).problem?.code).toBe("session-lost");
  });

  test("a call goes on when its client is cut off, and its reply waits", async () => {
    const root = tempRoot();
    const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "write" }] });
    const link = clientOf(host);
    await link.connect();
    const written = link.call("files/write", { root: "r", path: "a", expect: "absent" }, "x".repeat(MIB));
    await expect.poll(() => existsSync(root.at("a")), { interval: 1 }).toBe(true);
    link.cut();
    await link.gone();
    expect((await link.connect()).resumed).toBe(true);
    expect((await within(5, "the reply", written)).output).toMatchObject({ bytes: MIB });
  });
});

describe("a reader that does not read", () => {
  test("costs no more than what is kept, is dropped after 30 s, and may resume", async () => {
    const clock = manualClock();
    const { opener, read } = endless(64 * 1024);
    const host = await hostOf({ openers: new Map([["endless", opener]]), clock });
    const proxy = await startChaosProxy(host.port);
    onTestFinished(() => proxy.close());
    const link = clientOf(host, { via: proxy.port });
    await link.connect();
    const stream = link.open("endless", {}, { credit: 1024 * MIB });
    await stream.opened;
    proxy.stall();
    await setTimeout(300);
    const reached = read();
    await setTimeout(100);
    expect(read()).toBe(reached); // It is at rest.
    expect(reached).toBeLessThan(64 * MIB); // Most of it is with the system and the proxy, or was acked before.
    clock.pass(LIMITS.linkStallSeconds + 2);
    proxy.flow();
    await within(5, "the drop", link.gone());
    expect((await link.connect()).resumed).toBe(true);
    stream.close();
    await within(5, "the end", stream.over);
    expect(link.violations).toEqual([]);
  });

  test("sends that the upstream does not take are a problem of that stream alone", async () => {
    const link = clientOf(await hostOf({ openers: new Map([["stuck", stuck]]) }));
    await link.connect();
    const stream = link.open("stuck", {});
    await stream.opened;
    for (let sent = 0; sent <= LIMITS.linkSendBytes; sent += MIB) stream.send("x".repeat(MIB));
    expect((await within(10, "the problem", stream.over)).problem?.code).toBe("stream-overrun");
    await link.call("session/hello", {});
  });
});

describe("beats", () => {
  test("every 10 s; who says nothing for two of them is dropped, and may resume", async () => {
    const clock = manualClock();
    const frames: string[] = [];
    const link = clientOf(await hostOf({ clock }), { mute: true, onFrame: (frame) => frames.push(frame.toString()) });
    expect((await link.connect()).heartbeatMs).toBe(LIMITS.linkBeatSeconds * 1000);
    clock.pass(LIMITS.linkSilenceSeconds - 1);
    await link.call("session/hello", {});
    expect(frames.filter((frame) => frame === '{"t":"beat"}\n')).toHaveLength(2);
    clock.pass(LIMITS.linkSilenceSeconds - 1);
    link.raw('{"t":"beat"}\n');
    await link.call("session/hello", {});
    clock.pass(LIMITS.linkSilenceSeconds + 1);
    await within(2, "the drop", link.gone());
    expect((await link.connect()).resumed).toBe(true);
  });

  test("who never says hello is dropped after 10 s", async () => {
    const clock = manualClock();
    const host = await hostOf({ clock });
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/v1/link`, {
      headers: { authorization: `Bearer ${host.token}` },
    });
    await new Promise((resolve) => socket.on("open", resolve));
    const closed = new Promise((resolve) => socket.on("close", resolve));
    clock.pass(LIMITS.linkHelloSeconds + 2);
    await within(2, "the drop", closed);
  });
});

describe("many at once", () => {
  test("a busy stream starves neither another stream nor a call", async () => {
    const { opener } = endless(64 * 1024);
    const upstream = await countingUpstream();
    const openers = new Map([["endless", opener]]);
    const link = clientOf(await hostOf({ upstream, openers }));
    await link.connect();
    let bytes = 0;
    const busy = link.open("endless", {}, { credit: 16 * MIB, onMessage: (message) => (bytes += message.length) });
    let others = 0;
    const second = link.open("endless", {}, { credit: MIB, onMessage: (message) => (others += message.length) });
    await expect.poll(() => bytes).toBeGreaterThan(16 * MIB);
    const before = [bytes, others];
    for (let count = 0; count < 50; count += 1) await within(2, "a reply", link.call("session/hello", {}));
    expect(bytes).toBeGreaterThan(before[0] ?? 0);
    expect(others).toBeGreaterThan(before[1] ?? 0);
    for (const stream of [busy, second]) {
      stream.close();
      await within(5, "the end", stream.over);
    }
  });

  test("64 links with 6 streams each", async () => {
    const upstream = await countingUpstream();
    const host = await hostOf({ upstream });
    const tokens = Array.from({ length: 64 / LIMITS.links }, () => host.addToken(["all"]).text);
    const heard: string[][] = [];
    const links = Array.from({ length: 64 }, (_, index) =>
      clientOf(host, { token: tokens[Math.floor(index / LIMITS.links)] ?? "" }),
    );
    for (const link of links) await link.connect();
    const streams = links.flatMap((link, index) =>
      upTo(6).map((name) => {
        const mine: string[] = [];
        heard.push(mine);
        const onMessage = (message: Buffer) => mine.push(message.toString());
        return link.open("socket", { path: `/${index}-${name}?count=100` }, { onMessage });
      }),
    );
    for (const { opened } of streams) await within(10, "a stream", opened);
    expect(upstream.open()).toBe(384);
    await expect.poll(() => heard.every((mine) => mine.length === 100)).toBe(true);
    for (const mine of heard) expect(mine).toEqual(upTo(100));
    for (const link of links) link.raw('{"t":"bye","reason":"leaving"}\n');
    await expect.poll(() => upstream.open()).toBe(0);
  });
});

describe("the daemon ends", () => {
  test("with links open, within 5 s: a write under way is whole and answered, then comes the goodbye", async () => {
    const root = tempRoot();
    const daemon = await startDaemon([{ name: "r", folder: root.folder, access: "write" }]);
    const link = createLinkClient({ port: daemon.port, token: daemon.token });
    onTestFinished(() => link.close());
    await link.connect();
    const waiting = link.call("watch/changes", { root: "r" }).then(() => link.call("watch/changes", { root: "r" }));
    waiting.catch(() => undefined);
    const written = link.call("files/write", { root: "r", path: "a", expect: "absent" }, "x".repeat(3 * MIB));
    await link.call("session/who", {});
    const close = daemon.close();
    expect((await within(5, "the reply", written)).output).toMatchObject({ bytes: 3 * MIB });
    expect(await within(5, "the close", link.gone())).toBe(1001);
    expect(link.byes).toEqual(["shutting-down"]);
    await within(5, "the end", close);
    expect(readFileSync(root.at("a"))).toHaveLength(3 * MIB);
  });
});
