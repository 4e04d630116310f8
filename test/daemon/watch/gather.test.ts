import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createGather } from "../../../daemon/watch/gather.js";

/** How many batches are made of what comes without a pause for so long. */
async function batchesOf(milliseconds: number): Promise<number> {
  let batches = 0;
  const gather = createGather(() => {
    batches += 1;
  });
  onTestFinished(() => gather.close());
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    gather.add();
    await setImmediate();
  }
  await expect.poll(() => batches).toBeGreaterThan(0);
  return batches;
}

test("one thing is a batch", async () => {
  expect(await batchesOf(1)).toBe(1);
});

test("what comes without a pause is one batch, unless the machine makes the pause", async () => {
  // One each 2 ms would be 25.
  expect(await batchesOf(50)).toBeLessThanOrEqual(3);
});

test("what does not end is told of all the same", async () => {
  expect(await batchesOf(350)).toBeGreaterThanOrEqual(3);
});
