import { expect, onTestFinished, test } from "vitest";
import { LIMITS } from "../../shared/protocol.js";
import { randomFrom } from "../support/random.js";
import { type ChaosScene, type Counted, type Outcomes, setChaos } from "./chaos-scene.js";
import type { Switches } from "./stand-in/index.js";

/** `PUENTE_SEED` repeats a run, as far as the machine's timing does; `PUENTE_CUTS` makes it longer. */
const SEED = Number(process.env["PUENTE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const CUTS = Number(process.env["PUENTE_CUTS"] ?? 1000);
/** Of each Studio: stalls that are longer than the link's silence may be. */
const SILENCES = 3;
/**
 * So that the plugin's waits, of half a second and more, do not make this take ten minutes. Not more: its limits of time
 * are shortened by it too, and a busy machine is not to pass them.
 */
const TIME_SCALE = 4;

/** A Studio each, at once. */
const STUDIOS: readonly Partial<Switches>[] = [
  {},
  { signals: "deferred", streamFailure: "ErrorThenClosed" },
  { streamEventsAt: "arrival", streamFailure: "ClosedThenError", closeFires: "deferred" },
  { signals: "deferred", streamEventsAt: "arrival", errorAfterClose: true },
];

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function chaosWith(switches: Partial<Switches>): Promise<ChaosScene> {
  const scene = await setChaos({ timeScale: TIME_SCALE, ...switches });
  onTestFinished(() => scene.close());
  await scene.begin();
  return scene;
}

/** Cuts so often, wherever the traffic is; one time in ten, perhaps again before the link is back. */
async function cutAtRandom(scene: ChaosScene, cuts: number, random: () => number): Promise<void> {
  const { proxy } = scene;
  const pick = (most: number) => Math.floor(random() * most);
  const stop = proxy.cuts() + cuts;
  while (proxy.cuts() < stop) {
    const before = proxy.cuts();
    const { ups } = await scene.told();
    const kind = random();
    proxy.split(kind < 0.1 ? 1 : kind < 0.4 ? 1 + pick(700) : 0);
    if (random() < 0.1) {
      proxy.stall();
      await wait(pick(100));
      proxy.flow();
    }
    if (random() < 0.5) proxy.cutAfter(1 + pick(10_000), random() < 0.5 ? "client" : "server");
    await wait(pick(60));
    if (proxy.cuts() === before) proxy.cut();
    if (random() < 0.9) await scene.up(ups);
    else await wait(pick(80));
  }
  proxy.split(0);
}

/** Nothing passes until the plugin itself has given the connection up. */
async function silence({ proxy, studio, told }: ChaosScene): Promise<void> {
  const before = (await told()).silences;
  // What was cut just before is no silence.
  for (let tries = 0; tries < 3 && (await told()).silences === before; tries += 1) {
    await studio.until("the link to be up", `_G.link:state().stage == "up"`);
    proxy.stall();
    await studio.until("the connection to be given up", `_G.link:state().stage ~= "up"`, { seconds: 30 });
    proxy.flow();
  }
  // More than one where the machine itself stood still for so long.
  expect((await told()).silences, "connections given up for their silence").toBeGreaterThan(before);
}

/** Nothing was done twice, what has succeeded was done, and only what met a link that was down may have failed. */
function expectOnce({ writes, reads, opens }: Outcomes, { written, asked }: ChaosScene, what: string): void {
  const failed = (outcome: string) => outcome !== "ok" && !outcome.startsWith("down ");
  expect([...Object.values(writes), ...reads, ...opens].filter(failed), what).toEqual([]);
  for (const [name, contents] of written) expect(contents, `${name} (${what})`).toEqual([`content of ${name}`]);
  for (const [name, outcome] of Object.entries(writes)) {
    if (outcome === "ok") expect(written.has(name), `${name} (${what})`).toBe(true);
  }
  for (const [path, times] of asked) expect(times, `${path} (${what})`).toBe(1);
}

/** Each message has come once and in order. */
function expectInOrder({ sent, arrived, told, heard }: Counted, what: string): void {
  expect(arrived, `to the origin (${what})`).toEqual(upTo(sent));
  for (const [name, { signals, numbers }] of Object.entries(heard)) {
    expect(signals, `${name} (${what})`).toEqual(["Opened", "Closed"]);
    expect(numbers, `${name} (${what})`).toEqual(upTo(told));
  }
}

test(`${CUTS} cuts in mixed traffic: every message once and in order, every call executed once (PUENTE_SEED=${SEED})`, async () => {
  async function run(switches: Partial<Switches>, index: number): Promise<void> {
    const what = `PUENTE_SEED=${SEED}, Studio ${index}`;
    const random = randomFrom(SEED + index);
    const scene = await chaosWith(switches);
    for (let part = 0; part < SILENCES; part += 1) {
      await cutAtRandom(scene, Math.ceil(CUTS / STUDIOS.length / SILENCES), random);
      await silence(scene);
    }
    const { sessions, ups } = await scene.told();
    expect(sessions, what).toBe(1);
    expect(ups, what).toBeGreaterThan(CUTS / STUDIOS.length / 2);
    const outcomes = await scene.stop();
    expectOnce(outcomes, scene, what);
    // How many succeed between two cuts is a matter of the machine; there was traffic to be cut in any case.
    for (const list of [Object.values(outcomes.writes), outcomes.reads, outcomes.opens]) {
      expect(list.filter((outcome) => outcome === "ok").length, what).toBeGreaterThan(CUTS / STUDIOS.length / 10);
    }
    await scene.finish();
    expectInOrder(await scene.counted(), what);
  }
  await Promise.all(STUDIOS.map(run));
}, 600_000);

test("a link that is gone for longer than what is kept has lost its session: each stream is told so, once", async () => {
  const SCALE = 20;
  const scene = await chaosWith({ timeScale: SCALE });
  await scene.studio.until("numbers", "#_G.heard.SSE > 20 and _G.sent > 20");
  const since = performance.now();
  scene.proxy.stall();
  await scene.hear(/^Error/, "WebSocket", 30);
  expect((performance.now() - since) / 1000).toBeGreaterThan((LIMITS.linkKeptSeconds / SCALE) * 0.9);
  const { ups } = await scene.told();
  scene.proxy.flow();
  await scene.up(ups);
  await scene.run(`bridge.files:write("data", "w9-1", "content of w9-1", "absent"):expect()`);
  expectOnce(await scene.stop(), scene, "after the loss");
  expect(scene.written.has("w9-1")).toBe(true);
  expect((await scene.told()).sessions).toBe(2);
  const { arrived, heard } = await scene.counted();
  expect(arrived).toEqual(upTo(arrived.length));
  for (const [name, { signals, numbers }] of Object.entries(heard)) {
    expect(signals, name).toEqual(["Opened", "Error"]);
    expect(numbers, name).toEqual(upTo(numbers.length));
    expect((await scene.heard(name)).at(-1)).toMatch(/^Error 410 session-lost: /);
  }
});
