import type { Clock } from "../../daemon/link/clock.ts";

/** Time that passes when a test says so. */
export function manualClock(): Clock & { pass(seconds: number): void } {
  let nowMs = 0;
  const timers = new Set<{ readonly everyMs: number; dueMs: number; act(): void }>();
  return {
    now: () => nowMs,
    every(everyMs, act) {
      const timer = { everyMs, dueMs: nowMs + everyMs, act };
      timers.add(timer);
      return { stop: () => void timers.delete(timer) };
    },
    pass(seconds) {
      for (const endMs = nowMs + seconds * 1000; nowMs < endMs; ) {
        const nextMs = Math.min(endMs, ...[...timers].map(({ dueMs }) => dueMs));
        nowMs = nextMs;
        for (const timer of timers) {
          if (timer.dueMs > nowMs) continue;
          timer.dueMs += timer.everyMs;
          timer.act();
        }
      }
    },
  };
}
