import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./stand-in/index.ts";
import { httpServer, type Listening, untilTold, watching } from "./stand-in-streams-watch.ts";

const SCALE = 20;

let studio: Studio;
let silent: Listening;
beforeAll(async () => {
  studio = await startStudio({ plugins: [], switches: { timeScale: SCALE, quotaPerMinute: 4 } });
  silent = await httpServer((request, response) => {
    if (request.url === "/events") response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
  });
});
afterAll(async () => {
  await studio.close();
  await silent.close();
});

/** Answers how many of our seconds something takes. */
async function lasts(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function expectNear(seconds: number, wanted: number): void {
  expect(seconds).toBeGreaterThan(wanted * 0.95);
  expect(seconds).toBeLessThan(wanted + 1);
}

test("ten seconds of Studio's are half a second of ours, on every clock that Luau has", async () => {
  const clocks = "{ os.clock(), os.time(), tick(), time(), DateTime.now().UnixTimestampMillis / 1000 }";
  let passed: number[] = [];
  const seconds = await lasts(async () => {
    passed = await studio.run<number[]>(`
      local before = ${clocks}
      local steps = 0
      local steady = game:GetService("RunService").Heartbeat:Connect(function(step) steps += step end)
      local delayed
      task.delay(9, function() delayed = os.clock() - before[1] end)
      local waited = task.wait(10)
      steady:Disconnect()
      local passed = ${clocks}
      for index, value in before do passed[index] -= value end
      return { waited, delayed + 1, steps, table.unpack(passed) }`);
  });
  expectNear(seconds, 10 / SCALE);
  for (const each of passed) expect(Math.abs(each - seconds * SCALE)).toBeLessThan(2);
});

test("Studio's limits of time are as much shorter: a request's Timeout, a stream's silence, the quota's minute", async () => {
  const http = `game:GetService("HttpService")`;
  const ask = (more: string) =>
    `pcall(function() return ${http}:RequestAsync({ Url = "http://${silent.host}/"${more} }) end)`;
  const first = performance.now();
  let answer: unknown;
  expectNear(await lasts(async () => (answer = await studio.run(`return { ${ask(", Timeout = 10")} }`))), 10 / SCALE);
  expect(answer).toEqual([false, "HttpError: Timedout"]);

  await studio.run(watching("quiet", "SSE", `http://${silent.host}/events`));
  expect((await untilTold(studio, "quiet", "Opened")).length).toBe(1);
  expectNear(await lasts(() => untilTold(studio, "quiet", "Error")), 20 / SCALE);

  const spent = `select(2, ${ask(", Timeout = 1")}) == "Number of requests exceeded limit"`;
  await studio.until("the quota to be spent", spent);
  await studio.until("its first request to be a minute ago", `not (${spent})`);
  expectNear((performance.now() - first) / 1000, 60 / SCALE);
});

test("what the test waits, and what it is told of Studio's speed, is in our time", async () => {
  const seconds = await lasts(() => expect(studio.until("never", "false", { seconds: 0.5 })).rejects.toThrow("0.5 s"));
  expectNear(seconds, 0.5);
  await studio.run("local now = os.clock() repeat until os.clock() - now > 1");
  const { longestResumptionMilliseconds } = await studio.stats();
  expect(longestResumptionMilliseconds).toBeGreaterThan(1000 / SCALE - 1);
  expect(longestResumptionMilliseconds).toBeLessThan(1000);
});
