/** Calls `frame` every `milliseconds`, one at a time; a frame that takes longer delays the next. Answers the stop. */
export function framesEvery(milliseconds: number, frame: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const turn = async () => {
    const start = performance.now();
    await frame();
    if (!stopped) timer = setTimeout(turn, Math.max(0, milliseconds - (performance.now() - start)));
  };
  timer = setTimeout(turn, milliseconds);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
