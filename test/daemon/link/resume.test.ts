import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type ChaosProxy, startChaosProxy } from "../../support/chaos-proxy.js";
import { within } from "../../support/deadline.js";
import { randomFrom } from "../../support/random.js";
import { tempRoot } from "../../support/temp-root.js";
import { clientOf, countingUpstream, hostOf, upTo } from "./upstreams.js";

async function proxyTo(port: number): Promise<ChaosProxy> {
  const proxy = await startChaosProxy(port);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** A place to write to, an upstream that counts, and a client that comes back by itself through a proxy. */
async function scene() {
  const root = tempRoot();
  const upstream = await countingUpstream();
  const host = await hostOf({ roots: [{ name: "r", folder: root.folder, access: "write" }], upstream });
  const proxy = await proxyTo(host.port);
  return { root, upstream, host, proxy };
}

test("a cut loses nothing and repeats nothing, wherever it falls: after every byte towards Studio, and away from it", async () => {
  const { upstream, host, proxy, root } = await scene();
  let runs = 0;
  async function run(): Promise<void> {
    runs += 1;
    const link = clientOf(host, { via: proxy.port, endless: true });
    const heard: string[] = [];
    link.connect().catch(() => undefined); // It comes back by itself.
    const path = `/run${runs}`;
    const stream = link.open("socket", { path: `${path}?count=3` }, { onMessage: (m) => heard.push(m.toString()) });
    const written = link.call("files/write", { root: "r", path: `${runs}`, expect: "absent" }, "text");
    for (const text of upTo(3)) stream.send(text);
    await within(5, `the call of run ${runs}`, written);
    await expect.poll(() => [heard.length, upstream.told.get(path)?.length], { interval: 1 }).toEqual([3, 3]);
    stream.close();
    await within(5, `the end of run ${runs}`, stream.over);
    expect({ heard, told: upstream.told.get(path) }).toEqual({ heard: upTo(3), told: upTo(3) });
    expect({ violations: link.violations, losses: link.losses() }).toEqual({ violations: [], losses: 0 });
    link.close();
  }
  await run();
  const whole = { ...proxy.passed };
  expect(whole.client).toBeGreaterThan(500);
  for (const towards of ["client", "server"] as const) {
    for (let bytes = 1; bytes <= whole[towards]; bytes += 1) {
      proxy.cutAfter(bytes, towards);
      await run();
    }
  }
  expect(readdirSync(root.folder)).toHaveLength(runs);
});

// The thousand of test/studio/link-chaos.test.ts go through the plugin, which waits before it comes back and drops what
// came before. Here the client comes back at once, with little credit, and counts whatever the daemon sends twice.
test("100 random cuts, stalls and splits: every message once and in order, every call executed once", async () => {
  const CUTS = 100;
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const what = `SEED=${seed}`;
  const random = randomFrom(seed);
  const pick = (most: number) => Math.floor(random() * most);
  const { upstream, host, proxy, root } = await scene();
  const link = clientOf(host, { via: proxy.port, endless: true });
  await link.connect();
  const heard = Array.from({ length: 4 }, () => [] as string[]);
  const streams = heard.map((mine, index) =>
    link.open(
      "socket",
      { path: `/${index}?count=10` },
      { credit: 4096, onMessage: (message) => mine.push(message.toString()) },
    ),
  );
  for (const stream of streams) await stream.opened;
  const answers: Promise<unknown>[] = [];
  let counted = 10;
  async function rest(): Promise<void> {
    for (let turns = pick(40); turns > 0; turns -= 1) await setImmediate();
  }
  for (let cuts = 1; cuts <= CUTS; cuts += 1) {
    const input = { root: "r", path: `${cuts}`, expect: "absent" };
    answers.push(link.call("files/write", input, "x".repeat(pick(3000))));
    const more = pick(200);
    counted += more;
    for (const [index, stream] of streams.entries()) {
      stream.send(`${cuts}`);
      upstream.count(`/${index}`, more);
    }
    proxy.split(pick(3) === 0 ? 1 + pick(40) : 0);
    if (pick(10) === 0) {
      proxy.stall();
      await rest();
      proxy.flow();
    }
    const welcomes = link.welcomes();
    if (pick(2) === 0) proxy.cutAfter(1 + pick(4000), pick(2) === 0 ? "client" : "server");
    await rest();
    proxy.cut();
    // Most cuts meet a link that is in use again; the others one that is only being made.
    if (pick(5) > 0) await expect.poll(() => link.welcomes(), { interval: 1, message: what }).toBeGreaterThan(welcomes);
    await rest();
  }
  proxy.split(0);
  expect(link.welcomes(), what).toBeGreaterThan(CUTS / 2);
  await within(30, `every reply (${what})`, Promise.all(answers));
  const lengths = () => heard.map((mine) => mine.length);
  await expect.poll(lengths, { timeout: 30_000, message: what }).toEqual(heard.map(() => counted));
  for (const [index, mine] of heard.entries()) {
    await expect.poll(() => upstream.told.get(`/${index}`)?.length, { message: what }).toBe(CUTS);
    expect(mine, what).toEqual(upTo(counted));
    expect(upstream.told.get(`/${index}`), what).toEqual(upTo(CUTS));
  }
  expect(readdirSync(root.folder), what).toHaveLength(CUTS);
  expect({ violations: link.violations, losses: link.losses() }, what).toEqual({ violations: [], losses: 0 });
});
