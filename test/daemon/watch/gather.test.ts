import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createGather } from "../../../daemon/watch/gather.js";

/** What comes so far apart comes without a pause. */
const STEP_MS = 1;

// A machine that is busy makes pauses of its own; where a batch ends shall not depend on them.
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

/** When each batch is told, where something comes without a pause from 0 up to `lastMs`. */
function batchesOf(lastMs: number): number[] {
  const toldMs: number[] = [];
  const gather = createGather(() => toldMs.push(Date.now()));
  onTestFinished(() => gather.close());
  gather.add();
  for (let atMs = 0; atMs < lastMs; atMs += STEP_MS) {
    vi.advanceTimersByTime(STEP_MS);
    gather.add();
  }
  vi.runAllTimers();
  return toldMs;
}

test("one thing is a batch, 2 ms after it came", () => {
  expect(batchesOf(0)).toEqual([2]);
});

test("what comes without a pause is one batch, 2 ms after its end", () => {
  expect(batchesOf(15)).toEqual([17]);
});

test("what does not end is told of all the same, each 20 ms", () => {
  expect(batchesOf(70)).toEqual([20, 40, 60, 72]);
});

test("a pause ends a batch", () => {
  const toldMs: number[] = [];
  const gather = createGather(() => toldMs.push(Date.now()));
  gather.add();
  vi.advanceTimersByTime(10);
  gather.add();
  vi.advanceTimersByTime(10);
  expect(toldMs).toEqual([2, 12]);
});

test("nothing is told after the end", () => {
  const onBatch = vi.fn();
  const gather = createGather(onBatch);
  gather.add();
  gather.close();
  vi.runAllTimers();
  expect(onBatch).not.toHaveBeenCalled();
});
