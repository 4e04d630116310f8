/** Seconds of one frame that all work which can wait has together: the rest is the engine's and the other plugins'. */
const ROOM_SECONDS = 0.0015;
/** So many frames without room one thing may have to wait. */
const MOST_MISSED = 2;

// State of a module, the only one: a frame is one for all that runs in it.
let usedSeconds = 0;
let isCounting = false;

/** Counts what is used until it is forgotten at the beginning of the next frame. */
function countUsed(seconds: number): void {
  usedSeconds += seconds;
  if (isCounting) return;
  isCounting = true;
  task.delay(0, () => {
    usedSeconds = 0;
    isCounting = false;
  });
}

/**
 * Work that can wait, over as many frames as it needs, so that none is held up: from the next frame on `step` is called
 * where other work of this kind has left room, in one frame of three at least, and again while there is room.
 * @param step does a little; answers whether all is done.
 * @returns the thread, to be cancelled.
 */
export function overFrames(step: () => boolean): thread {
  return task.spawn(() => {
    let missed = 0;
    for (;;) {
      task.wait();
      if (usedSeconds >= ROOM_SECONDS && missed < MOST_MISSED) {
        missed += 1;
        continue;
      }
      missed = 0;
      do {
        const began = os.clock();
        const isDone = step();
        countUsed(os.clock() - began);
        if (isDone) return;
      } while (usedSeconds < ROOM_SECONDS);
    }
  });
}
