import type { ToPage } from "../screen/protocol.ts";

/** So that measures of a long session do not pile up. */
const KEPT_MEASURES = 1_000;

export interface Batches {
  add(message: ToPage): void;
  /** What was added before is applied from now on. */
  start(): void;
}

/** Applies messages in their order, all that have come before a frame in that one frame. */
export function batches(apply: (messages: readonly ToPage[]) => void): Batches {
  let waiting: ToPage[] = [];
  let frame = 0;
  let started = false;
  let measured = 0;

  const flush = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    if (waiting.length === 0) return;
    const messages = waiting;
    waiting = [];
    const start = performance.now();
    apply(messages);
    if (measured === KEPT_MEASURES) {
      performance.clearMeasures("studio-batch");
      measured = 0;
    }
    measured += 1;
    const ops = messages.reduce((sum, { draw }) => sum + (draw?.length ?? 0), 0);
    performance.measure("studio-batch", { start, end: performance.now(), detail: { ops } });
  };

  /** A page in the background gets no frames, and would keep everything until it is looked at. */
  const schedule = (): void => {
    if (!started) return;
    if (document.hidden) flush();
    else if (frame === 0) frame = requestAnimationFrame(flush);
  };
  document.addEventListener("visibilitychange", schedule);

  return {
    add(message) {
      waiting.push(message);
      schedule();
    },
    start() {
      started = true;
      if (waiting.length > 0) schedule();
    },
  };
}
